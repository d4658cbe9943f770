import { classifyInboundRequest, type InboundClassificationOutcome } from '@modelcontextprotocol/server'
import type { FastifyError, FastifyInstance } from 'fastify'
import { rpcCodes, type JsonRpcError } from '../../protocol/call-reply.ts'
import type { ServerInfo } from '../../protocol/server-info.ts'
import type { ServerCore } from '../../server-core.ts'
import { authenticateRequests } from './access-hook.ts'
import { headerOf, sendMethodNotAllowed, sendRpcError, type Exchange } from './exchange.ts'
import { createInitializeEra } from './initialize-era.ts'
import { createModernEra } from './modern-era.ts'

export interface McpEndpointOptions {
  readonly info: ServerInfo
  /** Told of requests that were refused and of replies that could not be made. */
  readonly onError: (error: Error) => void
}

/** Serves MCP over HTTP at `/mcp`. Which era a request is of is decided by the SDK's own classification. */
export function mcpEndpoint(core: ServerCore, options: McpEndpointOptions): (app: FastifyInstance) => Promise<void> {
  const modern = createModernEra(core, options)
  const initialize = createInitializeEra(core, options)

  const post = async (exchange: Exchange): Promise<void> => {
    const route = classify(exchange)
    if (route.kind === 'legacy') return initialize.post(exchange)
    return modern.serve(exchange, route.kind === 'modern' ? route : undefined)
  }

  return async (app) => {
    app.setErrorHandler((error: FastifyError, request, reply) => {
      const { status, body } = toRpcError(error, options.onError)
      sendRpcError({ request, reply }, status, body)
    })
    app.addHook('onRequest', authenticateRequests(core.access))
    app.post('/mcp', (request, reply) => post({ request, reply }))
    app.get('/mcp', (request, reply) => {
      const exchange = { request, reply }
      return isModern(exchange) ? sendMethodNotAllowed(exchange, 'POST') : initialize.get(exchange)
    })
    app.delete('/mcp', (request, reply) => {
      const exchange = { request, reply }
      if (isModern(exchange)) sendMethodNotAllowed(exchange, 'POST')
      else initialize.delete(exchange)
    })
    // Before the server waits for its connections to end: these streams would not by themselves.
    app.addHook('preClose', () => modern.close())
  }
}

function classify(exchange: Exchange): InboundClassificationOutcome {
  const { request } = exchange
  const version = headerOf(exchange, 'mcp-protocol-version')
  const method = headerOf(exchange, 'mcp-method')
  const name = headerOf(exchange, 'mcp-name')
  return classifyInboundRequest({
    httpMethod: request.method,
    ...(version === undefined ? {} : { protocolVersionHeader: version }),
    ...(method === undefined ? {} : { mcpMethodHeader: method }),
    ...(name === undefined ? {} : { mcpNameHeader: name }),
    body: request.body,
  })
}

function isModern(exchange: Exchange): boolean {
  return (headerOf(exchange, 'mcp-protocol-version') ?? '') >= '2026'
}

/** What Fastify refuses before a message can be read, in the protocol's form; anything else is a bug and says no more than that. */
function toRpcError(error: FastifyError, onError: (error: Error) => void): { status: number; body: JsonRpcError } {
  const status = error.statusCode ?? 500
  if (status === 400) return { status, body: { code: rpcCodes.parse, message: `Parse error: ${error.message}` } }
  if (status < 500) return { status, body: { code: rpcCodes.server, message: error.message } }
  onError(error)
  return { status: 500, body: { code: rpcCodes.internal, message: 'Internal error' } }
}
