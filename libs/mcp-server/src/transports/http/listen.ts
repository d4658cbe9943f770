import { hostHeaderValidation, originValidation } from '@modelcontextprotocol/fastify'
import { CodedError } from '@squall/errors'
import type { Clock } from '@squall/time'
import fastify, { type FastifyInstance } from 'fastify'
import { mcpServerErrors } from '../../errors.ts'
import type { ServerInfo } from '../../protocol/server-info.ts'
import type { ServerCore } from '../../server-core.ts'
import { resourceMetadata } from './access-hook.ts'
import { mcpEndpoint } from './mcp-endpoint.ts'
import { operatorEndpoints } from './operator-endpoints.ts'

export interface HttpOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** Names browsers and proxies may call this server by, without port; others are taken for DNS rebinding. */
  readonly allowedHosts: readonly string[]
  readonly maxBodyBytes: number
  /** Addresses and ranges of proxies whose X-Forwarded-For is believed; nobody's where absent. */
  readonly trustedProxies?: readonly string[]
  readonly info: ServerInfo
  /** Told of requests that were refused and of replies that could not be made. */
  readonly onError: (error: Error) => void
}

export interface HttpListener {
  /** Of the MCP endpoint. */
  readonly url: string
  /** Stops listening, ends idle connections and event streams at once, and others with their replies or a moment later. */
  close(): Promise<void>
}

/**
 * Serves MCP at `/mcp`, and what operators ask beside it.
 * @throws CodedError MCP_PORT_IN_USE, MCP_CANNOT_LISTEN
 */
export async function listenHttp(core: ServerCore, options: HttpOptions): Promise<HttpListener> {
  const app = fastify({
    bodyLimit: options.maxBodyBytes,
    forceCloseConnections: 'idle',
    requestTimeout: 30_000,
    trustProxy: options.trustedProxies === undefined ? false : [...options.trustedProxies],
  })
  app.decorateRequest('principal')
  const hosts = [...options.allowedHosts]
  app.addHook('onRequest', hostHeaderValidation(hosts))
  app.addHook('onRequest', originValidation(hosts))
  app.addHook('onRequest', (_request, reply, done) => {
    reply.raw.once('finish', () =>
      core.metrics.httpReplied(reply.raw.statusCode, Number(reply.raw.getHeader('content-length') ?? 0)),
    )
    done()
  })
  await app.register(mcpEndpoint(core, options))
  await app.register(resourceMetadata(core.access, options.info.title))
  await app.register(operatorEndpoints(core, options.info))
  const origin = await listen(app, options)
  return { url: `${origin}/mcp`, close: () => close(app, core.clock) }
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

function toListenError(error: NodeJS.ErrnoException, host: string, port: number): CodedError {
  const definition = error.code === 'EADDRINUSE' ? mcpServerErrors.MCP_PORT_IN_USE : mcpServerErrors.MCP_CANNOT_LISTEN
  const why = error.code === 'EADDRINUSE' ? 'another program listens there' : error.message
  return new CodedError(definition, { message: `Cannot listen on ${host}:${port}: ${why}.`, cause: error })
}
