import type { Session } from '@squall/session'
import type { Timer } from '@squall/time'
import { rpcCodes } from '../../protocol/call-reply.ts'
import type { ServerCore } from '../../server-core.ts'
import { headerOf, sendRpcError, type Exchange } from './exchange.ts'

const keepAliveMs = 15_000

/**
 * Opens the stream on which a server may speak first. This one never does: the stream carries comments that keep it open through
 * proxies, and its end tells the client that its session is over. One stream per session.
 */
export async function openEventStream(core: ServerCore, exchange: Exchange, session: Session): Promise<void> {
  if (headerOf(exchange, 'accept')?.includes('text/event-stream') !== true) {
    const message = 'Not Acceptable: Client must accept text/event-stream'
    return sendRpcError(exchange, 406, { code: rpcCodes.server, message })
  }
  if (session.hasStream) {
    const message = 'Conflict: Only one SSE stream is allowed per session'
    return sendRpcError(exchange, 409, { code: rpcCodes.server, message })
  }
  await stream(core, exchange, session)
}

async function stream({ clock, sessions }: ServerCore, { reply }: Exchange, session: Session): Promise<void> {
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    'mcp-session-id': session.id,
  })
  raw.flushHeaders()
  const closed = sessions.openStream(session, () => raw.end())
  const scheduleKeepAlive = (): Timer =>
    clock.at(clock.monotonicMs() + keepAliveMs, () => {
      raw.write(': keepalive\n\n')
      timer = scheduleKeepAlive()
    })
  let timer = scheduleKeepAlive()
  await new Promise<void>((resolve) => raw.once('close', resolve))
  timer.cancel()
  closed()
}
