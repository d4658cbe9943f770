import { chooseScenarios, type LoadPlan } from '@squall/load-plan'
import type { ClientFactory, VirtualClient } from '@squall/virtual-client'
import { CodedError } from '@squall/errors'
import { swarmErrors } from './errors.ts'

/** Makes the client that has this index in the whole run, of the scenario its index falls to. */
export type Cast = (index: number) => VirtualClient

/**
 * @throws SWARM_NO_FACTORY where a scenario of the plan has no factory.
 */
export function createCast(plan: LoadPlan, factories: readonly ClientFactory[]): Cast {
  const inOrder = plan.scenarios.map(({ name }) => {
    const factory = factories.find(({ scenario }) => scenario === name)
    if (factory === undefined)
      throw new CodedError(swarmErrors.SWARM_NO_FACTORY, { message: `No clients can be made for the scenario “${name}”.` })
    return factory
  })
  const choose = chooseScenarios(plan)
  return (index) => {
    const factory = inOrder[choose(index)]
    if (factory === undefined) throw new CodedError(swarmErrors.SWARM_NO_FACTORY, { message: 'The plan has no scenario.' })
    return factory.create(index)
  }
}
