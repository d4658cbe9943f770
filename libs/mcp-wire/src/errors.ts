import { defineErrors, exitCodes } from '@squall/errors'

export const mcpWireErrors = defineErrors({
  WIRE_BAD_TARGET: {
    summary: 'The address of the MCP server is not one this transport can connect to.',
    hint: 'Give a whole URL such as http://127.0.0.1:3000/mcp, or a command line where the transport is stdio.',
    exitCode: exitCodes.badInput,
  },
  WIRE_NO_PROXY: {
    summary: 'A proxy was set for a transport that knows no way through one.',
    hint: 'Leave out the proxy, or use the transport streamable-http or sse.',
    exitCode: exitCodes.badInput,
  },
})
