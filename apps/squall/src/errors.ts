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
  SQUALL_NO_ARTILLERY: {
    summary: 'The runner artillery needs the stock Artillery, which is not installed beside the pack, here, or beside Squall.',
    hint: 'npm install artillery@2.0.34 artillery-engine-mcp, or leave out --runner.',
    exitCode: exitCodes.machine,
  },
  SQUALL_RUNNER_CANNOT: {
    summary: 'Stock Artillery cannot make the load of this pack.',
    hint: 'Leave out --runner artillery, or give the pack config.phases with whole numbers of arrivals.',
    exitCode: exitCodes.badInput,
  },
  SQUALL_ARTILLERY_FAILED: {
    summary: 'Stock Artillery ended without a report.',
    hint: 'Its own words stand in the message; artillery run PACK shows all of them.',
    exitCode: exitCodes.machine,
  },
  SQUALL_SERVER_DID_NOT_START: {
    summary: 'The embedded Snowflake MCP server, which is started where no target is named, did not become ready.',
    hint: 'Its own message stands above; or name a server that runs already with --target URL.',
    exitCode: exitCodes.machine,
  },
  SQUALL_COMMAND_DID_NOT_START: {
    summary: 'A command given as a server to compare did not print the address it listens on.',
    hint: 'Its own words stand above. It has to keep running and to print an address such as http://127.0.0.1:3000/mcp within a minute.',
    exitCode: exitCodes.machine,
  },
  SQUALL_NO_RUNS: {
    summary: 'The directories given hold no runs that could be saved or compared.',
    hint: 'Give report directories of squall run with --from, or a directory that holds several.',
    exitCode: exitCodes.badInput,
  },
  SQUALL_NO_BASELINE: {
    summary: 'There are no saved runs of that name.',
    hint: 'squall baseline list shows what there is; squall baseline save NAME --from DIR makes one.',
    exitCode: exitCodes.badInput,
  },
  SQUALL_TARGET_SAYS_NO: {
    summary: 'The target does not answer what was asked of it before any load.',
    hint: 'Mend the address given with --target, its transport or its credentials; squall run --debug shows what travels.',
    exitCode: exitCodes.targetUnreachable,
  },
  SQUALL_WOULD_OVERWRITE: {
    summary: 'A file that would be written is there already.',
    hint: 'Name another directory with --out DIR, or let it be replaced with --force.',
    exitCode: exitCodes.badInput,
  },
  SQUALL_NOT_WRITABLE: {
    summary: 'A file could not be written.',
    hint: 'Make room, or name another place.',
    exitCode: exitCodes.machine,
  },
  SQUALL_STOPPED_EARLY: {
    summary: 'The user stopped the run before any load began, so there is no report.',
    hint: 'Start it again when ready.',
    exitCode: exitCodes.stopped,
  },
})
