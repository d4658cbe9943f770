import { defineErrors, exitCodes } from '@squall/errors'

export const virtualClientErrors = defineErrors({
  CLIENT_FLOW_INVALID: {
    summary: 'The flow of a scenario has steps or values that virtual clients do not know.',
    hint: 'Mend the places listed; `squall check` shows them before a run.',
    exitCode: exitCodes.badInput,
  },
  CLIENT_KIND_UNKNOWN: {
    summary: 'A scenario names a client kind that does not exist.',
    hint: 'Use one of the kinds listed in the message.',
    exitCode: exitCodes.badInput,
  },
  CLIENT_TRANSPORT_UNKNOWN: {
    summary: 'A scenario asks for a transport or a protocol version that virtual clients do not speak.',
    hint: 'Use one of those listed in the message.',
    exitCode: exitCodes.badInput,
  },
})
