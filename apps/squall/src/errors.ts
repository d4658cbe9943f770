import { defineErrors, exitCodes } from '@squall/errors'

export const squallErrors = defineErrors({
  SQUALL_BAD_OPTIONS: {
    summary: 'Options, environment variables or the configuration file hold wrong values.',
    hint: 'squall run --help shows every option with its environment variable and its place in squall.config.json.',
    exitCode: exitCodes.badInput,
  },
  SQUALL_NO_SUCH_PACK: {
    summary: 'The pack named is neither a file or folder, nor one that comes with Squall.',
    hint: 'Give the path of a pack file or of its folder, or the name of a shipped pack.',
    exitCode: exitCodes.badInput,
  },
  SQUALL_SERVER_DID_NOT_START: {
    summary: 'The embedded Snowflake MCP server, which is started where no target is named, did not become ready.',
    hint: 'Its own message stands above; or name a server that runs already with --target URL.',
    exitCode: exitCodes.machine,
  },
  SQUALL_STOPPED_EARLY: {
    summary: 'The user stopped the run before any load began, so there is no report.',
    hint: 'Start it again when ready.',
    exitCode: exitCodes.stopped,
  },
})
