import type { Clock } from '@squall/time'
import type { CallMeasures, CallOutcome, FailureCode, JsonObject } from './call-outcome.ts'
import type { RequestId } from './mcp-connection.ts'
import { checkReply } from './rpc/check-reply.ts'
import type { ServerMessage } from './rpc/message.ts'

export interface PendingCallParts {
  /** Absent where no answer is expected, but a mere acknowledgement. */
  readonly id?: RequestId | undefined
  readonly method: string
  readonly signal: AbortSignal
  readonly timeoutMs: number
  readonly clock: Clock
  /** Called once, with the outcome. */
  readonly onSettled: (outcome: CallOutcome, call: PendingCall) => void
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
  readonly deadlineMs: number
  /** Set once it is under way. */
  exchange: CallExchange | undefined
  bytesSent = 0
  bytesReceived = 0
  readonly #clock: Clock
  readonly #onSettled: PendingCallParts['onSettled']
  readonly #sentMs: number
  #firstByteMs: number | undefined
  #isSettled = false

  constructor({ id, method, signal, timeoutMs, clock, onSettled }: PendingCallParts) {
    this.id = id
    this.method = method
    this.signal = signal
    this.#clock = clock
    this.#onSettled = onSettled
    this.#sentMs = clock.monotonicMs()
    this.deadlineMs = this.#sentMs + timeoutMs
  }

  get isSettled(): boolean {
    return this.#isSettled
  }

  get hasAnswerBegun(): boolean {
    return this.#firstByteMs !== undefined
  }

  received(bytes: number): void {
    this.#firstByteMs ??= this.#clock.monotonicMs()
    this.bytesReceived += bytes
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
    const { bytesSent, bytesReceived } = this
    const [sentMs, firstByteMs, doneMs] = [this.#sentMs, this.#firstByteMs, this.#clock.monotonicMs()]
    if (firstByteMs === undefined) this.#settle({ ok: true, result, sentMs, doneMs, bytesSent, bytesReceived })
    else this.#settle({ ok: true, result, sentMs, firstByteMs, doneMs, bytesSent, bytesReceived })
  }

  #settle(outcome: CallOutcome): void {
    if (this.#isSettled) return
    this.#isSettled = true
    this.#onSettled(outcome, this)
  }

  #measure(): CallMeasures {
    const { bytesSent, bytesReceived } = this
    const measures = { sentMs: this.#sentMs, doneMs: this.#clock.monotonicMs(), bytesSent, bytesReceived }
    return this.#firstByteMs === undefined ? measures : { ...measures, firstByteMs: this.#firstByteMs }
  }
}
