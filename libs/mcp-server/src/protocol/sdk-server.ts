/* oxlint-disable typescript/no-deprecated -- McpServer would check arguments itself, in its own words and with schemas made anew for
   each instance; and an initialize-era client's name is known in no other way */
import {
  ProtocolError,
  Server,
  type CallToolResult,
  type ListToolsResult,
  type ServerContext,
} from '@modelcontextprotocol/server'
import type { Caller } from '../request-context.ts'
import type { ServerCore } from '../server-core.ts'
import { toCallReply } from './call-reply.ts'
import { clientNameOf } from './client-name.ts'
import { traceparentOf } from './traceparent.ts'
import { instructions, type ServerInfo } from './server-info.ts'

/** How long a client may keep the list of tools, which changes only with the program. */
const toolListTtlMs = 3_600_000

/** Says who calls, given the name the client told the SDK. */
export type CallerOf = (clientName: string | undefined) => Caller

/**
 * Makes a server of the official SDK that hands tool calls to the core. One serves one request or one connection, since the SDK
 * ties an instance to its transport; the tools' schemas are shared by all.
 */
export function createSdkServer(core: ServerCore, info: ServerInfo, callerOf: CallerOf): Server {
  const server = new Server(
    { ...info },
    {
      capabilities: { tools: {} },
      instructions,
      cacheHints: { 'tools/list': { ttlMs: toolListTtlMs, cacheScope: 'public' } },
    },
  )
  // Descriptors are the protocol's own shape; only their read-only types differ.
  const list = { tools: core.tools } as unknown as ListToolsResult
  server.setRequestHandler('tools/list', () => list)
  server.setRequestHandler('tools/call', async ({ params }, { mcpReq }) => {
    const caller = callerOf(nameOfClient(server, mcpReq))
    const outcome = await core.call({
      tool: params.name,
      arguments: params.arguments,
      caller,
      traceparent: traceparentOf(mcpReq._meta),
      signal: mcpReq.signal,
    })
    const reply = toCallReply(outcome)
    if ('error' in reply) throw new ProtocolError(reply.error.code, reply.error.message, reply.error.data)
    return reply.result as unknown as CallToolResult
  })
  return server
}

function nameOfClient(server: Server, { envelope }: ServerContext['mcpReq']): string | undefined {
  return clientNameOf(envelope) ?? server.getClientVersion()?.name
}
