import type { Clock } from '@squall/time'
import type { CallOutcome } from '../call-outcome.ts'
import type { ConnectionObserver } from '../connection-observer.ts'
import { CallTable, type GivenUp } from '../call-table.ts'
import type { TakeOutcome, Traffic } from '../mcp-connection.ts'
import { type CallExchange, type CallFacts, type CallHost, PendingCall } from '../pending-call.ts'
import { toGivenUpMessage } from '../rpc/given-up.ts'
import type { ServerMessage } from '../rpc/message.ts'
import { noteNotice } from '../rpc/server-notices.ts'
import type { HttpExchange, HttpRequest, HttpSink, ReplyHeaders, RunningExchange } from './http-exchange.ts'
import { PostReply, type PostReplyHost } from './post-reply.ts'
import { ResumedReply, type StreamCursor } from './resumed-reply.ts'
import { StatusReply } from './status-reply.ts'

export interface HttpCallsOptions {
  readonly clock: Clock
  readonly exchange: HttpExchange
  readonly largestReplyBytes: number
  readonly isModern: () => boolean
  readonly onHead: (call: PendingCall, status: number, headers: ReplyHeaders) => void
  /** What the server says of its own accord. */
  readonly onServerMessage: (message: ServerQuestion) => void
  readonly observer: ConnectionObserver | undefined
  /** Opens a stream behind the last event seen. */
  readonly toStreamRequest: (lastEventId: string | undefined) => HttpRequest
  /** After how many vain attempts a stream is given up. */
  readonly streamRetries: number
  /** A request that was sent is given up before its answer. */
  readonly onCancelled: (call: PendingCall, why: GivenUp) => void
}

type ServerQuestion = ServerMessage & { readonly kind: 'request' | 'invalid' }

interface Exchange extends HttpSink, CallExchange {
  startedWith(running: RunningExchange): void
}

type ExchangeKind = new (call: PendingCall, host: PostReplyHost) => Exchange

/** How many streams may stay open behind their answers: each takes a socket. */
const answeredStreamsAllowed = 16

/** The HTTP exchanges of one connection under way, and the calls that wait on them. */
export class HttpCalls implements PostReplyHost, CallHost {
  readonly #options: HttpCallsOptions
  readonly #table: CallTable
  readonly clock: Clock
  readonly largestReplyBytes: number
  /** Those whose call is settled, while more may come in. */
  #answered: Set<CallExchange> | undefined
  /** Always up to date: whoever asks after each call is given no copy. */
  readonly traffic = { bytesSent: 0, bytesReceived: 0, strayReplies: 0 } satisfies Traffic

  constructor(options: HttpCallsOptions) {
    this.#options = options
    this.clock = options.clock
    this.#table = new CallTable(options.clock, (call, why) => this.#giveUp(call, why))
    this.largestReplyBytes = options.largestReplyBytes
  }

  /** Sends a message that expects an answer with its id. */
  post(facts: CallFacts, request: HttpRequest, take: TakeOutcome): void {
    this.#start(facts, request, PostReply, take)
  }

  /** Sends what expects no more than a status. */
  plain(facts: CallFacts, request: HttpRequest): Promise<CallOutcome> {
    return new Promise((resolve) => this.#start(facts, request, StatusReply, resolve))
  }

  isModern(): boolean {
    return this.#options.isModern()
  }

  wallMs(): number {
    return this.clock.wallMs()
  }

  onSent(bytes: number): void {
    this.traffic.bytesSent += bytes
  }

  onReceived(bytes: number): void {
    this.traffic.bytesReceived += bytes
  }

  onHead(call: PendingCall, status: number, headers: ReplyHeaders): void {
    this.#options.onHead(call, status, headers)
  }

  /** Goes on with an answer whose stream broke off, in the era that can. */
  onCut(call: PendingCall, cursor: StreamCursor): boolean {
    if (this.isModern()) return false
    call.exchange = new ResumedReply({
      ...this.#options,
      call,
      cursor,
      onMessage: (message) => this.take(message),
      onReceived: (bytes) => this.onReceived(bytes),
      onOver: (resumed) => this.onOver(resumed),
    })
    return true
  }

  onSettled(call: PendingCall): void {
    this.#table.delete(call)
    if (call.exchange?.isOver === false) this.#keep(call.exchange)
  }

  onOver(exchange: CallExchange): void {
    this.#answered?.delete(exchange)
  }

  /**
   * Takes a message from any stream: an answer goes to whoever waits for it.
   * @param from the call on whose own stream it came.
   */
  take(message: ServerMessage, from?: PendingCall): void {
    if (message.kind === 'notification') return noteNotice(message, { ...this.#options, table: this.#table }, from)
    if (message.kind === 'request' || message.kind === 'invalid') return this.#takeQuestion(message, from)
    if (this.#table.answer(message)) return
    if (from && !from.isSettled) from.fail('protocol.wrong_id', `an answer to ${JSON.stringify(message.id)}`)
    else this.traffic.strayReplies++
  }

  /** Gives up all calls, and breaks off whatever still comes in. */
  close(): void {
    this.#table.close()
    this.#breakOffAnswered()
  }

  #takeQuestion(question: ServerQuestion, from: PendingCall | undefined): void {
    from?.heardOf(this.clock.monotonicMs())
    this.#options.onServerMessage(question)
  }

  #start(facts: CallFacts, request: HttpRequest, kind: ExchangeKind, take: TakeOutcome): void {
    const call = new PendingCall(facts, this, take)
    if (facts.signal.aborted) return call.fail('stopped', 'the run ended')
    const exchange = new kind(call, this)
    call.exchange = exchange
    this.#table.add(call)
    exchange.startedWith(this.#options.exchange.send(request, exchange, call.sentMs))
  }

  #keep(exchange: CallExchange): void {
    this.#answered ??= new Set()
    if (this.#answered.size >= answeredStreamsAllowed) this.#breakOffAnswered()
    this.#answered.add(exchange)
  }

  #breakOffAnswered(): void {
    for (const exchange of this.#answered ?? []) exchange.breakOff()
  }

  #giveUp(call: PendingCall, why: GivenUp): void {
    const { exchange } = call
    call.fail(why, toGivenUpMessage(why))
    if (call.id !== undefined && call.bytesSent > 0) this.#options.onCancelled(call, why)
    exchange?.breakOff()
  }
}
