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
  SQUALL_ARTILLERY_STOPPED: {
    summary: 'The user stopped a run under stock Artillery, which leaves no report of one that did not come to its end.',
    hint: "Let it come to its end, or use Squall's own runner, which reports what ran.",
    exitCode: exitCodes.stopped,
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
  SQUALL_SERVE_OPEN_TO_ALL: {
    summary: 'squall serve was told to listen beyond this machine, and has no token to know its callers by.',
    hint: 'Set SQUALL_SERVE_TOKEN to a long text that callers send as Authorization: Bearer, or listen on 127.0.0.1.',
    exitCode: exitCodes.badInput,
  },
  SQUALL_SERVE_CANNOT_LISTEN: {
    summary: 'squall serve cannot have the address and port it was to listen on.',
    hint: 'End the program that listens there, or name another place with --port N or --host ADDRESS.',
    exitCode: exitCodes.machine,
  },
  SQUALL_SERVE_DATA: {
    summary: 'The directory in which squall serve keeps its runs cannot be used.',
    hint: 'Make room or mend its permissions, end the other squall serve that uses it, or name another one with --data DIR.',
    exitCode: exitCodes.machine,
  },
  SQUALL_SERVE_UNAUTHORIZED: {
    summary: 'A request to squall serve does not show its token.',
    hint: 'Send it as a header: Authorization: Bearer TOKEN, with what SQUALL_SERVE_TOKEN says where the server runs.',
    exitCode: exitCodes.badInput,
  },
  SQUALL_SERVE_FOREIGN: {
    summary: 'A request to squall serve calls it by a name that is not its own, or comes from a page of another server.',
    hint: 'Call it by its address, or let it know its name with --allow-host NAME.',
    exitCode: exitCodes.badInput,
  },
  SQUALL_SERVE_BAD_REQUEST: {
    summary: 'What was sent to squall serve cannot be used.',
    hint: 'Mend the places listed; docs/serve.md shows every request.',
    exitCode: exitCodes.badInput,
  },
  SQUALL_SERVE_NOT_FOUND: {
    summary: 'squall serve has no such run, or nothing at this address.',
    hint: 'GET /runs lists the runs there are; the oldest go as --keep N says.',
    exitCode: exitCodes.badInput,
  },
  SQUALL_SERVE_NO_REPORT: {
    summary: 'This run has no report: it is not over yet, or never made load.',
    hint: 'Wait for its end with GET /runs/ID?wait=60s; why a run made no load is in its failure.',
    exitCode: exitCodes.badInput,
  },
  SQUALL_SERVE_NOT_NOW: {
    summary: 'What was asked of a run cannot be done in the state it is in.',
    hint: 'Load can be steered while it is made, and a run be removed once it is over: GET /runs/ID says where it stands.',
    exitCode: exitCodes.badInput,
  },
  SQUALL_SERVE_KEY_REUSED: {
    summary: 'A request to squall serve has the Idempotency-Key of an earlier one that asked for something else.',
    hint: 'Send a new key with each new request, and the same one only where the same request is sent again.',
    exitCode: exitCodes.badInput,
  },
  SQUALL_SERVE_FULL: {
    summary: 'As many runs wait at squall serve as it takes.',
    hint: 'Wait, stop some of them with POST /runs/ID/stop, or let more run together with --at-once N.',
    exitCode: exitCodes.machine,
  },
  SQUALL_SERVE_RUN_LOST: {
    summary: 'squall serve ended while it made the load of a run itself, and the run ended with it.',
    hint: 'Start it again. Runs on agents outlive their controller: squall serve --fabric redis://…',
    exitCode: exitCodes.loadLost,
  },
  SQUALL_SERVE_DEFECT: {
    summary: 'Something went wrong in squall serve that should not have.',
    hint: 'This is a defect in Squall; please report it with what the server printed.',
    exitCode: exitCodes.internal,
  },
})
