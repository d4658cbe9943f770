import type { IncomingMessage } from 'node:http'
import { serveStdio as serveDuplex } from '@modelcontextprotocol/server/stdio'
import { CodedError } from '@squall/errors'
import { localPrincipal } from '../../access/principal.ts'
import { detectClientType, type Session } from '@squall/session'
import type { Clock } from '@squall/time'
import type { RawData, WebSocket } from 'ws'
import type { Peer } from '../http/peer.ts'
import { createSdkServer, type SdkServerOptions } from '../../protocol/sdk-server.ts'
import { DuplexTransport } from '../duplex/duplex-transport.ts'

export interface SocketOptions extends SdkServerOptions {
  readonly onError: (error: Error) => void
}

/** A client that leaves more than this unread is cut off. */
const mostUnreadBytes = 8 * 1_048_576
const pingEveryMs = 30_000
const goingAway = 1001
const unsupportedData = 1003

/**
 * Opens a session for a client that wants a WebSocket.
 * @returns what serves the socket once it is there, or why there is no room for one.
 */
export function serveSocket(
  options: SocketOptions,
  request: IncomingMessage,
  peer: Peer,
): ((socket: WebSocket) => void) | CodedError {
  const { core } = options
  const clientType = detectClientType({ userAgent: request.headers['user-agent'], transport: 'websocket' })
  try {
    const session = core.sessions.open({ owner: peer.principal ?? localPrincipal, clientType })
    return (socket) => serve(options, socket, session, peer)
  } catch (error) {
    if (error instanceof CodedError) return error
    throw error
  }
}

function serve(
  { core, watch, info, onError }: SocketOptions,
  socket: WebSocket,
  session: Session,
  { remoteAddress, principal }: Peer,
): void {
  const transport = new DuplexTransport({
    write(text) {
      if (socket.readyState !== socket.OPEN) return
      socket.send(text)
      // Who does not read would not read a goodbye either.
      if (socket.bufferedAmount > mostUnreadBytes) socket.terminate()
    },
    end: () => socket.close(goingAway),
    onRefused: (reason) => core.metrics.messageRefused('websocket', reason),
  })
  const closed = core.sessions.openStream(session, () => socket.close(goingAway, 'the session has ended'))
  const stopPinging = pingRegularly(core.clock, socket)
  socket.on('message', (data: RawData, isBinary: boolean) => {
    if (isBinary) socket.close(unsupportedData, 'messages are text')
    // Frames come whole and as one buffer, which is the default of the library.
    else transport.receive((data as Buffer).toString())
  })
  socket.on('error', (error) => {
    if (isTooLarge(error)) core.metrics.messageRefused('websocket', 'too_large')
    onError(error)
  })
  socket.on('close', () => {
    stopPinging()
    closed()
    core.sessions.delete(session.id)
    transport.closed()
  })
  serveDuplex(
    () =>
      createSdkServer({ core, watch, info }, (name) => ({
        transport: 'websocket',
        clientType: name === undefined ? session.facts.clientType : detectClientType({ name, transport: 'websocket' }),
        session,
        remoteAddress,
        principal,
      })),
    { transport, onerror: onError },
  )
}

function isTooLarge(error: Error): boolean {
  return 'code' in error && error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'
}

/** A connection nobody answers on is a client that is gone; pings also keep one open through proxies. */
function pingRegularly(clock: Clock, socket: WebSocket): () => void {
  let hasAnswered = true
  socket.on('pong', () => (hasAnswered = true))
  const schedule = (): void => {
    timer = clock.at(clock.monotonicMs() + pingEveryMs, () => {
      if (!hasAnswered) return socket.terminate()
      hasAnswered = false
      socket.ping()
      schedule()
    })
  }
  let timer = { cancel: (): void => undefined }
  schedule()
  return () => timer.cancel()
}
