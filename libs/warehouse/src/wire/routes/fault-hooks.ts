import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Interruption } from '../../faults/fault.ts'
import type { WireParts } from '../wire-parts.ts'
import { adminPrefix } from './admin-routes.ts'

const signInPath = '/session/v1/login-request'

/** Lets faults meet requests of clients before they are served; the admin API is spared. */
export function addFaultHooks(app: FastifyInstance, { faults, counters, door }: WireParts): void {
  app.addHook('onRequest', async (request, reply) => {
    if (request.url.startsWith(adminPrefix)) {
      door.keep(request.socket)
      return
    }
    counters.requests += 1
    const interruption = faults.interruptionOf({ isSignIn: request.url.startsWith(signInPath) })
    if (interruption) await interrupt(reply, interruption)
  })
}

async function interrupt(reply: FastifyReply, interruption: Interruption): Promise<void> {
  if (interruption.kind === 'reset') {
    reply.hijack()
    reply.raw.socket?.resetAndDestroy()
    return
  }
  const { status, code, message, retryAfterSeconds } = interruption
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds))
  await reply.code(status).send({ success: false, code, message, data: null })
}
