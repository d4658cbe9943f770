import {
  classifyInboundRequest,
  PROTOCOL_VERSION_META_KEY,
  type InboundClassificationOutcome,
} from '@modelcontextprotocol/server'
import type { Session } from '@squall/session'
import { localPrincipal } from '../../access/principal.ts'
import { isObject } from '../../protocol/is-object.ts'
import { carry, type TakeElsewhere } from './carried-request.ts'
import type { EraOptions } from './era.ts'
import type { Exchange } from './exchange.ts'
import { createInitializeEra } from './initialize-era.ts'
import { createModernEra } from './modern-era.ts'
import { readToolCall, type ToolCallRequest } from './tool-call-request.ts'

export interface McpEndpointOptions extends EraOptions {
  /** Asked about each request for a session that is not here. */
  readonly takeElsewhere?: TakeElsewhere | undefined
}

export interface McpEndpoint {
  serve(exchange: Exchange): Promise<void>
  /** Ends streams that would not end by themselves. */
  close(): Promise<void>
}

/** Serves MCP over HTTP. Plain tool calls go the short way; of what era any other request is, the SDK's own classification decides. */
export function createMcpEndpoint(options: McpEndpointOptions): McpEndpoint {
  const { core, takeElsewhere } = options
  const modern = createModernEra(options)
  const initialize = createInitializeEra(options)

  /** Finds the session a request names, and serves; a session nobody knows is answered here. */
  const inSession = (exchange: Exchange, serve: (session: Session | undefined) => Promise<void> | void): Promise<void> | void => {
    const id = exchange.header('mcp-session-id')
    if (id === undefined) return serve(undefined)
    if (core.sessions.has(id)) {
      // Who asks for the session of another learns no more than that it is not theirs.
      const session = core.sessions.find(id, exchange.principal ?? localPrincipal)
      return session === undefined ? exchange.sendSessionNotFound() : serve(session)
    }
    if (takeElsewhere?.(id, () => carry(exchange)) !== true) exchange.sendSessionNotFound()
  }

  const post = (exchange: Exchange): Promise<void> | void => {
    const call = readToolCall(exchange.body)
    if (call !== undefined) {
      if (modern.isPlain(exchange, call)) return modern.call(exchange, call)
      if (!isEnvelope(call) && initialize.isPlain(exchange))
        return inSession(exchange, (session) => initialize.call(exchange, call, session))
    }
    if (classify(exchange).kind !== 'legacy') return modern.serve(exchange)
    if (isInitialize(exchange.body)) return initialize.post(exchange, undefined)
    return inSession(exchange, (session) => initialize.post(exchange, session))
  }

  return {
    async serve(exchange) {
      const { method } = exchange.request
      if (method === 'POST') return post(exchange)
      if (isModern(exchange)) return exchange.sendMethodNotAllowed('POST')
      if (method === 'GET') return inSession(exchange, (session) => initialize.get(exchange, session))
      if (method === 'DELETE') return inSession(exchange, (session) => initialize.delete(exchange, session))
      exchange.sendMethodNotAllowed('GET, POST, DELETE')
    },
    close: () => modern.close(),
  }
}

/** Whether a tool call brings an envelope of its own, which only the stateless protocol knows. */
function isEnvelope({ meta }: ToolCallRequest): boolean {
  return isObject(meta) && PROTOCOL_VERSION_META_KEY in meta
}

function isInitialize(body: unknown): boolean {
  return isObject(body) && body['method'] === 'initialize'
}

function classify(exchange: Exchange): InboundClassificationOutcome {
  const version = exchange.header('mcp-protocol-version')
  const method = exchange.header('mcp-method')
  const name = exchange.header('mcp-name')
  return classifyInboundRequest({
    httpMethod: 'POST',
    ...(version === undefined ? {} : { protocolVersionHeader: version }),
    ...(method === undefined ? {} : { mcpMethodHeader: method }),
    ...(name === undefined ? {} : { mcpNameHeader: name }),
    body: exchange.body,
  })
}

function isModern(exchange: Exchange): boolean {
  return (exchange.header('mcp-protocol-version') ?? '') >= '2026'
}
