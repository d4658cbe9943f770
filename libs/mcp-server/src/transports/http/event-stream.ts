import type { Session } from '@squall/session'
import { rpcCodes } from '../../protocol/call-reply.ts'
import type { Exchange } from './exchange.ts'
import type { SessionStreams } from './session-streams.ts'

/**
 * Opens the stream on which a server may speak first, one per session, or goes on with any stream of the session after the event named
 * by `Last-Event-ID`. Its end tells the client that its session is over.
 */
export function openEventStream(streams: SessionStreams, exchange: Exchange, session: Session): void {
  if (!exchange.acceptsStream) return refuse(exchange, 406, 'Not Acceptable: Client must accept text/event-stream')
  const lastEventId = exchange.header('last-event-id')
  if (lastEventId === undefined) {
    if (!streams.openPush(exchange, session)) refuse(exchange, 409, 'Conflict: Only one SSE stream is allowed per session')
  } else if (!streams.resume(exchange, session, lastEventId))
    refuse(exchange, 400, 'Bad Request: the stream of that Last-Event-ID is not kept any more, or never was')
}

function refuse(exchange: Exchange, status: number, message: string): void {
  exchange.sendError(status, { code: rpcCodes.server, message })
}
