import type { LoadPlan } from '@squall/load-plan'
import type { ClientHost } from './client-host.ts'
import { findConnector } from './connect.ts'
import { compileScenario } from './scenario.ts'
import { SimulatedClient } from './simulated-client.ts'
import type { ClientFactory } from './virtual-client.ts'

/**
 * One factory for each scenario of the plan, in its order, with its flow compiled.
 * @throws CodedError `CLIENT_FLOW_INVALID`, `CLIENT_KIND_UNKNOWN` or `CLIENT_TRANSPORT_UNKNOWN`.
 */
export function createClientFactories(plan: LoadPlan, host: ClientHost): readonly ClientFactory[] {
  return plan.scenarios.map((scenarioPlan) => {
    const scenario = compileScenario(plan, scenarioPlan, host)
    // Asked for now, so that an unknown transport is reported before the run and not by its first client.
    findConnector(scenario)
    const { name, weight } = scenarioPlan
    return {
      scenario: name,
      weight,
      retarget: (target) => scenario.destination.change(target),
      create: (index, variables, observer) => new SimulatedClient(scenario, index, variables, observer),
    }
  })
}
