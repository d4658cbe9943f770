import { defineErrors, exitCodes } from '@squall/errors'

export const snowflakeErrors = defineErrors({
  SNOWFLAKE_SIGN_IN_FAILED: {
    summary: 'Snowflake refused the user name, password, key or token.',
    hint: 'Check the account, the user and its credentials; the message is from Snowflake.',
    exitCode: exitCodes.targetUnreachable,
  },
  SNOWFLAKE_UNREACHABLE: {
    summary: 'Snowflake did not answer: the network, the address, or the service failed.',
    hint: 'Check the account identifier, the network and the status of Snowflake, then try again.',
    exitCode: exitCodes.targetUnreachable,
  },
  SNOWFLAKE_QUERY_FAILED: {
    summary: 'Snowflake refused or failed a statement.',
    hint: 'Mend the statement at the place the message names.',
    exitCode: exitCodes.badInput,
  },
  SNOWFLAKE_QUERY_TIMEOUT: {
    summary: 'A statement ran longer than its time limit and was cancelled in Snowflake.',
    hint: 'Ask for less data, add a filter, or raise the time limit.',
    exitCode: exitCodes.targetUnreachable,
  },
  SNOWFLAKE_QUERY_CANCELLED: {
    summary: 'A statement was cancelled before it ended.',
    hint: 'Run it again if it was not you who cancelled it.',
    exitCode: exitCodes.stopped,
  },
  SNOWFLAKE_SESSION_LOST: {
    summary: 'The session in Snowflake ended or expired; the statement may be run again on a new one.',
    hint: 'Try again: a new session is opened.',
    exitCode: exitCodes.targetUnreachable,
  },
  SNOWFLAKE_BAD_OPTIONS: {
    summary: 'The settings for signing in to Snowflake cannot be used.',
    hint: 'Correct the settings named above.',
    exitCode: exitCodes.badInput,
  },
  SNOWFLAKE_FILES_REFUSED: {
    summary: 'A statement would have read or written files of this machine; PUT and GET are never run.',
    hint: 'Move files with a client made for it.',
    exitCode: exitCodes.badInput,
  },
  SNOWFLAKE_LAST_RESULT_REFUSED: {
    summary: 'A statement asked for the last statement of a session in which others ran theirs before; it was not sent.',
    hint: 'Name the statement by its own query id.',
    exitCode: exitCodes.badInput,
  },
  SNOWFLAKE_BAD_VALUE: {
    summary: 'Snowflake sent a value or a reply that could not be read.',
    hint: 'Leave out or cast the column the message names; if it stays, report it with the query id.',
    exitCode: exitCodes.targetUnreachable,
  },
})
