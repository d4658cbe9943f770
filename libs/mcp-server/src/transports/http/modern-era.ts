import { AsyncLocalStorage } from 'node:async_hooks'
import { toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler, SERVER_INFO_META_KEY, type InboundModernRoute } from '@modelcontextprotocol/server'
import { detectClientType } from '@squall/session'
import { clientNameOf } from '../../protocol/client-name.ts'
import { createSdkServer } from '../../protocol/sdk-server.ts'
import type { ServerInfo } from '../../protocol/server-info.ts'
import type { Principal } from '../../access/principal.ts'
import type { Caller } from '../../request-context.ts'
import type { ServerCore } from '../../server-core.ts'
import type { ToolResult } from '../../tool-result.ts'
import { headerOf, type Exchange } from './exchange.ts'
import { serveToolCall } from './serve-tool-call.ts'
import { readToolCall, type ToolCallRequest } from './tool-call-request.ts'

export interface ModernEra {
  /** Serves a request of protocol version 2026-07-28 or later, or says what is wrong with one that claims to be. */
  serve(exchange: Exchange, route: InboundModernRoute | undefined): Promise<void>
  close(): Promise<void>
}

export interface EraOptions {
  readonly info: ServerInfo
  readonly onError: (error: Error) => void
}

const servedVersion = '2026-07-28'
/** Each client may hold one `subscriptions/listen` stream. */
const mostSubscriptions = 20_000

// The SDK hands on web requests, which know no sockets.
const peers = new AsyncLocalStorage<{ readonly remoteAddress: string; readonly principal: Principal | undefined }>()

/** Serves the stateless protocol: plain tool calls by our own hand, everything else by the official SDK. */
export function createModernEra(core: ServerCore, { info, onError }: EraOptions): ModernEra {
  const handler = createMcpHandler(
    ({ requestInfo }) =>
      createSdkServer(core, info, (name) => {
        const userAgent = requestInfo?.headers.get('user-agent') ?? undefined
        const clientType = detectClientType({ name, userAgent, transport: 'http' })
        return { transport: 'http', clientType, ...peers.getStore() }
      }),
    { legacy: 'reject', onerror: onError, maxSubscriptions: mostSubscriptions },
  )
  const serveBySdk = toNodeHandler(handler, { onerror: onError })
  // The same words the SDK puts on each result of this era.
  const stamp = { resultType: 'complete', _meta: { [SERVER_INFO_META_KEY]: info } }
  const toWire = (result: ToolResult): object => ({ ...result, ...stamp })
  return {
    async serve(exchange, route) {
      const call = route === undefined ? undefined : plainToolCall(exchange, route)
      if (call !== undefined) return serveToolCall(core, exchange, call, { caller: callerOf(exchange, call), toWire })
      const { request, reply } = exchange
      reply.hijack()
      // Node's own type allows a missing method, which a server's requests never have.
      const raw = request.raw as typeof request.raw & { method: string; url: string }
      await peers.run({ remoteAddress: request.ip, principal: request.principal }, () => serveBySdk(raw, reply.raw, request.body))
    },
    close: () => handler.close(),
  }
}

/** A tool call whose headers all say what its body says; any doubt is the SDK's to answer. */
function plainToolCall(exchange: Exchange, route: InboundModernRoute): ToolCallRequest | undefined {
  if (route.messageKind !== 'request' || route.classification.revision !== servedVersion) return undefined
  const call = readToolCall(route.message)
  const isPlain =
    call !== undefined &&
    headerOf(exchange, 'mcp-protocol-version') === servedVersion &&
    headerOf(exchange, 'mcp-method') === 'tools/call' &&
    headerOf(exchange, 'mcp-name') === call.name &&
    headerOf(exchange, 'content-type') === 'application/json' &&
    headerOf(exchange, 'accept')?.includes('application/json') === true
  return isPlain ? call : undefined
}

function callerOf(exchange: Exchange, { meta }: ToolCallRequest): Caller {
  const userAgent = headerOf(exchange, 'user-agent')
  const clientType = detectClientType({ name: clientNameOf(meta), userAgent, transport: 'http' })
  const { ip: remoteAddress, principal } = exchange.request
  return { transport: 'http', clientType, remoteAddress, principal }
}
