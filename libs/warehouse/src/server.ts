import Fastify, { type FastifyInstance } from 'fastify'
import type { Clock, Timer } from '@squall/time'
import { ZodError } from 'zod'
import type { WarehouseSettings } from './compute/warehouse.ts'
import type { WarehouseEngine } from './engine/engine.ts'
import { SnowflakeError } from './engine/snowflake-error.ts'
import type { WireLimits } from './wire/limits.ts'
import { createParts } from './wire/create-parts.ts'
import { longestBodyBytes, readBodiesAsJson } from './wire/read-body.ts'
import { toFailure } from './wire/replies/envelope.ts'
import { addAdminRoutes } from './wire/routes/admin-routes.ts'
import { addChunkRoutes } from './wire/routes/chunk-routes.ts'
import { addFaultHooks } from './wire/routes/fault-hooks.ts'
import { addLoginRoutes } from './wire/routes/login-routes.ts'
import { addMonitoringRoutes } from './wire/routes/monitoring-routes.ts'
import { addQueryRoutes } from './wire/routes/query-routes.ts'
import type { WarehouseUser } from './wire/sign-in/users.ts'
import { endSession, type WireParts } from './wire/wire-parts.ts'

export interface WarehouseServerOptions {
  /** Runs the SQL. Stays the caller's to close, after the server. */
  readonly engine: WarehouseEngine
  readonly users: readonly WarehouseUser[]
  /** The account clients sign in to; `LOCAL` unless set. */
  readonly account?: string
  readonly limits?: Partial<WireLimits>
  /** How all warehouses are at the start, and after a reset: endless slots and no delay unless set. */
  readonly warehouses?: Partial<WarehouseSettings>
  /** Faults at work from the start, and after a reset: options by kind. */
  readonly faults?: Readonly<Record<string, unknown>>
  readonly clock?: Clock
  /** Hears of errors that are bugs, not answers to a client. */
  readonly onBug: (error: unknown) => void
}

/** Snowflake's HTTP protocol, as its drivers speak it, in front of an engine. */
export interface WarehouseServer {
  /**
   * Starts to listen; port 0 takes a free one.
   * @returns the base URL.
   * @throws the system's error, with its code (`EADDRINUSE`, `EACCES`, …).
   */
  listen(address: { readonly host: string; readonly port: number }): Promise<string>
  /** Cancels what runs, ends all sessions and connections. */
  close(): Promise<void>
}

const sweepEveryMs = 30_000
/** Longer than clients keep idle connections, so that none is closed under a request on its way. */
const keepAliveMs = 300_000

/** @throws Error where a user's public key is not the PEM text of an RSA key, ZodError where a fault's options are not its kind's. */
export function createWarehouseServer(options: WarehouseServerOptions): WarehouseServer {
  const app = Fastify({ bodyLimit: longestBodyBytes, keepAliveTimeout: keepAliveMs, forceCloseConnections: true })
  const parts = createParts(options, app.server)
  addRoutes(app, parts)
  parts.reset()
  const sweeper = startSweeper(parts)
  return {
    listen: (address) => app.listen(address),
    close: async () => {
      sweeper.cancel()
      parts.faults.endAll()
      // Sessions first: the requests that wait for their statements then have their answers.
      await Promise.all(parts.sessions.all().map((session) => endSession(parts, session).catch(parts.reportBug)))
      await app.close()
    },
  }
}

function addRoutes(app: FastifyInstance, parts: WireParts): void {
  readBodiesAsJson(app)
  addFaultHooks(app, parts)
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    if (error instanceof SnowflakeError) return reply.send(toFailure(error))
    if (error instanceof ZodError || error.statusCode !== undefined)
      return reply.send(toFailure(new SnowflakeError('390400', '08P01', `Bad request: ${error.message}`)))
    parts.reportBug(error)
    return reply.code(500).send({ success: false, code: '390000', message: 'Internal error', data: null })
  })
  for (const add of [addLoginRoutes, addQueryRoutes, addChunkRoutes, addMonitoringRoutes, addAdminRoutes]) add(app, parts)
}

/** Now and then ends idle sessions and forgets old results. */
function startSweeper(parts: WireParts): Timer {
  const { clock, sessions, statements, reportBug } = parts
  let timer: Timer
  const sweep = (): void => {
    statements.sweep()
    for (const session of sessions.idle()) if (!statements.isBusy(session)) endSession(parts, session).catch(reportBug)
    arm()
  }
  const arm = (): void => void (timer = clock.at(clock.monotonicMs() + sweepEveryMs, sweep))
  arm()
  return { cancel: () => timer.cancel() }
}
