import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node'
import { isInitializeRequest, SUPPORTED_PROTOCOL_VERSIONS, type InitializeRequest } from '@modelcontextprotocol/server'
import { CodedError } from '@squall/errors'
import { detectClientType, sessionErrors, type Session } from '@squall/session'
import { rpcCodes } from '../../protocol/call-reply.ts'
import { createSdkServer } from '../../protocol/sdk-server.ts'
import type { Caller } from '../../request-context.ts'
import type { ServerCore } from '../../server-core.ts'
import type { ToolResult } from '../../tool-result.ts'
import { openEventStream } from './event-stream.ts'
import { headerOf, sendMethodNotAllowed, sendRpcError, sendSessionNotFound, type Exchange, type JsonRpcId } from './exchange.ts'
import type { EraOptions } from './modern-era.ts'
import { RunningCalls } from './running-calls.ts'
import { serveToolCall } from './serve-tool-call.ts'
import { isObject, readToolCall, type ToolCallRequest } from './tool-call-request.ts'

export interface InitializeEra {
  post(exchange: Exchange): Promise<void>
  /** Opens a session's event stream. */
  get(exchange: Exchange): Promise<void>
  /** Ends a session. */
  delete(exchange: Exchange): void
}

/**
 * Serves the protocol versions that begin with `initialize`. A session is a record in the registry and nothing more: this server
 * never asks its clients anything, so it keeps no SDK state between requests, and clients that never name their session are served.
 */
export function createInitializeEra(core: ServerCore, { info, onError }: EraOptions): InitializeEra {
  const running = new RunningCalls()

  const serveBySdk = async (exchange: Exchange, session: Session | undefined): Promise<void> => {
    const transport = new NodeStreamableHTTPServerTransport({
      // Replies are plain JSON: no tool speaks before its result, and a stream costs a third more.
      enableJsonResponse: true,
      sessionIdGenerator: session === undefined ? undefined : () => session.id,
    })
    const server = createSdkServer(core, info, () => callerOf(exchange, session))
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the SDK's server is no event target
    server.onerror = onError
    await server.connect(transport)
    const { request, reply } = exchange
    reply.hijack()
    reply.raw.once('close', () => void server.close())
    await transport.handleRequest(request.raw, reply.raw, request.body)
  }

  const initialize = async (exchange: Exchange, body: InitializeRequest): Promise<void> => {
    const { clientInfo, protocolVersion } = body.params
    const clientType = detectClientType({ name: clientInfo.name, userAgent: headerOf(exchange, 'user-agent'), transport: 'http' })
    const facts = { clientType, clientName: clientInfo.name, clientVersion: clientInfo.version, protocolVersion }
    const session = core.sessions.open(facts)
    await serveBySdk(exchange, session)
    // The SDK may still have refused, for a header.
    if (exchange.reply.raw.statusCode >= 400) core.sessions.delete(session.id)
  }

  const serveCall = async (exchange: Exchange, call: ToolCallRequest, session: Session | undefined): Promise<void> => {
    const caller = callerOf(exchange, session)
    if (session === undefined) return serveToolCall(core, exchange, call, { caller, toWire: asIs })
    void exchange.reply.header('mcp-session-id', session.id)
    const { cancelled, ended } = running.start(session, call.id)
    try {
      await serveToolCall(core, exchange, call, { caller, cancelled, toWire: asIs })
    } finally {
      ended()
    }
  }

  return {
    async post(exchange) {
      const { body } = exchange.request
      if (isInitializeRequest(body)) return refuseWhenFull(exchange, body, () => initialize(exchange, body))
      if (isObject(body) && body['method'] === 'initialize') return sendBadInitialize(exchange, body)
      const found = findSession(core, exchange)
      if (found === 'unknown') return sendSessionNotFound(exchange)
      const session = found === 'none' ? undefined : found
      if (session !== undefined) running.heed(session, body)
      const call = isPlain(exchange) ? readToolCall(body) : undefined
      return call === undefined ? serveBySdk(exchange, undefined) : serveCall(exchange, call, session)
    },
    async get(exchange) {
      const found = findSession(core, exchange)
      if (found === 'none') return sendMethodNotAllowed(exchange, 'POST')
      if (found === 'unknown') return sendSessionNotFound(exchange)
      await openEventStream(core, exchange, found)
    },
    delete(exchange) {
      const id = headerOf(exchange, 'mcp-session-id')
      if (id === undefined) return sendMethodNotAllowed(exchange, 'POST')
      if (!core.sessions.delete(id)) return sendSessionNotFound(exchange)
      void exchange.reply.code(200).send()
    },
  }
}

type RequestWithId = InitializeRequest & { readonly id?: JsonRpcId }

const asIs = (result: ToolResult): object => result

function callerOf(exchange: Exchange, session: Session | undefined): Caller {
  const clientType =
    session?.facts.clientType ?? detectClientType({ userAgent: headerOf(exchange, 'user-agent'), transport: 'http' })
  const { ip: remoteAddress, principal } = exchange.request
  return { transport: 'http', clientType, session, remoteAddress, principal }
}

function findSession(core: ServerCore, exchange: Exchange): Session | 'none' | 'unknown' {
  const id = headerOf(exchange, 'mcp-session-id')
  if (id === undefined) return 'none'
  return core.sessions.has(id) ? core.sessions.require(id) : 'unknown'
}

/** Whether the headers are beyond doubt; the SDK says what is wrong with others. */
function isPlain(exchange: Exchange): boolean {
  const accept = headerOf(exchange, 'accept')
  const version = headerOf(exchange, 'mcp-protocol-version')
  return (
    accept?.includes('application/json') === true &&
    accept.includes('text/event-stream') &&
    headerOf(exchange, 'content-type') === 'application/json' &&
    (version === undefined || SUPPORTED_PROTOCOL_VERSIONS.includes(version))
  )
}

async function refuseWhenFull(exchange: Exchange, { id }: RequestWithId, open: () => Promise<void>): Promise<void> {
  try {
    await open()
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== sessionErrors.SESSION_LIMIT_REACHED.code) throw error
    void exchange.reply.header('retry-after', '1')
    const data = { code: error.code, hint: error.hint }
    sendRpcError(exchange, 503, { code: rpcCodes.server, message: error.message, data }, id)
  }
}

function sendBadInitialize(exchange: Exchange, { id }: Readonly<Record<string, unknown>>): void {
  const message =
    'Invalid initialize request: params must hold protocolVersion, capabilities and clientInfo with name and version'
  const known = typeof id === 'string' || typeof id === 'number' ? id : null
  sendRpcError(exchange, 200, { code: rpcCodes.invalidParams, message }, known)
}
