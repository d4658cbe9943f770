import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { isLoopback } from '../loopback.ts'
import type { WireSession } from '../sessions/wire-session.ts'
import type { WireParts } from '../wire-parts.ts'

const expireBody = z.object({
  kind: z.enum(['session', 'master']).default('session'),
  sessionId: z.coerce.string().optional(),
})

/** Not Snowflake's: for tests and operators. Health is for everybody, the rest for callers on the same machine. */
export function addAdminRoutes(app: FastifyInstance, parts: WireParts): void {
  app.get('/_local/health', () => ({ status: 'ok', account: parts.account, sessions: parts.sessions.all().length }))

  app.register(async (admin) => {
    admin.addHook('onRequest', async (request, reply) => {
      if (!isLoopback(request.ip)) await reply.code(403).send({ error: 'only callers on the same machine may do this' })
    })
    admin.get('/_local/sessions', () => ({ sessions: parts.sessions.all().map((session) => describe(parts, session)) }))
    admin.post('/_local/expire-tokens', ({ body }) => {
      const { kind, sessionId } = expireBody.parse(body ?? {})
      return { expired: parts.sessions.expireTokens(kind, sessionId) }
    })
  })
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
