import type { LoadPlan, ScenarioPlan } from '@squall/load-plan'
import type { McpConnection } from '@squall/mcp-wire'
import { seededRandom } from '@squall/time'
import { initialVariables } from './client-data.ts'
import type { ClientHost } from './client-host.ts'
import { findConnector } from './connect.ts'
import { compileScenario } from './scenario.ts'

/**
 * A line to the plan's target as the clients of a scenario open theirs, with the same transport, headers and credentials: for
 * whoever looks at a target before there is load. Nothing is sent yet.
 * @throws CodedError of the scenario or of the transport.
 */
export function connectAs(plan: LoadPlan, scenario: ScenarioPlan, host: ClientHost): McpConnection {
  const compiled = compileScenario(plan, scenario, host)
  const random = seededRandom(host.seed, 0)
  return findConnector(compiled)(compiled, { random, variables: initialVariables(plan, random) })
}
