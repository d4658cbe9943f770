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
  MCP_CORTEX_FAILED: {
    summary: 'A Cortex service refused a request, gave no usable answer, or could not be reached.',
    hint: 'Try again; if it stays, ask the operator of the server.',
    exitCode: exitCodes.targetUnreachable,
  },
  MCP_NO_SUCH_RESULT: {
    summary: 'A cursor or an id names no result or query of this caller, or one that is no longer kept.',
    hint: 'Run the query again, and use the cursor or the id its answer gives.',
    exitCode: exitCodes.badInput,
  },
  MCP_RESULT_END: {
    summary: 'A cursor points behind the last row that can be read.',
    hint: 'Ask for less with a filter or a sum.',
    exitCode: exitCodes.badInput,
  },
  MCP_ROW_TOO_LARGE: {
    summary: 'A single row is larger than an answer may be.',
    hint: 'Select fewer columns, or parts of long ones: LEFT(column, 1000).',
    exitCode: exitCodes.badInput,
  },
  MCP_TOO_MANY_BACKGROUND: {
    summary: 'As many queries run in the background as the server lets.',
    hint: 'Wait for one, or end one with cancel_query; or run the query without wait: false.',
    exitCode: exitCodes.machine,
  },
  MCP_RATE_LIMITED: {
    summary: 'More calls came in a short time than the client, or all clients together, may send.',
    hint: 'Try again after the time given; send calls at a steadier pace, or ask the operator for a higher rate.',
    exitCode: exitCodes.machine,
  },
  MCP_QUOTA_EXCEEDED: {
    summary: 'The calls of this hour or day are used up, for the client or for all clients together.',
    hint: 'Try again after the time given, when the next period begins, or ask the operator for a larger quota.',
    exitCode: exitCodes.machine,
  },
  MCP_SNOWFLAKE_UNAVAILABLE: {
    summary:
      'Snowflake could not be reached, or refused the sign-in, so often of late that calls are kept from it for a moment; nothing was run.',
    hint: 'Try again after the time given; `/health` says when Snowflake answers again.',
    exitCode: exitCodes.machine,
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
    summary: 'A request did not prove who sent it, and the server serves nobody it does not know.',
    hint: 'Send an API key or an access token that is valid for this server, as `Authorization: Bearer …`; without either, call from the same machine.',
    exitCode: exitCodes.badInput,
  },
  MCP_INSUFFICIENT_SCOPE: {
    summary: 'The caller is known, but was not given the scope that the request needs.',
    hint: 'Ask for a key or a token with the scope named above.',
    exitCode: exitCodes.badInput,
  },
  MCP_LOCKED_OUT: {
    summary:
      'Too many requests from one address showed a key or a token that is not valid; nothing it sends is looked at for a while.',
    hint: 'Correct the key or the token, and try again after the time given.',
    exitCode: exitCodes.badInput,
  },
  MCP_AUTHORIZATION_UNAVAILABLE: {
    summary: 'The keys of the authorization server could not be had, so nobody can tell whether an access token is valid.',
    hint: 'Try again after the time given; the operator finds the reason in the log of the server.',
    exitCode: exitCodes.machine,
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
