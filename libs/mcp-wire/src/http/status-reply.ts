import type { CallExchange, PendingCall } from '../pending-call.ts'
import { type HttpSink, MalformedReply, type ReplyHeaders, type RunningExchange } from './http-exchange.ts'
import { isEventStream } from './media-type.ts'

export interface StatusReplyHost {
  onSent(bytes: number): void
  onReceived(bytes: number): void
  /** The exchange is over, one way or another. */
  onOver(exchange: CallExchange): void
}

/** What comes back where only the status counts: on a notification, a DELETE, or a search for metadata. */
export class StatusReply implements HttpSink, CallExchange {
  readonly #call: PendingCall
  readonly #host: StatusReplyHost
  #running: RunningExchange | undefined
  #isWritten = false
  #isOver = false
  #status = 0

  constructor(call: PendingCall, host: StatusReplyHost) {
    this.#call = call
    this.#host = host
  }

  startedWith(running: RunningExchange): void {
    this.#running = running
  }

  get isOver(): boolean {
    return this.#isOver
  }

  breakOff(): void {
    this.#running?.abort()
    this.#end()
  }

  onWritten(bodyBytes: number): void {
    this.#isWritten = true
    this.#call.bytesSent = bodyBytes
    this.#host.onSent(bodyBytes)
  }

  onHead(status: number, headers: ReplyHeaders): void {
    this.#status = status
    // A stream may never end, and nobody listens to it: its status was all that counts.
    if (!isEventStream(headers.get('content-type') ?? '')) return
    this.#settle()
    this.breakOff()
  }

  onChunk(chunk: Buffer): void {
    this.#host.onReceived(chunk.length)
    this.#call.received(chunk.length)
  }

  onEnd(): void {
    this.#end()
    this.#settle()
  }

  onFailure(error: Error): void {
    this.#end()
    if (error instanceof MalformedReply) this.#call.fail('protocol.bad_reply', error.message)
    else if (this.#status > 0) this.#call.fail('protocol.truncated', error.message)
    else this.#call.fail(this.#isWritten ? 'transport.reset' : 'transport.refused', error.message)
  }

  #settle(): void {
    if (this.#status >= 200 && this.#status < 300) this.#call.acknowledge()
    else this.#call.fail(`http.${this.#status}`, `the server answered with status ${this.#status}`)
  }

  #end(): void {
    this.#isOver = true
    this.#host.onOver(this)
  }
}
