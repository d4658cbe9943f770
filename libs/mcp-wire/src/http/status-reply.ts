import type { PendingCall } from '../pending-call.ts'
import { type AbortExchange, type HttpSink, MalformedReply } from './http-exchange.ts'

export interface StatusReplyHost {
  readonly onSent: (bytes: number) => void
  readonly onReceived: (bytes: number) => void
  /** The exchange is over, one way or another. */
  readonly onOver: (call: PendingCall) => void
}

/** What comes back where only the status counts: on a notification, a DELETE, or a search for metadata. */
export class StatusReply implements HttpSink {
  readonly #call: PendingCall
  readonly #requestBytes: number
  readonly #host: StatusReplyHost
  #abort: AbortExchange | undefined
  #isWritten = false
  #status = 0

  constructor(call: PendingCall, requestBytes: number, host: StatusReplyHost) {
    this.#call = call
    this.#requestBytes = requestBytes
    this.#host = host
  }

  startedWith(abort: AbortExchange): void {
    this.#abort = abort
  }

  breakOff(): void {
    this.#abort?.()
    this.#host.onOver(this.#call)
  }

  onWritten(): void {
    this.#isWritten = true
    this.#call.bytesSent = this.#requestBytes
    this.#host.onSent(this.#requestBytes)
  }

  onHead(status: number): void {
    this.#status = status
  }

  onChunk(chunk: Buffer): void {
    this.#host.onReceived(chunk.length)
    this.#call.received(chunk.length)
  }

  onEnd(): void {
    this.#host.onOver(this.#call)
    if (this.#status >= 200 && this.#status < 300) this.#call.acknowledge()
    else this.#call.fail(`http.${this.#status}`, `the server answered with status ${this.#status}`)
  }

  onFailure(error: Error): void {
    this.#host.onOver(this.#call)
    if (error instanceof MalformedReply) this.#call.fail('protocol.bad_reply', error.message)
    else if (this.#status > 0) this.#call.fail('protocol.truncated', error.message)
    else this.#call.fail(this.#isWritten ? 'transport.reset' : 'transport.refused', error.message)
  }
}
