import { defineErrors, exitCodes } from '@squall/errors'

export const programErrors = defineErrors({
  PROGRAM_DID_NOT_START: {
    summary: 'A program that Squall starts for itself ended, or stayed silent, before it was ready.',
    hint: 'Read its last output above; start it by hand to see more.',
    exitCode: exitCodes.machine,
  },
})
