import type { AgentHello } from '@squall/load-protocol'
import fastify, { type FastifyInstance } from 'fastify'
import { checkDepth } from './check-depth.ts'
import { guardRequests, type GuardOptions } from './guard.ts'
import { answerRefusals, refuseAddress } from './refusals.ts'
import { addRunRoutes, type RunRoutesOptions } from './run-routes.ts'

export interface AppOptions extends RunRoutesOptions, Omit<GuardOptions, 'openPaths'> {
  readonly squallVersion: string
  /** Those at the Redis of the fleet; absent where this machine makes the load itself. */
  readonly listAgents: (() => Promise<readonly AgentHello[]>) | undefined
  /** Told of what is nobody's mistake but ours. */
  readonly onDefect: (error: unknown) => void
}

/** A pack is text that people write; what is larger is something else. */
const longestBodyBytes = 1024 * 1024
/** Nobody takes so long who means it; whoever waits for a run's end has sent all by then. */
const requestTimeoutMs = 30_000
const healthPath = '/healthz'

/** The HTTP side of a controller: it says what callers may do, and the registry does it. */
export function createApp(options: AppOptions): FastifyInstance {
  const { listAgents, squallVersion } = options
  const app = fastify({
    bodyLimit: longestBodyBytes,
    requestTimeout: requestTimeoutMs,
    forceCloseConnections: true,
    frameworkErrors: refuseAddress,
  })
  // What a form can send, any page in a browser can.
  app.removeContentTypeParser('text/plain')
  answerRefusals(app, options.onDefect)
  guardRequests(app, { ...options, openPaths: [healthPath] })
  app.addHook('preValidation', async ({ body }) => checkDepth(body))
  app.addHook('onSend', (_request, reply, _payload, done) => {
    void reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    done()
  })
  app.get(healthPath, () => ({ status: 'ok' }))
  app.get('/agents', async () => ({
    fabric: listAgents === undefined ? 'local' : 'bullmq',
    squallVersion,
    agents: (await listAgents?.()) ?? [],
  }))
  addRunRoutes(app, options)
  return app
}
