import type { IncomingMessage, ServerResponse } from 'node:http'
import { rpcCodes } from '../../protocol/call-reply.ts'
import type { ServerCore } from '../../server-core.ts'
import { Exchange, type ExchangeFacts } from './exchange.ts'
import type { HostCheck } from './host-check.ts'
import type { McpEndpoint } from './mcp-endpoint.ts'
import { toRefusalReply, type FindPeer, type Peer } from './peer.ts'
import { readBody } from './read-body.ts'

export interface FrontOptions {
  readonly core: ServerCore
  readonly checkHost: HostCheck
  readonly findPeer: FindPeer
  readonly mcp: McpEndpoint
  readonly maxBodyBytes: number
  readonly onError: (error: Error) => void
  /** Serves every other path. */
  readonly others: (request: IncomingMessage, response: ServerResponse) => void
}

/**
 * The first to see a request: refuses names that are not this server's, finds out who sends it, reads the body, and hands on.
 * MCP itself goes no detour through a framework.
 */
export function createFront(options: FrontOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const { core, checkHost, findPeer, mcp, maxBodyBytes, onError, others } = options
  const countReply = (status: number, bytes: number): void => core.metrics.httpReplied(status, bytes)
  const exchange = (request: IncomingMessage, response: ServerResponse, facts: ExchangeFacts = {}): Exchange =>
    new Exchange(request, response, countReply, facts)

  const serveMcp = async (
    request: IncomingMessage,
    response: ServerResponse,
    { remoteAddress, principal }: Peer,
  ): Promise<void> => {
    if (request.method !== 'POST') return mcp.serve(exchange(request, response, { remoteAddress, principal }))
    const read = await readBody(request, maxBodyBytes)
    if (read.kind === 'json') return mcp.serve(exchange(request, response, { remoteAddress, principal, body: read.value }))
    if (read.kind === 'gone') return
    // The rest of a body that is too large is not waited for.
    const headers = read.status === 413 ? { connection: 'close' } : {}
    exchange(request, response).sendError(read.status, read.error, null, headers)
  }

  const letIn = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const found = findPeer(request)
    const peer = found instanceof Promise ? await found : found
    if (peer.kind === 'peer') return serveMcp(request, response, peer)
    const { status, error, headers } = toRefusalReply(peer)
    exchange(request, response).sendError(status, error, null, headers)
  }

  return (request, response) => {
    // Probes come by whatever address the machine has; where callers sign in, they learn no more than that the server serves.
    const reason = core.access.isRequired && probes.has(request.url) ? undefined : checkHost(request)
    if (reason !== undefined) return exchange(request, response).sendError(403, { code: rpcCodes.server, message: reason })
    if (!isMcp(request.url)) return others(request, response)
    letIn(request, response).catch((error: unknown) => {
      onError(error instanceof Error ? error : new Error(String(error)))
      sendInternalError(exchange(request, response))
    })
  }
}

const probes: ReadonlySet<string | undefined> = new Set(['/health', '/health/live', '/health/ready'])

/** Whether a request is for the MCP endpoint. */
export function isMcp(url: string | undefined): boolean {
  return url === '/mcp' || url?.startsWith('/mcp?') === true || url === '/mcp/'
}

/** A bug says no more of itself than that it is one. */
function sendInternalError(exchange: Exchange): void {
  if (exchange.response.headersSent) exchange.response.destroy()
  else exchange.sendError(500, { code: rpcCodes.internal, message: 'Internal error' })
}
