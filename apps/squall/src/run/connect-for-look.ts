import type { LoadPlan } from '@squall/load-plan'
import type { ClientIdentity, McpConnection } from '@squall/mcp-wire'
import { GeneratorRecorder } from '@squall/metrics'
import { systemClock } from '@squall/time'
import { connectAs } from '@squall/virtual-client'
import { squallVersion } from '../squall-version.ts'

/** Who asks before there is load. */
export const lookerIdentity: ClientIdentity = { clientInfo: { name: 'squall', version: squallVersion }, capabilities: {} }

/** A server that starts its database first may be slow, but a person is waiting. */
const lookTimeoutMs = 10_000

/** A line to the target as the clients of the first scenario would open it. Nothing is sent yet. */
export function connectForLook(plan: LoadPlan): McpConnection {
  const [scenario] = plan.scenarios
  if (scenario === undefined) throw new Error('a plan has at least one scenario')
  const host = { clock: systemClock, recorder: new GeneratorRecorder(), seed: plan.seed }
  return connectAs({ ...plan, requestTimeoutMs: Math.min(plan.requestTimeoutMs, lookTimeoutMs) }, scenario, host)
}
