import { defineErrors, exitCodes } from '@squall/errors'

export const controllerErrors = defineErrors({
  CONTROLLER_TARGET_UNREACHABLE: {
    summary: 'No connection to the target could be made, so no load was started.',
    hint: 'Start the server, or mend the address given with --target or in the pack.',
    exitCode: exitCodes.targetUnreachable,
  },
  CONTROLLER_TARGET_INSECURE: {
    summary: 'A connection to the target could be made, but no secure one agreed, so no load was started.',
    hint: "Trust the server's own authority with --ca FILE, show a certificate with --cert FILE --key FILE, ask for another name with --server-name, or begin the address with http:// where the server speaks plain text. --insecure takes any certificate.",
    exitCode: exitCodes.targetUnreachable,
  },
  CONTROLLER_TARGET_NOT_MCP: {
    summary: 'Something answers at the target, but it is not an MCP server.',
    hint: 'Give the whole address of the MCP endpoint; it often ends with /mcp.',
    exitCode: exitCodes.targetUnreachable,
  },
  CONTROLLER_TARGET_REFUSED: {
    summary: 'The target asks for credentials, or does not accept those of the pack.',
    hint: 'Set the headers the server wants in config.mcp.headers, such as authorization: "Bearer {{ $env.TOKEN }}".',
    exitCode: exitCodes.targetUnreachable,
  },
  CONTROLLER_TOO_MANY_CLIENTS: {
    summary: 'The plan asks for more clients than this machine can hold, so no load was started.',
    hint: 'Ask for fewer clients, share them between more --workers, or let a process open more files (ulimit -n).',
    exitCode: exitCodes.machine,
  },
  CONTROLLER_BASELINE_UNREADABLE: {
    summary: 'A file of saved runs holds a line that is none.',
    hint: 'Mend or remove the line, or name another baseline or another directory with --store DIR.',
    exitCode: exitCodes.badInput,
  },
  CONTROLLER_BASELINE_NOT_WRITABLE: {
    summary: 'Runs could not be saved.',
    hint: 'Make room, or name another directory with --store DIR.',
    exitCode: exitCodes.machine,
  },
  CONTROLLER_REPORT_DIRECTORY: {
    summary: 'The report could not be written where it should go, so no load was started.',
    hint: 'Make room, or name another directory with --report DIR.',
    exitCode: exitCodes.machine,
  },
})
