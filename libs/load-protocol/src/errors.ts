import { defineErrors, exitCodes } from '@squall/errors'

export const loadProtocolErrors = defineErrors({
  PROTOCOL_VERSION_MISMATCH: {
    summary: 'A generator speaks another version of the protocol than the controller.',
    hint: 'Run the same version of Squall everywhere.',
    exitCode: exitCodes.machine,
  },
  PROTOCOL_BAD_MESSAGE: {
    summary: 'A message between controller and generator does not have the agreed shape.',
    hint: 'This is a defect in Squall, or something else writes to its channel; please report it.',
    exitCode: exitCodes.internal,
  },
})
