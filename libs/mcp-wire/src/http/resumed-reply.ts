import type { Clock } from '@squall/time'
import type { CallExchange, PendingCall } from '../pending-call.ts'
import type { ServerMessage } from '../rpc/message.ts'
import { HeldStream } from './held-stream.ts'
import type { HttpExchange, HttpRequest } from './http-exchange.ts'

/** Where a stream broke off, and how long the server wants the client to wait. */
export interface StreamCursor {
  readonly lastEventId: string
  readonly retryMs: number | undefined
}

export interface ResumedReplyParts {
  readonly clock: Clock
  readonly exchange: HttpExchange
  readonly call: PendingCall
  readonly cursor: StreamCursor
  readonly toStreamRequest: (lastEventId: string | undefined) => HttpRequest
  readonly streamRetries: number
  readonly largestReplyBytes: number
  readonly onMessage: (message: ServerMessage) => void
  readonly onReceived: (bytes: number) => void
  /** The stream is given up or has brought the answer. */
  readonly onOver: (resumed: CallExchange) => void
}

/**
 * The rest of an answer whose stream broke off: fetched by GET behind the last event that was seen, as often as it takes
 * within the call's time. Source: MCP 2025-11-25, "Transports", resumability and redelivery.
 */
export class ResumedReply implements CallExchange {
  readonly #parts: ResumedReplyParts
  readonly #stream: HeldStream
  #isOver = false

  constructor(parts: ResumedReplyParts) {
    const { clock, exchange, cursor, toStreamRequest: toRequest, streamRetries: retriesAllowed } = parts
    this.#parts = parts
    this.#stream = new HeldStream({
      clock,
      exchange,
      toRequest,
      canResume: true,
      retriesAllowed,
      largestEventBytes: parts.largestReplyBytes,
      from: cursor,
      onMessage: (message) => this.#take(message),
      onReceived: (bytes) => this.#received(bytes),
      onGivenUp: () => this.#giveUp(),
    })
    this.#stream.openLater()
  }

  get isOver(): boolean {
    return this.#isOver
  }

  breakOff(): void {
    this.#isOver = true
    this.#stream.close()
    this.#parts.onOver(this)
  }

  #take(message: ServerMessage): void {
    this.#parts.onMessage(message)
    if (this.#parts.call.isSettled) this.breakOff()
  }

  #received(bytes: number): void {
    this.#parts.onReceived(bytes)
    this.#parts.call.received(bytes)
  }

  #giveUp(): void {
    this.#isOver = true
    this.#parts.call.fail('protocol.truncated', 'the stream broke off before the answer, and could not be resumed')
    this.#parts.onOver(this)
  }
}
