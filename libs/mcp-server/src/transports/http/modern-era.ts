import { AsyncLocalStorage } from 'node:async_hooks'
import { toNodeHandler } from '@modelcontextprotocol/node'
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  createMcpHandler,
  PROTOCOL_VERSION_META_KEY,
  SERVER_INFO_META_KEY,
} from '@modelcontextprotocol/server'
import { detectClientType } from '@squall/session'
import { clientNameOf } from '../../protocol/client-name.ts'
import { isObject } from '../../protocol/is-object.ts'
import { createSdkServer, type SdkServerOptions } from '../../protocol/sdk-server.ts'
import type { Caller } from '../../request-context.ts'
import type { ToolResult } from '../../tool-result.ts'
import type { EraOptions } from './era.ts'
import type { Exchange } from './exchange.ts'
import { openPlainStream } from './message-stream.ts'
import { serveToolCall } from './serve-tool-call.ts'
import type { ToolCallRequest } from './tool-call-request.ts'

export interface ModernEra {
  /** Whether a tool call is of this era beyond doubt, so that our own dispatch may serve it. */
  isPlain(exchange: Exchange, call: ToolCallRequest): boolean
  call(exchange: Exchange, call: ToolCallRequest): Promise<void>
  /** Serves any request of protocol version 2026-07-28 or later, or says what is wrong with one that claims to be. */
  serve(exchange: Exchange): Promise<void>
  close(): Promise<void>
}

const servedVersion = '2026-07-28'
/** Each client may hold one `subscriptions/listen` stream. */
const mostSubscriptions = 20_000

// The SDK hands on web requests, which know no sockets.
const peers = new AsyncLocalStorage<Pick<Caller, 'remoteAddress' | 'principal'> & Pick<SdkServerOptions, 'onErrorReply'>>()

/** Serves the stateless protocol: plain tool calls by our own hand, everything else by the official SDK. */
export function createModernEra({ core, watch, info, onError }: EraOptions): ModernEra {
  const handler = createMcpHandler(
    ({ requestInfo }) => {
      const { onErrorReply, ...peer } = peers.getStore() ?? {}
      return createSdkServer({ core, watch, info, ...(onErrorReply !== undefined && { onErrorReply }) }, (name) => {
        const userAgent = requestInfo?.headers.get('user-agent') ?? undefined
        const clientType = detectClientType({ name, userAgent, transport: 'http' })
        return { transport: 'http', clientType, clientName: name, ...peer }
      })
    },
    { legacy: 'reject', onerror: onError, maxSubscriptions: mostSubscriptions },
  )
  const serveBySdk = toNodeHandler(handler, { onerror: onError })
  // The same words the SDK puts on each result of this era.
  const stamp = { resultType: 'complete', _meta: { [SERVER_INFO_META_KEY]: info } }
  const toWire = (result: ToolResult): object => ({ ...result, ...stamp })
  return {
    isPlain,
    call(exchange, call) {
      const caller = callerOf(exchange, call)
      const openStream = (onGone: () => void): ReturnType<typeof openPlainStream> => openPlainStream(exchange, onGone)
      return serveToolCall({ core, watch, exchange, call, caller, canceller: new AbortController(), toWire, openStream })
    },
    async serve(exchange) {
      const { request, response, body, remoteAddress, principal } = exchange
      const onErrorReply = exchange.countReply()
      // Node's own type allows a missing method, which a server's requests never have.
      const raw = request as typeof request & { method: string; url: string }
      await peers.run({ remoteAddress, principal, onErrorReply }, () => serveBySdk(raw, response, body))
    },
    close: () => handler.close(),
  }
}

/** A tool call whose headers all say what its body says; any doubt is the SDK's to answer. */
function isPlain({ request: { headers } }: Exchange, { name, meta }: ToolCallRequest): boolean {
  return (
    headers['mcp-protocol-version'] === servedVersion &&
    headers['mcp-method'] === 'tools/call' &&
    headers['mcp-name'] === name &&
    headers['content-type'] === 'application/json' &&
    headers.accept?.includes('application/json') === true &&
    isWholeEnvelope(meta)
  )
}

function isWholeEnvelope(meta: unknown): boolean {
  if (!isObject(meta) || meta[PROTOCOL_VERSION_META_KEY] !== servedVersion) return false
  const info = meta[CLIENT_INFO_META_KEY]
  const isNamed = isObject(info) && typeof info['name'] === 'string' && typeof info['version'] === 'string'
  if (info !== undefined && !isNamed) return false
  const capabilities = meta[CLIENT_CAPABILITIES_META_KEY]
  return isObject(capabilities) && Object.values(capabilities).every(isObject)
}

function callerOf(exchange: Exchange, { meta }: ToolCallRequest): Caller {
  const userAgent = exchange.header('user-agent')
  const clientName = clientNameOf(meta)
  const clientType = detectClientType({ name: clientName, userAgent, transport: 'http' })
  const { remoteAddress, principal } = exchange
  return { transport: 'http', clientType, clientName, remoteAddress, principal }
}
