import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Warehouse } from '../../compute/warehouse.ts'
import { describeIssues, requireFaultKind } from '../../faults/faults.ts'
import { isLoopback } from '../loopback.ts'
import type { WireSession } from '../sessions/wire-session.ts'
import type { WireParts } from '../wire-parts.ts'

/** Where everything lives that is not Snowflake's. */
export const adminPrefix = '/_local/'

const named = z.object({ name: z.string() })
const warehouseBody = z.strictObject({
  slots: z.number().int().min(1).nullable().optional(),
  resumeDelayMs: z.number().min(0).max(3_600_000).optional(),
  suspended: z.boolean().optional(),
})

/** Not Snowflake's: for tests and operators. Health is for everybody, the rest for callers on the same machine. */
export function addAdminRoutes(app: FastifyInstance, parts: WireParts): void {
  app.get('/_local/health', () => ({ status: 'ok', account: parts.account, sessions: parts.sessions.size }))

  app.register(async (admin) => {
    admin.addHook('onRequest', async (request, reply) => {
      if (!isLoopback(request.ip)) await reply.code(403).send({ error: 'only callers on the same machine may do this' })
    })
    admin.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
      if (error instanceof z.ZodError) return reply.code(400).send({ error: describeIssues(error).join('; ') })
      throw error
    })
    admin.get('/_local/sessions', () => ({ sessions: parts.sessions.all().map((session) => describe(parts, session)) }))
    admin.get('/_local/state', () => describeState(parts))
    admin.post('/_local/reset', () => {
      parts.reset()
      return describeState(parts)
    })
    addFaultRoutes(admin, parts)
    addWarehouseRoutes(admin, parts)
  })
}

function addFaultRoutes(admin: FastifyInstance, { faults, sessions }: WireParts): void {
  admin.get('/_local/faults', () => faults.report())
  admin.put('/_local/faults/:name', ({ params, body }) => {
    const { name } = named.parse(params)
    faults.begin(requireFaultKind(name), body ?? {})
    return faults.report()[name]
  })
  admin.delete('/_local/faults/:name', ({ params }) => {
    const { name } = requireFaultKind(named.parse(params).name)
    faults.end(name)
    return faults.report()[name]
  })
  admin.delete('/_local/faults', () => {
    faults.endAll()
    return faults.report()
  })
  // Short for the fault of the same name, with its answer in one number.
  admin.post('/_local/expire-tokens', ({ body }) => {
    const { kind, sessionId } = expireBody.parse(body ?? {})
    return { expired: sessions.expireTokens(kind, sessionId) }
  })
}

const expireBody = z.object({
  kind: z.enum(['session', 'master']).default('session'),
  sessionId: z.coerce.string().optional(),
})

function addWarehouseRoutes(admin: FastifyInstance, { engine: { warehouses } }: WireParts): void {
  admin.get('/_local/warehouses', () => ({ warehouses: warehouses.all().map(describeWarehouse) }))
  admin.patch('/_local/warehouses/:name', ({ params, body }) => {
    const wanted = named.parse(params).name.toUpperCase()
    const { slots, resumeDelayMs, suspended } = warehouseBody.parse(body ?? {})
    const found = wanted === '*' ? warehouses.all() : warehouses.all().filter(({ name }) => name === wanted)
    if (found.length === 0) throw noSuchWarehouse(wanted, warehouses.all())
    for (const warehouse of found) {
      warehouse.configure({
        ...(slots !== undefined && { slots: slots ?? Infinity }),
        ...(resumeDelayMs !== undefined && { resumeDelayMs }),
      })
      if (suspended === true) warehouse.suspend()
      if (suspended === false) warehouse.start()
    }
    return { warehouses: found.map(describeWarehouse) }
  })
}

function noSuchWarehouse(name: string, all: readonly Warehouse[]): z.ZodError {
  const message = `there is no warehouse '${name}': expected * or one of ${all.map((one) => one.name).join(', ')}`
  return new z.ZodError([{ code: 'custom', path: [], message, input: name }])
}

function describeWarehouse({ name, status, settings, running, queued }: Warehouse): object {
  const { slots, resumeDelayMs } = settings
  return { name, status, slots: Number.isFinite(slots) ? slots : null, resumeDelayMs, running, queued }
}

function describeState({ sessions, statements, counters, door, faults, engine }: WireParts): object {
  const queued = engine.warehouses.all().reduce((sum, warehouse) => sum + warehouse.queued, 0)
  return {
    sessions: { open: sessions.size, opened: counters.sessionsOpened, ended: counters.sessionsEnded },
    signInsRefused: counters.signInsRefused,
    statements: {
      running: statements.running().length - queued,
      queued,
      started: counters.statementsStarted,
      succeeded: counters.statementsSucceeded,
      failed: counters.statementsFailed,
      cancelled: counters.statementsCancelled,
    },
    requests: counters.requests,
    connections: door.connections,
    warehouses: engine.warehouses.all().map(describeWarehouse),
    faults: faults.report(),
  }
}

function describe({ clock, statements }: WireParts, session: WireSession): object {
  const { id, engine, lastUsedMs } = session
  const running = statements.of(session).filter(({ outcome }) => outcome === undefined)
  return {
    id,
    ...engine.context,
    idleMs: Math.round(clock.monotonicMs() - lastUsedMs),
    tokensIssued: session.serial,
    runningStatements: running.length,
  }
}
