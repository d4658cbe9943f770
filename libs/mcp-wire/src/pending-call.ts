import type { Clock } from '@squall/time'
import type { CallMeasures, CallOutcome, FailureCode, JsonObject } from './call-outcome.ts'
import type { RequestId } from './mcp-connection.ts'
import { checkReply } from './rpc/check-reply.ts'
import type { ServerMessage } from './rpc/message.ts'

export interface PendingCallParts {
  /** Absent where no answer is expected, but a mere acknowledgement. */
  readonly id?: RequestId
  readonly method: string
  readonly signal: AbortSignal
  readonly timeoutMs: number
  readonly clock: Clock
  /** Called once, with the outcome. */
  readonly onSettled: (outcome: CallOutcome, call: PendingCall) => void
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
  bytesSent = 0
  bytesReceived = 0
  readonly #sentMs: number
  #firstByteMs: number | undefined
  #isSettled = false
  readonly #parts: PendingCallParts

  constructor(parts: PendingCallParts) {
    this.id = parts.id
    this.method = parts.method
    this.signal = parts.signal
    this.#parts = parts
    this.#sentMs = parts.clock.monotonicMs()
    this.deadlineMs = this.#sentMs + parts.timeoutMs
  }

  get isSettled(): boolean {
    return this.#isSettled
  }

  get hasAnswerBegun(): boolean {
    return this.#firstByteMs !== undefined
  }

  received(bytes: number): void {
    this.#firstByteMs ??= this.#parts.clock.monotonicMs()
    this.bytesReceived += bytes
  }

  /** Settles with an answer that carries this call's id. */
  answer(reply: ServerMessage & { readonly kind: 'result' | 'error' }): void {
    const verdict = checkReply(this.method, reply)
    if (verdict.ok) this.#settle({ ok: true, result: verdict.result, ...this.#measure() })
    else this.fail(verdict.code, verdict.message, verdict.result === undefined ? {} : { result: verdict.result })
  }

  /** Settles what needed no answer. */
  acknowledge(): void {
    this.#settle({ ok: true, result: {}, ...this.#measure() })
  }

  fail(code: FailureCode, message: string, details: FailureDetails = {}): void {
    this.#settle({ ok: false, code, message, ...details, ...this.#measure() })
  }

  #settle(outcome: CallOutcome): void {
    if (this.#isSettled) return
    this.#isSettled = true
    this.#parts.onSettled(outcome, this)
  }

  #measure(): CallMeasures {
    const { bytesSent, bytesReceived } = this
    const measures = { sentMs: this.#sentMs, doneMs: this.#parts.clock.monotonicMs(), bytesSent, bytesReceived }
    return this.#firstByteMs === undefined ? measures : { ...measures, firstByteMs: this.#firstByteMs }
  }
}
