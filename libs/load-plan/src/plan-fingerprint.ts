import { createHash } from 'node:crypto'
import type { LoadPlan, ScenarioPlan } from './load-plan.ts'

/**
 * What makes two runs comparable, as a short text: the same for plans that put the same load on different targets. Left out are the target and
 * how it is reached, the seed, credentials and variables, and thresholds, which judge the load and do not make it.
 */
export function planFingerprint({ model, scenarios, payloads, requestTimeoutMs, maxLagMs, warmUpMs, name }: LoadPlan): string {
  const load = {
    name,
    model,
    payloads,
    requestTimeoutMs,
    maxLagMs,
    warmUpMs,
    scenarios: scenarios.map(loadOf),
  }
  return createHash('sha256').update(JSON.stringify(load)).digest('hex').slice(0, 16)
}

/** A scenario without what lets its clients in. */
function loadOf({ client, ...scenario }: ScenarioPlan): object {
  const { clientKind, transport, protocolVersion, lifeCycles, answers } = client
  return { ...scenario, client: { clientKind, transport, protocolVersion, lifeCycles, answers } }
}
