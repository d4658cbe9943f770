import { defineErrors, exitCodes } from '@squall/errors'

export const fabricErrors = defineErrors({
  FABRIC_GENERATOR_DID_NOT_START: {
    summary: 'A generator process ended, or stayed silent, before it was ready to make load.',
    hint: 'Try fewer workers (--workers 1); the machine may be out of memory, processes or file handles.',
    exitCode: exitCodes.machine,
  },
  FABRIC_GENERATOR_REFUSED: {
    summary: 'A generator could not prepare its share of the plan.',
    hint: "The message above is the generator's own.",
    exitCode: exitCodes.internal,
  },
})
