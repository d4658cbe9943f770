import { defineErrors, exitCodes } from '@squall/errors'

export const snowflakeMcpErrors = defineErrors({
  SNOWFLAKE_MCP_BAD_CONFIGURATION: {
    summary: 'snowflake-mcp was given options, environment variables or a configuration file it cannot use.',
    hint: '`snowflake-mcp --help` lists every setting with its option, variable, file key and an example.',
    exitCode: exitCodes.badInput,
  },
  SNOWFLAKE_MCP_OPEN_TO_ALL: {
    summary: 'snowflake-mcp was told to listen beyond this machine, and was given no way to tell who calls.',
    hint: 'Name a file of API keys or an authorization server, or listen on 127.0.0.1.',
    exitCode: exitCodes.badInput,
  },
  SNOWFLAKE_MCP_EMBEDDED_DOWN: {
    summary: 'The embedded Snowflake ended by itself and is being started again; nothing was run.',
    hint: 'Try again in a few seconds; `/health` says when it is back.',
    exitCode: exitCodes.machine,
  },
  SNOWFLAKE_MCP_AUDIT_UNAVAILABLE: {
    summary: 'The audit trail cannot be written, and the server runs no call it could not account for.',
    hint: 'Free space on the disk or mend the path; calls run again as soon as lines can be written. `--audit-when-failing count` lets them run regardless.',
    exitCode: exitCodes.machine,
  },
  SNOWFLAKE_MCP_NO_SIGN_IN: {
    summary: 'The caller has no sign-in to Snowflake of its own, and may not use the server’s.',
    hint: 'Add the caller to the principals file, or let it send a token for Snowflake.',
    exitCode: exitCodes.badInput,
  },
})
