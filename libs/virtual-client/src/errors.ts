import { defineErrors, exitCodes } from '@squall/errors'

export const virtualClientErrors = defineErrors({
  CLIENT_FLOW_INVALID: {
    summary: 'The flow of a scenario has steps or values that virtual clients do not know.',
    hint: 'Mend the places listed; `squall check` shows them before a run.',
    exitCode: exitCodes.badInput,
  },
  CLIENT_FUNCTION_UNKNOWN: {
    summary: 'A flow names a function that the processor of the pack does not export, or that cannot be used at that place.',
    hint: 'Export the function from the module under `config.processor`, or use one of those listed; one of a condition must not be async.',
    exitCode: exitCodes.badInput,
  },
  CLIENT_PROCESSOR_UNREADABLE: {
    summary: 'The module under `config.processor` could not be loaded.',
    hint: 'Mend what the message says; the module is run by Node as it is, with types left out.',
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
