import type { Clock, Timer } from '@squall/time'
import { EventResponse } from './event-response.ts'
import type { Exchange, Headers } from './exchange.ts'
import type { MessageStream } from './message-stream.ts'
import type { ReplayBudget } from './replay-budget.ts'

export interface ResumableOptions {
  readonly clock: Clock
  readonly budget: ReplayBudget
  /** Names the stream within its session; its events are `NAME_1`, `NAME_2`, … */
  readonly name: string
  readonly headers: Headers
  /** Whether the first event may be an empty one that only tells its id, which clients before 2025-11-25 stumble over. */
  readonly isPrimed: boolean
  /** Nobody came back in time for the rest of the stream. */
  readonly onAbandoned: () => void
  /** The stream has ended, and nobody can ask for it again. */
  readonly onForgotten: () => void
}

interface SentEvent {
  readonly sequence: number
  readonly data: string
}

/** How long a client may stay away before the stream, and the call behind it, are given up. */
const resumeWindowMs = 30_000
const retryMs = 1000
/** Of one stream; the oldest are forgotten first. */
const mostEvents = 256

/**
 * A stream of one session that outlives its connection: its events are numbered and kept for a while, and a client that lost the
 * connection comes back with the id of the last one it saw. While nobody listens, the stream goes on.
 */
export class ResumableStream implements MessageStream {
  readonly #options: ResumableOptions
  #events: SentEvent[] = []
  #keptBytes = 0
  #sequence = 0
  #response: EventResponse | undefined
  #away: Timer | undefined
  #hasEnded = false

  constructor(options: ResumableOptions, exchange: Exchange) {
    this.#options = options
    this.#attach(exchange)
    this.#response?.send({ id: this.#idOf(0), retryMs, ...(options.isPrimed && { data: '' }) })
  }

  get hasListener(): boolean {
    return this.#response !== undefined
  }

  send(message: object): void {
    const event = { sequence: ++this.#sequence, data: JSON.stringify(message) }
    this.#keep(event)
    this.#deliver(event)
  }

  keepAlive(): void {
    this.#response?.keepAlive()
  }

  end(message: object): void {
    this.send(message)
    this.finish()
  }

  /** Nothing follows any more. */
  finish(): void {
    this.#hasEnded = true
    this.#response?.end()
    // The last bytes may have been lost on the way.
    this.#awaitReturn()
  }

  /** Goes on in another connection after the event the client saw last; the former connection ends. */
  resume(exchange: Exchange, lastSequence: number): void {
    this.#response?.end()
    this.#attach(exchange)
    for (const event of this.#events) if (event.sequence > lastSequence) this.#deliver(event)
    if (this.#hasEnded) this.finish()
  }

  /** Drops what is kept: the bound of all streams together is reached, or the session has ended. */
  forget(): void {
    this.#options.budget.release(this, this.#keptBytes)
    this.#events = []
    this.#keptBytes = 0
  }

  /** Ends the stream with its session. */
  close(): void {
    this.#away?.cancel()
    this.#response?.end()
    this.forget()
  }

  #attach(exchange: Exchange): void {
    this.#away?.cancel()
    const response = new EventResponse(exchange, this.#options.headers, () => {
      if (this.#response !== response) return
      this.#response = undefined
      if (!this.#hasEnded) this.#awaitReturn()
    })
    this.#response = response
  }

  #awaitReturn(): void {
    const { clock, onAbandoned, onForgotten } = this.#options
    this.#away?.cancel()
    this.#away = clock.at(clock.monotonicMs() + resumeWindowMs, () => {
      if (!this.#hasEnded) onAbandoned()
      this.forget()
      onForgotten()
    })
  }

  #deliver({ sequence, data }: SentEvent): void {
    this.#response?.send({ id: this.#idOf(sequence), data })
  }

  #keep(event: SentEvent): void {
    this.#events.push(event)
    const bytes = event.data.length
    this.#keptBytes += bytes
    if (this.#events.length > mostEvents) {
      const dropped = this.#events.shift()?.data.length ?? 0
      this.#keptBytes -= dropped
      this.#options.budget.release(this, dropped)
    }
    this.#options.budget.take(this, bytes)
  }

  #idOf(sequence: number): string {
    return `${this.#options.name}_${sequence}`
  }
}
