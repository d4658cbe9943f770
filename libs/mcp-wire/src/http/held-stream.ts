import type { Clock, Timer } from '@squall/time'
import { readMessage, type ServerMessage } from '../rpc/message.ts'
import type { HttpExchange, HttpRequest, HttpSink, ReplyHeaders, RunningExchange } from './http-exchange.ts'
import type { StreamCursor } from './resumed-reply.ts'
import { ReplyReader } from './reply-reader.ts'

export interface HeldStreamOptions {
  readonly clock: Clock
  readonly exchange: HttpExchange
  /** The request that opens the stream, anew each time: it resumes behind the last event seen. */
  readonly toRequest: (lastEventId: string | undefined) => HttpRequest
  readonly canResume: boolean
  /** After how many vain attempts to open it again it is given up. */
  readonly retriesAllowed: number
  readonly largestEventBytes: number
  /** Where a stream broke off that this one goes on with. */
  readonly from?: StreamCursor
  readonly onMessage: (message: ServerMessage) => void
  /** Of the body of the request that opens it, where that has one. */
  readonly onSent?: (bytes: number) => void
  readonly onReceived: (bytes: number) => void
  /** It was refused, or could not be opened again. */
  readonly onGivenUp?: () => void
}

// As the official SDK does: the pause doubles up to a bound.
const firstPauseMs = 1000
const longestPauseMs = 30_000

/** The stream on which a server may speak first. Opened once, and again when it breaks. */
export class HeldStream {
  readonly #options: HeldStreamOptions
  #running: RunningExchange | undefined
  #timer: Timer | undefined
  #isClosed = false
  #vainAttempts = 0
  #lastEventId: string | undefined
  #retryMs: number | undefined
  #reader: ReplyReader | undefined

  constructor(options: HeldStreamOptions) {
    this.#options = options
    this.#lastEventId = options.from?.lastEventId
    this.#retryMs = options.from?.retryMs
  }

  open(): void {
    this.#running = this.#options.exchange.send(this.#options.toRequest(this.#lastEventId), this.#sink())
  }

  /** Opens after the pause that the server asked for. */
  openLater(): void {
    this.#reopen()
  }

  /** Cuts the stream as a lost network would, and opens it again at once. */
  resume(): void {
    if (this.#isClosed) return
    this.#timer?.cancel()
    this.#running?.abort()
    this.#remember()
    this.open()
  }

  close(): void {
    this.#isClosed = true
    this.#timer?.cancel()
    this.#running?.abort()
  }

  #sink(): HttpSink {
    this.#reader = undefined
    return {
      onWritten: (bodyBytes) => this.#options.onSent?.(bodyBytes),
      onHead: (status, headers) => {
        // A server may offer no stream (405); anything else than a stream of events is no better.
        if (status === 200) this.#reader = this.#read(headers)
        else this.#giveUp()
      },
      onChunk: (chunk, isLast) => {
        this.#options.onReceived(chunk.length)
        this.#reader?.push(chunk, isLast)
      },
      onEnd: () => this.#reopen(),
      onFailure: () => this.#reopen(),
    }
  }

  #read(headers: ReplyHeaders): ReplyReader {
    this.#vainAttempts = 0
    return new ReplyReader(headers, this.#options.largestEventBytes, {
      onText: (text) => this.#options.onMessage(readMessage(text)),
      onBroken: () => this.#giveUp(),
    })
  }

  #giveUp(): void {
    this.close()
    this.#options.onGivenUp?.()
  }

  #remember(): void {
    this.#lastEventId = this.#reader?.lastEventId ?? this.#lastEventId
    this.#retryMs = this.#reader?.retryMs ?? this.#retryMs
  }

  #reopen(): void {
    this.#remember()
    const { clock, canResume, retriesAllowed } = this.#options
    if (this.#isClosed) return
    if (!canResume || this.#vainAttempts >= retriesAllowed) return this.#giveUp()
    const pauseMs = Math.min((this.#retryMs ?? firstPauseMs) * 2 ** this.#vainAttempts, longestPauseMs)
    this.#vainAttempts++
    this.#timer = clock.at(clock.monotonicMs() + pauseMs, () => this.open())
  }
}
