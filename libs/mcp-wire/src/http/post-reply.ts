import type { CallExchange, PendingCall } from '../pending-call.ts'
import { readMessage, type ServerMessage } from '../rpc/message.ts'
import { describeTlsFailure } from './describe-tls-failure.ts'
import { type HttpSink, MalformedReply, type ReplyHeaders, type RunningExchange } from './http-exchange.ts'
import { type ReplyEvents, ReplyReader } from './reply-reader.ts'
import type { StreamCursor } from './resumed-reply.ts'
import { retryAfterMs } from './retry-after.ts'

/** What the exchange of one POST tells its connection. */
export interface PostReplyHost {
  readonly largestReplyBytes: number
  /** Whether JSON-RPC errors come under a status of their own. */
  isModern(): boolean
  wallMs(): number
  onSent(bytes: number): void
  onReceived(bytes: number): void
  onHead(call: PendingCall, status: number, headers: ReplyHeaders): void
  /** A message on the answer's stream. */
  take(message: ServerMessage, call: PendingCall): void
  /**
   * The stream of a call broke off before its answer, behind an event with an id.
   * @returns whether the rest is being fetched.
   */
  onCut(call: PendingCall, cursor: StreamCursor): boolean
  /** The exchange is over, one way or another. */
  onOver(exchange: CallExchange): void
}

/** What comes back on the POST of one request: judges the HTTP answer, and hands its messages on. */
export class PostReply implements HttpSink, ReplyEvents, CallExchange {
  readonly call: PendingCall
  readonly #host: PostReplyHost
  #running: RunningExchange | undefined
  #isWritten = false
  #isOver = false
  #status = 0
  #headers: ReplyHeaders | undefined
  #reader: ReplyReader | undefined

  constructor(call: PendingCall, host: PostReplyHost) {
    this.call = call
    this.#host = host
  }

  /** To be told once, when the exchange is under way: how to break it off. */
  startedWith(running: RunningExchange): void {
    this.#running = running
  }

  /** Whether something may still come in. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Breaks the exchange off; the call must have been settled. */
  breakOff(): void {
    this.#running?.abort()
    this.#end()
  }

  onWritten(bodyBytes: number): void {
    this.#isWritten = true
    this.call.bytesSent = bodyBytes
    this.#host.onSent(bodyBytes)
  }

  onHead(status: number, headers: ReplyHeaders, atMs?: number): void {
    this.call.received(0, atMs)
    this.#status = status
    this.#headers = headers
    this.#host.onHead(this.call, status, headers)
    this.#reader = new ReplyReader(headers, this.#host.largestReplyBytes, this)
  }

  onChunk(chunk: Buffer, isLast: boolean): void {
    this.#host.onReceived(chunk.length)
    this.call.received(chunk.length)
    this.#reader?.push(chunk, isLast)
  }

  onEnd(): void {
    this.#end()
    this.#reader?.end()
    if (this.call.isSettled) return
    if (this.#status !== 200) this.#failWithStatus()
    else if (this.#reader?.kind === 'sse') this.#failAsCut('the stream ended without the answer')
    else this.call.fail('protocol.bad_reply', 'an answer that is neither JSON nor a stream of events', this.#excerpt())
  }

  onFailure(error: Error): void {
    this.#end()
    const tls = this.call.hasAnswerBegun ? undefined : describeTlsFailure(error)
    if (tls !== undefined) this.call.fail('transport.tls', tls)
    else if (error instanceof MalformedReply) this.call.fail('protocol.bad_reply', error.message)
    else if (this.call.hasAnswerBegun) this.#failAsCut(`the answer broke off: ${error.message}`)
    else if (this.#isWritten) this.call.fail('transport.reset', error.message)
    else this.call.fail('transport.refused', describeRefusal(error))
  }

  onText(text: string): void {
    const message = readMessage(text)
    if (this.#reader?.kind === 'sse' && this.#status === 200) {
      if (message.kind === 'invalid') this.#giveUp(message.why)
      else this.#host.take(message, this.call)
    } else this.#takeBody(message)
  }

  onBroken(why: string): void {
    this.#giveUp(why)
  }

  /** Unless the server can be asked for the rest. */
  #failAsCut(why: string): void {
    const { lastEventId, retryMs } = this.#reader ?? {}
    const isResumed = !this.call.isSettled && lastEventId !== undefined && this.#host.onCut(this.call, { lastEventId, retryMs })
    if (!isResumed) this.call.fail('protocol.truncated', why)
  }

  #end(): void {
    this.#isOver = true
    this.#host.onOver(this)
  }

  /** The body of an answer that is no stream: it must answer this very request. */
  #takeBody(message: ServerMessage): void {
    const isReply = message.kind === 'result' || message.kind === 'error'
    if (this.#status !== 200) {
      if (this.#mayExplainStatus && isReply && message.id === this.call.id) this.call.answer(message)
    } else if (!isReply) this.#giveUp(message.kind === 'invalid' ? message.why : `a ${message.kind} instead of the answer`)
    else if (message.id === this.call.id) this.call.answer(message)
    else this.call.fail('protocol.wrong_id', `an answer to ${JSON.stringify(message.id)}`, this.#excerpt())
  }

  /** The modern era puts JSON-RPC errors under a status of their own; anywhere else the status alone counts. */
  get #mayExplainStatus(): boolean {
    return this.#host.isModern() && (this.#status === 400 || this.#status === 404)
  }

  #failWithStatus(): void {
    if (this.#status === 202 || this.#status === 204) return this.#giveUp(`status ${this.#status}, which brings no answer`)
    const pauseMs = retryAfterMs(this.#headers?.get('retry-after'), this.#host.wallMs())
    const pause = pauseMs === undefined ? {} : { retryAfterMs: pauseMs }
    this.call.fail(`http.${this.#status}`, `the server answered with status ${this.#status}`, { ...pause, ...this.#excerpt() })
  }

  #giveUp(why: string): void {
    this.call.fail('protocol.bad_reply', why, this.#excerpt())
    this.breakOff()
  }

  #excerpt(): { readonly replyExcerpt?: string } {
    const excerpt = this.#reader?.excerpt ?? ''
    return excerpt === '' ? {} : { replyExcerpt: excerpt }
  }
}

function describeRefusal(error: Error): string {
  return error.message === '' && 'code' in error ? String(error.code) : error.message
}
