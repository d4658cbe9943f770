import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node'
import { isInitializeRequest, SUPPORTED_PROTOCOL_VERSIONS, type InitializeRequest } from '@modelcontextprotocol/server'
import { CodedError } from '@squall/errors'
import { detectClientType, sessionErrors, type Session } from '@squall/session'
import { localPrincipal } from '../../access/principal.ts'
import { rpcCodes } from '../../protocol/call-reply.ts'
import { isObject } from '../../protocol/is-object.ts'
import { createSdkServer, toInitializeResult } from '../../protocol/sdk-server.ts'
import type { Caller } from '../../request-context.ts'
import type { ServerCore } from '../../server-core.ts'
import type { ToolResult } from '../../tool-result.ts'
import { refuseBatch } from './batch.ts'
import type { EraOptions } from './era.ts'
import { openEventStream } from './event-stream.ts'
import type { Exchange, JsonRpcId } from './exchange.ts'
import { openPlainStream } from './message-stream.ts'
import { RunningCalls } from './running-calls.ts'
import { serveToolCall } from './serve-tool-call.ts'
import { SessionStreams } from './session-streams.ts'
import type { ToolCallRequest } from './tool-call-request.ts'

export interface InitializeEra {
  /** Whether the headers of a request are beyond doubt, so that our own dispatch may serve it; the SDK says what is wrong with others. */
  isPlain(exchange: Exchange): boolean
  /** Serves a tool call, of a session or of none. */
  call(exchange: Exchange, call: ToolCallRequest, session: Session | undefined): Promise<void>
  /** Serves any other message. */
  post(exchange: Exchange, session: Session | undefined): Promise<void>
  /** Opens a session's event stream, or goes on with one. */
  get(exchange: Exchange, session: Session | undefined): void
  /** Ends a session. */
  delete(exchange: Exchange, session: Session | undefined): void
}

/**
 * Serves the protocol versions that begin with `initialize`. A session is a record in the registry and nothing more: this server
 * never asks its clients anything, so it keeps no SDK state between requests, and clients that never name their session are served.
 */
export function createInitializeEra({ core, watch, info, onError }: EraOptions): InitializeEra {
  const running = new RunningCalls()
  const streams = new SessionStreams(core)

  const serveBySdk = async (exchange: Exchange, session: Session | undefined): Promise<void> => {
    const transport = new NodeStreamableHTTPServerTransport({ enableJsonResponse: true, sessionIdGenerator: undefined })
    const onErrorReply = exchange.countReply()
    const server = createSdkServer({ core, watch, info, onErrorReply }, () => callerOf(exchange, session))
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the SDK's server is no event target
    server.onerror = onError
    await server.connect(transport)
    const { request, response, body } = exchange
    response.once('close', () => void server.close())
    await transport.handleRequest(request, response, body)
  }

  const initialize = (exchange: Exchange, { id, params }: RequestWithId): void => {
    const { clientInfo, protocolVersion } = params
    const clientType = detectClientType({ name: clientInfo.name, userAgent: exchange.header('user-agent'), transport: 'http' })
    const result = toInitializeResult(core, info, protocolVersion)
    const owner = exchange.principal ?? localPrincipal
    const facts = { owner, clientType, clientName: clientInfo.name, clientVersion: clientInfo.version }
    const session = openSession(core, exchange, { ...facts, protocolVersion: result.protocolVersion }, id)
    if (session === undefined) return
    exchange.sendJson(200, { jsonrpc: '2.0', id, result }, { 'mcp-session-id': session.id })
  }

  return {
    isPlain,
    async call(exchange, call, session) {
      const caller = callerOf(exchange, session)
      const common = { core, watch, exchange, call, caller, canceller: new AbortController(), toWire: asIs }
      if (session === undefined) return serveToolCall({ ...common, openStream: (onGone) => openPlainStream(exchange, onGone) })
      const ended = running.start(session, call.id, common.canceller)
      const openStream = (onGone: () => void): ReturnType<SessionStreams['openCall']> =>
        streams.openCall(exchange, session, onGone)
      try {
        await serveToolCall({ ...common, openStream, headers: { 'mcp-session-id': session.id } })
      } finally {
        ended()
      }
    },
    async post(exchange, session) {
      const { body } = exchange
      if (refuseBatch(exchange, session?.facts.protocolVersion)) return
      if (isInitializeRequest(body) && 'id' in body && isPlain(exchange)) return initialize(exchange, body as RequestWithId)
      if (isObject(body) && body['method'] === 'initialize' && isPlain(exchange)) return sendBadInitialize(exchange, body)
      if (session !== undefined) running.heed(session, body)
      return serveBySdk(exchange, session)
    },
    get(exchange, session) {
      if (session === undefined) exchange.sendMethodNotAllowed('POST')
      else openEventStream(streams, exchange, session)
    },
    delete(exchange, session) {
      if (session === undefined) return exchange.sendMethodNotAllowed('POST')
      core.sessions.delete(session.id)
      exchange.sendEmpty(200)
    },
  }
}

type RequestWithId = InitializeRequest & { readonly id: JsonRpcId }

const asIs = (result: ToolResult): object => result

function callerOf(exchange: Exchange, session: Session | undefined): Caller {
  const clientType =
    session?.facts.clientType ?? detectClientType({ userAgent: exchange.header('user-agent'), transport: 'http' })
  const { remoteAddress, principal } = exchange
  return { transport: 'http', clientType, session, remoteAddress, principal }
}

function isPlain({ request: { headers } }: Exchange): boolean {
  const { accept } = headers
  const version = headers['mcp-protocol-version']
  return (
    accept?.includes('application/json') === true &&
    accept.includes('text/event-stream') &&
    headers['content-type'] === 'application/json' &&
    (version === undefined || (typeof version === 'string' && SUPPORTED_PROTOCOL_VERSIONS.includes(version)))
  )
}

/** Opens a session, or says that there is no room for one. */
function openSession(core: ServerCore, exchange: Exchange, facts: Session['facts'], id: JsonRpcId): Session | undefined {
  try {
    return core.sessions.open(facts)
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== sessionErrors.SESSION_LIMIT_REACHED.code) throw error
    const data = { code: error.code, hint: error.hint }
    exchange.sendError(503, { code: rpcCodes.server, message: error.message, data }, id, { 'retry-after': 1 })
    return undefined
  }
}

function sendBadInitialize(exchange: Exchange, { id }: Readonly<Record<string, unknown>>): void {
  const message =
    'Invalid initialize request: params must hold protocolVersion, capabilities and clientInfo with name and version'
  const known = typeof id === 'string' || typeof id === 'number' ? id : null
  exchange.sendError(200, { code: rpcCodes.invalidParams, message }, known)
}
