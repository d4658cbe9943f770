import type { Clock } from '@squall/time'
import type { CallMeasures, CallOutcome, FailureCode, JsonObject } from './call-outcome.ts'
import type { RequestId, TakeOutcome } from './mcp-connection.ts'
import { checkReply } from './rpc/check-reply.ts'
import type { ServerMessage } from './rpc/message.ts'

export interface CallFacts {
  /** Absent where no answer is expected, but a mere acknowledgement. */
  readonly id?: RequestId | undefined
  readonly method: string
  readonly signal: AbortSignal
  readonly timeoutMs: number
  /** After how long the client wants no answer any more; never unless given. */
  readonly cancelAfterMs?: number | undefined
}

/** Where calls are under way. */
export interface CallHost {
  readonly clock: Clock
  /** Hears once of each call, before whoever waits for its outcome. */
  onSettled(call: PendingCall): void
}

/** What a call's answer comes on, where it has something of its own for that. */
export interface CallExchange {
  /** Whether nothing more can come in. */
  readonly isOver: boolean
  breakOff(): void
}

interface FailureDetails {
  readonly retryAfterMs?: number
  readonly replyExcerpt?: string
  readonly result?: JsonObject
}

/** A request on its way: it measures itself, and settles exactly once. */
export class PendingCall {
  readonly id: RequestId | undefined
  readonly method: string
  readonly signal: AbortSignal
  readonly sentMs: number
  readonly deadlineMs: number
  /** What the end of its time means: that the server was too slow, or that the client wants no answer any more. */
  readonly endOfPatience: 'transport.timeout' | 'cancelled'
  /** Set once it is under way. */
  exchange: CallExchange | undefined
  bytesSent = 0
  bytesReceived = 0
  readonly #host: CallHost
  readonly #take: TakeOutcome
  #firstByteMs: number | undefined
  #firstEventMs: number | undefined
  #isSettled = false

  /** @param take hears of the outcome when the call settles. */
  constructor({ id, method, signal, timeoutMs, cancelAfterMs }: CallFacts, host: CallHost, take: TakeOutcome) {
    this.id = id
    this.method = method
    this.signal = signal
    this.#take = take
    this.#host = host
    this.sentMs = host.clock.monotonicMs()
    const isImpatient = cancelAfterMs !== undefined && cancelAfterMs < timeoutMs
    this.deadlineMs = this.sentMs + (isImpatient ? cancelAfterMs : timeoutMs)
    this.endOfPatience = isImpatient ? 'cancelled' : 'transport.timeout'
  }

  get isSettled(): boolean {
    return this.#isSettled
  }

  get hasAnswerBegun(): boolean {
    return this.#firstByteMs !== undefined
  }

  /** @param atMs when, if somebody has read the clock already. */
  received(bytes: number, atMs?: number): void {
    this.#firstByteMs ??= atMs ?? this.#host.clock.monotonicMs()
    this.bytesReceived += bytes
  }

  /** The server said something about this call before it answered. */
  heardOf(atMs: number): void {
    this.#firstEventMs ??= atMs
  }

  /** Settles with an answer that carries this call's id. */
  answer(reply: ServerMessage & { readonly kind: 'result' | 'error' }): void {
    const verdict = checkReply(this.method, reply)
    if (verdict.ok) this.#succeed(verdict.result)
    else this.fail(verdict.code, verdict.message, verdict.result === undefined ? {} : { result: verdict.result })
  }

  /** Settles what needed no answer. */
  acknowledge(): void {
    this.#succeed({})
  }

  fail(code: FailureCode, message: string, details: FailureDetails = {}): void {
    this.#settle({ ok: false, code, message, ...details, ...this.#measure() })
  }

  /** Written out, since it is what becomes of nearly every call. */
  #succeed(result: JsonObject): void {
    const { sentMs, bytesSent, bytesReceived } = this
    const [firstByteMs, doneMs] = [this.#firstByteMs, this.#host.clock.monotonicMs()]
    if (this.#firstEventMs !== undefined) this.#settle({ ok: true, result, ...this.#measure() })
    else if (firstByteMs === undefined) this.#settle({ ok: true, result, sentMs, doneMs, bytesSent, bytesReceived })
    else this.#settle({ ok: true, result, sentMs, firstByteMs, doneMs, bytesSent, bytesReceived })
  }

  #settle(outcome: CallOutcome): void {
    if (this.#isSettled) return
    this.#isSettled = true
    this.#host.onSettled(this)
    // Whoever hears of it may ask again at once. That is to find the socket free if the end of this answer's stream has come, too.
    if (this.exchange?.isOver === false) void Promise.resolve(outcome).then(this.#take)
    else this.#take(outcome)
  }

  #measure(): CallMeasures {
    const { sentMs, bytesSent, bytesReceived } = this
    const measures = { sentMs, doneMs: this.#host.clock.monotonicMs(), bytesSent, bytesReceived }
    return {
      ...measures,
      ...(this.#firstByteMs !== undefined && { firstByteMs: this.#firstByteMs }),
      ...(this.#firstEventMs !== undefined && { firstEventMs: this.#firstEventMs }),
    }
  }
}
