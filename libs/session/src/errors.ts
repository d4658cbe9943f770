import { defineErrors, exitCodes } from '@squall/errors'

export const sessionErrors = defineErrors({
  SESSION_LIMIT_REACHED: {
    summary: 'The server holds as many client sessions as it may, and every one of them is busy, so none could make room.',
    hint: 'Try again in a moment, end sessions that are no longer needed with DELETE, or raise the limit of sessions.',
    exitCode: exitCodes.machine,
  },
  SESSION_UNKNOWN: {
    summary: 'The session named by the request does not exist: it ended, expired, made room for another, or never was.',
    hint: 'Open a new session with `initialize`.',
    exitCode: exitCodes.badInput,
  },
})
