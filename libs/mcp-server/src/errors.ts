import { defineErrors, exitCodes } from '@squall/errors'

export const mcpServerErrors = defineErrors({
  MCP_BAD_ARGUMENTS: {
    summary: 'A tool was called with arguments it does not take; nothing was sent to Snowflake.',
    hint: "Correct the arguments named above; the tool's input schema lists them all.",
    exitCode: exitCodes.badInput,
  },
  MCP_NO_SUCH_OBJECT: {
    summary: 'A tool was asked for a database, schema or view that does not exist, or that the server may not read.',
    hint: 'Choose one of those that exist.',
    exitCode: exitCodes.badInput,
  },
  MCP_NOT_READ_ONLY: {
    summary: 'A statement was refused because it is not proven to only read; nothing was sent to Snowflake.',
    hint: 'Send a single SELECT, WITH … SELECT, SHOW, DESCRIBE or EXPLAIN statement.',
    exitCode: exitCodes.badInput,
  },
  MCP_OVERLOADED: {
    summary: 'As many calls run, and as many wait, as the server allows.',
    hint: 'Try again after the time given; send fewer calls at once, or raise the limits of concurrent and queued calls.',
    exitCode: exitCodes.machine,
  },
  MCP_QUEUE_TIMEOUT: {
    summary: 'A call waited too long for its turn in the server and was given up before it started.',
    hint: 'Try again after the time given; send fewer calls at once, or raise the limit of concurrent calls.',
    exitCode: exitCodes.machine,
  },
  MCP_SHUTTING_DOWN: {
    summary: 'The server is shutting down and takes no new calls.',
    hint: 'Send the call to another server, or again once this one has restarted.',
    exitCode: exitCodes.machine,
  },
  MCP_UNAUTHENTICATED: {
    summary: 'A call came from beyond this machine, and the server has no way to know from whom.',
    hint: 'Call from the same machine.',
    exitCode: exitCodes.badInput,
  },
  MCP_PORT_IN_USE: {
    summary: 'The port the server should listen on is taken by another program.',
    hint: 'Stop the other program, or choose another port; port 0 takes a free one.',
    exitCode: exitCodes.machine,
  },
  MCP_CANNOT_LISTEN: {
    summary: 'The server cannot listen on the address it was given.',
    hint: "Choose one of this machine's own addresses and a port this user may use.",
    exitCode: exitCodes.machine,
  },
})
