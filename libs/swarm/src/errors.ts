import { defineErrors, exitCodes } from '@squall/errors'

export const swarmErrors = defineErrors({
  SWARM_NO_FACTORY: {
    summary: 'A plan names a scenario for which the generator was given no way to make clients.',
    hint: 'This is a defect in Squall: please report it with the pack that shows it.',
    exitCode: exitCodes.internal,
  },
})
