import type { FailureCode } from '../call-outcome.ts'
import { type HttpSink, MalformedReply } from '../http/http-exchange.ts'

export interface PostedMessageEvents {
  readonly onSent: () => void
  readonly onReceived: (bytes: number) => void
  readonly onAccepted: () => void
  readonly onFailed: (code: FailureCode, why: string) => void
  /** Comes last, whatever became of it. */
  readonly onOver: () => void
}

/** What comes back on a POST whose answer, if there is one, comes on the stream: nothing counts but the status. */
export class PostedMessage implements HttpSink {
  readonly #events: PostedMessageEvents
  #isWritten = false
  #status = 0

  constructor(events: PostedMessageEvents) {
    this.#events = events
  }

  onWritten(): void {
    this.#isWritten = true
    this.#events.onSent()
  }

  onHead(status: number): void {
    this.#status = status
  }

  onChunk(chunk: Buffer): void {
    this.#events.onReceived(chunk.length)
  }

  onEnd(): void {
    if (this.#status >= 200 && this.#status < 300) this.#events.onAccepted()
    else this.#events.onFailed(`http.${this.#status}`, `the server answered with status ${this.#status}`)
    this.#events.onOver()
  }

  onFailure(error: Error): void {
    const cut = this.#isWritten ? 'transport.reset' : 'transport.refused'
    this.#events.onFailed(error instanceof MalformedReply ? 'protocol.bad_reply' : cut, error.message)
    this.#events.onOver()
  }
}
