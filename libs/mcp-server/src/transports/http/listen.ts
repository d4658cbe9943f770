import { createServer, type Server } from 'node:http'
import { CodedError } from '@squall/errors'
import { sleep, type Clock } from '@squall/time'
import fastify, { type FastifyInstance } from 'fastify'
import { mcpServerErrors } from '../../errors.ts'
import { CallWatch } from '../../protocol/call-watch.ts'
import type { ServerInfo } from '../../protocol/server-info.ts'
import type { ServerCore } from '../../server-core.ts'
import { restEndpoints } from '../rest/rest-endpoints.ts'
import { createWebSocketEndpoint } from '../websocket/websocket-endpoint.ts'
import { resourceMetadata } from './access-hook.ts'
import { answerClientError } from './client-error.ts'
import type { CarriedRequest } from './carried-request.ts'
import { createFront } from './front.ts'
import { createHostCheck } from './host-check.ts'
import { createMcpEndpoint, type McpEndpointOptions } from './mcp-endpoint.ts'
import { createFindPeer } from './peer.ts'
import { operatorEndpoints, type Siblings } from './operator-endpoints.ts'

export interface HttpOptions extends Pick<McpEndpointOptions, 'takeElsewhere'> {
  /** The other processes that listen at the same address; absent where there are none. */
  readonly siblings?: Siblings
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** Names browsers and proxies may call this server by, without port; others are taken for DNS rebinding. */
  readonly allowedHosts: readonly string[]
  readonly maxBodyBytes: number
  /** Addresses and ranges of proxies whose X-Forwarded-For is believed; nobody's where absent. */
  readonly trustedProxies?: readonly string[]
  readonly info: ServerInfo
  /** How long a client may take to send its headers, and its whole request. */
  readonly requestTimeouts?: RequestTimeouts
  /** Told of requests that were refused and of replies that could not be made. */
  readonly onError: (error: Error) => void
}

export interface RequestTimeouts {
  readonly headersMs: number
  readonly wholeMs: number
  /** How often it is looked. */
  readonly checkEveryMs: number
}

export interface HttpListener {
  /** Of the MCP endpoint. */
  readonly url: string
  /** Serves a connection that another process took, and what it read of it already. */
  adopt(carried: CarriedRequest): void
  /**
   * Leaves new connections to others that listen at the same address, and serves those that are here to their end, for `graceMs` at most:
   * for a server of several processes, where no call shall fail because one of them stops.
   */
  yieldTo(graceMs: number): Promise<void>
  /** Stops listening, ends idle connections and event streams at once, and others with their replies or a moment later. */
  close(): Promise<void>
}

const patience: RequestTimeouts = { headersMs: 10_000, wholeMs: 30_000, checkEveryMs: 2000 }
/** Longer than proxies usually keep connections, so that it is not us who close one just as a request is on its way. */
const keepAliveTimeoutMs = 75_000

/**
 * Serves MCP at `/mcp`, over HTTP and WebSocket, REST below it, and what operators ask beside it.
 * @throws CodedError MCP_PORT_IN_USE, MCP_CANNOT_LISTEN
 */
export async function listenHttp(core: ServerCore, options: HttpOptions): Promise<HttpListener> {
  const { requestTimeouts = patience, maxBodyBytes, onError } = options
  const watch = new CallWatch(core.clock)
  const checkHost = createHostCheck(options.allowedHosts)
  const findPeer = createFindPeer(core.access, options.trustedProxies)
  const era = { core, watch, info: options.info, onError }
  const mcp = createMcpEndpoint({ ...era, takeElsewhere: options.takeElsewhere })
  const server = createServer({
    headersTimeout: requestTimeouts.headersMs,
    requestTimeout: requestTimeouts.wholeMs,
    connectionsCheckingInterval: requestTimeouts.checkEveryMs,
    keepAliveTimeout: keepAliveTimeoutMs,
  })
  const app = fastify({
    bodyLimit: maxBodyBytes,
    forceCloseConnections: 'idle',
    trustProxy: options.trustedProxies === undefined ? false : [...options.trustedProxies],
    clientErrorHandler: (error, socket) => answerClientError(core, error, socket),
    serverFactory: (others) =>
      server.on('request', createFront({ core, checkHost, findPeer, mcp, maxBodyBytes, onError, others })),
  })
  const sockets = createWebSocketEndpoint({ ...era, checkHost, findPeer, maxMessageBytes: maxBodyBytes })
  server.on('upgrade', sockets.upgrade)
  // Before the server waits for its connections to end: these would not by themselves.
  app.addHook('preClose', async () => {
    watch.close()
    await Promise.all([mcp.close(), sockets.close()])
  })
  app.addHook('onResponse', async (_request, reply) =>
    core.metrics.httpReplied(reply.statusCode, Number(reply.getHeader('content-length') ?? 0)),
  )
  app.decorateRequest('principal')
  await app.register(restEndpoints(core, onError))
  await app.register(resourceMetadata(core.access, options.info.title))
  await app.register(operatorEndpoints(core, options.info, options.siblings))
  const origin = await listen(app, options)
  return {
    url: `${origin}/mcp`,
    adopt: (carried) => adopt(server, carried),
    yieldTo: (graceMs) => yieldTo(server, core.clock, graceMs),
    close: () => close(app, core.clock),
  }
}

/** Each connection ends with its next reply. */
async function yieldTo(server: Server, clock: Clock, graceMs: number): Promise<void> {
  server.prependListener('request', (_request, response) => void response.setHeader('connection', 'close'))
  const ended = new AbortController()
  server.close(() => ended.abort())
  await sleep(clock, graceMs, ended.signal).catch(() => undefined)
}

function adopt(server: Server, { socket, bytes }: CarriedRequest): void {
  socket.unshift(bytes)
  server.emit('connection', socket)
}

/** Lets replies go out, for a moment. */
async function close(app: FastifyInstance, clock: Clock): Promise<void> {
  const impatience = clock.at(clock.monotonicMs() + closeGraceMs, () => app.server.closeAllConnections())
  await app.close()
  impatience.cancel()
}

const closeGraceMs = 300

async function listen(app: FastifyInstance, { host, port }: HttpOptions): Promise<string> {
  try {
    return await app.listen({ host, port })
  } catch (error) {
    await app.close()
    throw toListenError(error as NodeJS.ErrnoException, host, port)
  }
}

/** Says in words for people why an address and port could not be had. */
export function toListenError(error: NodeJS.ErrnoException, host: string, port: number): CodedError {
  const definition = error.code === 'EADDRINUSE' ? mcpServerErrors.MCP_PORT_IN_USE : mcpServerErrors.MCP_CANNOT_LISTEN
  const why = error.code === 'EADDRINUSE' ? 'another program listens there' : error.message
  return new CodedError(definition, { message: `Cannot listen on ${host}:${port}: ${why}.`, cause: error })
}
