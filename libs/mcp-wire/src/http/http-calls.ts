import type { Clock } from '@squall/time'
import type { CallOutcome } from '../call-outcome.ts'
import { CallTable, type GivenUp } from '../call-table.ts'
import type { RequestId, Traffic } from '../mcp-connection.ts'
import { PendingCall } from '../pending-call.ts'
import type { ServerMessage } from '../rpc/message.ts'
import type { AbortExchange, HttpExchange, HttpRequest, HttpSink, ReplyHeaders } from './http-exchange.ts'
import { PostReply, type PostReplyHost } from './post-reply.ts'
import { StatusReply } from './status-reply.ts'

export interface HttpCallsOptions {
  readonly clock: Clock
  readonly exchange: HttpExchange
  readonly largestReplyBytes: number
  readonly isModern: () => boolean
  readonly onHead: (call: PendingCall, status: number, headers: ReplyHeaders) => void
  /** What the server says of its own accord. */
  readonly onServerMessage: (message: ServerMessage) => void
  /** A request that was sent is given up before its answer. */
  readonly onCancelled: (call: PendingCall, why: GivenUp) => void
}

export interface CallFacts {
  /** Absent where only the status counts. */
  readonly id?: RequestId
  readonly method: string
  readonly signal: AbortSignal
  readonly timeoutMs: number
}

interface Exchange extends HttpSink {
  startedWith(abort: AbortExchange): void
  breakOff(): void
}

const exchangesAllowed = 16

/** The HTTP exchanges of one connection under way, and the calls that wait on them. */
export class HttpCalls {
  readonly #options: HttpCallsOptions
  readonly #table: CallTable
  readonly #exchanges = new Map<PendingCall, Exchange>()
  readonly #postHost: PostReplyHost
  #bytesSent = 0
  #bytesReceived = 0
  #strayReplies = 0

  constructor(options: HttpCallsOptions) {
    this.#options = options
    this.#table = new CallTable(options.clock, (call, why) => this.#giveUp(call, why))
    this.#postHost = {
      largestReplyBytes: options.largestReplyBytes,
      isModern: options.isModern,
      wallMs: () => options.clock.wallMs(),
      onSent: (bytes) => void (this.#bytesSent += bytes),
      onReceived: (bytes) => this.onReceived(bytes),
      onHead: options.onHead,
      onStreamMessage: (message, call) => this.take(message, call),
      onOver: (call) => void this.#exchanges.delete(call),
    }
  }

  get traffic(): Traffic {
    return { bytesSent: this.#bytesSent, bytesReceived: this.#bytesReceived, strayReplies: this.#strayReplies }
  }

  /** Sends a message that expects an answer with its id. */
  post(facts: CallFacts, request: HttpRequest): Promise<CallOutcome> {
    return this.#start(facts, request, (call) => new PostReply(call, bodyBytes(request), this.#postHost))
  }

  /** Sends what expects no more than a status. */
  plain(facts: CallFacts, request: HttpRequest): Promise<CallOutcome> {
    return this.#start(facts, request, (call) => new StatusReply(call, bodyBytes(request), this.#postHost))
  }

  onReceived(bytes: number): void {
    this.#bytesReceived += bytes
  }

  /**
   * Takes a message from any stream: an answer goes to whoever waits for it.
   * @param from the call on whose own stream it came.
   */
  take(message: ServerMessage, from?: PendingCall): void {
    if (message.kind !== 'result' && message.kind !== 'error') return this.#options.onServerMessage(message)
    if (this.#table.answer(message)) return
    if (from && !from.isSettled) from.fail('protocol.wrong_id', `an answer to ${JSON.stringify(message.id)}`)
    else this.#strayReplies++
  }

  /** Gives up all calls, and breaks off whatever still comes in. */
  close(): void {
    this.#table.close()
    for (const exchange of this.#exchanges.values()) exchange.breakOff()
  }

  #start(facts: CallFacts, request: HttpRequest, toExchange: (call: PendingCall) => Exchange): Promise<CallOutcome> {
    return new Promise((resolve) => {
      const onSettled = (outcome: CallOutcome, settled: PendingCall): void => {
        this.#table.delete(settled)
        resolve(outcome)
      }
      const call = new PendingCall({ ...facts, clock: this.#options.clock, onSettled })
      if (facts.signal.aborted) return call.fail('stopped', 'the run ended')
      if (this.#exchanges.size >= exchangesAllowed) this.#breakOffAnswered()
      const exchange = toExchange(call)
      this.#table.add(call)
      this.#exchanges.set(call, exchange)
      exchange.startedWith(this.#options.exchange.send(request, exchange))
    })
  }

  /** Streams that stay open behind their answer would otherwise take a socket each, for good. */
  #breakOffAnswered(): void {
    for (const [call, exchange] of this.#exchanges) if (call.isSettled) exchange.breakOff()
  }

  #giveUp(call: PendingCall, why: GivenUp): void {
    const exchange = this.#exchanges.get(call)
    call.fail(why, why === 'stopped' ? 'the run ended before the answer' : 'no whole answer in time')
    if (call.id !== undefined && call.bytesSent > 0) this.#options.onCancelled(call, why)
    exchange?.breakOff()
  }
}

const bodyBytes = ({ body }: HttpRequest): number => (body === undefined ? 0 : Buffer.byteLength(body))
