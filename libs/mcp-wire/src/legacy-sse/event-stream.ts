import type { FailureCode } from '../call-outcome.ts'
import { describeTlsFailure } from '../http/describe-tls-failure.ts'
import { type HttpSink, MalformedReply, type ReplyHeaders } from '../http/http-exchange.ts'
import { isEventStream } from '../http/media-type.ts'
import { type SseEvent, SseParser } from '../sse/sse-parser.ts'

export interface EventStreamEvents {
  readonly onEvent: (event: SseEvent, bytes: number) => void
  readonly onReceived: (bytes: number) => void
  /** Comes once and last. */
  readonly onOver: (code: FailureCode, why: string) => void
}

/** The stream on which a server of 2024-11-05 says everything it says. */
export class EventStream implements HttpSink {
  readonly #events: EventStreamEvents
  readonly #parser: SseParser
  readonly #largestEventBytes: number
  #isWritten = false
  #isOver = false

  constructor(largestEventBytes: number, events: EventStreamEvents) {
    this.#events = events
    this.#largestEventBytes = largestEventBytes
    this.#parser = new SseParser((event) => {
      if (!this.#isOver && event.data !== '') events.onEvent(event, Buffer.byteLength(event.data))
    }, largestEventBytes)
  }

  /** Gives the stream up; what still comes is not heard. */
  giveUp(code: FailureCode, why: string): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#events.onOver(code, why)
  }

  onWritten(): void {
    this.#isWritten = true
  }

  onHead(status: number, headers: ReplyHeaders): void {
    const type = headers.get('content-type') ?? 'none'
    if (status !== 200) this.giveUp(`http.${status}`, `the server answered with status ${status}`)
    else if (!isEventStream(type)) this.giveUp('protocol.bad_reply', `content of type ${type} instead of a stream of events`)
  }

  onChunk(chunk: Buffer): void {
    this.#events.onReceived(chunk.length)
    const breach = this.#isOver ? undefined : this.#parser.push(chunk)
    if (breach === 'no-utf8') this.giveUp('protocol.bad_reply', 'events that are no UTF-8')
    else if (breach !== undefined) {
      this.giveUp('protocol.bad_reply', `an event of more than ${this.#largestEventBytes} bytes`)
    }
  }

  onEnd(): void {
    this.giveUp('protocol.truncated', 'the stream ended without the answer')
  }

  onFailure(error: Error): void {
    const tls = this.#isWritten ? undefined : describeTlsFailure(error)
    if (tls !== undefined) return this.giveUp('transport.tls', tls)
    const cut = this.#isWritten ? 'transport.reset' : 'transport.refused'
    this.giveUp(
      error instanceof MalformedReply ? 'protocol.bad_reply' : cut,
      error.message === '' && 'code' in error ? String(error.code) : error.message,
    )
  }
}
