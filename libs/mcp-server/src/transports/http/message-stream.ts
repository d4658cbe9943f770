import { EventResponse } from './event-response.ts'
import type { Exchange } from './exchange.ts'

/** Where a call's notifications go, and its answer once there was one. */
export interface MessageStream {
  send(message: object): void
  keepAlive(): void
  /** The answer, after which nothing follows. */
  end(message: object): void
}

/** A stream that ends with its connection: who loses it has lost the call. */
export function openPlainStream(exchange: Exchange, onGone: () => void): MessageStream {
  let hasEnded = false
  const events = new EventResponse(exchange, {}, () => {
    if (!hasEnded) onGone()
  })
  const send = (message: object): void => events.send({ data: JSON.stringify(message) })
  return {
    send,
    keepAlive: () => events.keepAlive(),
    end(message) {
      hasEnded = true
      send(message)
      events.end()
    },
  }
}
