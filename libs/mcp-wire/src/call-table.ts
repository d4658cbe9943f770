import type { Clock, Timer } from '@squall/time'
import { onAbort } from './abort-fan-out.ts'
import type { RequestId } from './mcp-connection.ts'
import type { PendingCall } from './pending-call.ts'
import type { ServerMessage } from './rpc/message.ts'

/** Why a call ends without an answer. */
export type GivenUp = 'transport.timeout' | 'cancelled' | 'stopped'

/** All requests of one connection that wait for an answer, by id, whichever stream the answer comes on. */
export class CallTable {
  readonly #clock: Clock
  readonly #onGivenUp: (call: PendingCall, why: GivenUp) => void
  /** What waits for a mere acknowledgement has no id, and is its own key. */
  readonly #calls = new Map<RequestId | PendingCall, PendingCall>()
  readonly #signals = new Map<AbortSignal, () => void>()
  /** One timer for all deadlines: most calls end before theirs, and a timer each would cost more than the table. */
  #timer: Timer | undefined
  #timerDueMs = Number.POSITIVE_INFINITY

  /** @param onGivenUp ends a call that ran out of time, or whose signal aborted. */
  constructor(clock: Clock, onGivenUp: (call: PendingCall, why: GivenUp) => void) {
    this.#clock = clock
    this.#onGivenUp = onGivenUp
  }

  add(call: PendingCall): void {
    this.#calls.set(call.id ?? call, call)
    if (call.deadlineMs < this.#timerDueMs) this.#arm(call.deadlineMs)
    this.#heed(call.signal)
  }

  delete(call: PendingCall): void {
    this.#calls.delete(call.id ?? call)
  }

  /** The call that waits under an id. */
  find(id: unknown): PendingCall | undefined {
    return typeof id === 'string' || typeof id === 'number' ? this.#calls.get(id) : undefined
  }

  /**
   * Gives an answer to the call with its id; false where none waits for it.
   * @param bytes its size, where the call has not heard of its bytes as they came.
   */
  answer(reply: ServerMessage & { readonly kind: 'result' | 'error' }, bytes = 0): boolean {
    const call = reply.id === undefined ? undefined : this.#calls.get(reply.id)
    call?.received(bytes)
    call?.answer(reply)
    return call !== undefined
  }

  /** Ends every call still open in the same way. */
  endAll(end: (call: PendingCall) => void): void {
    for (const call of this.#calls.values()) end(call)
  }

  /** Gives up every call still open, and forgets timer and signals. */
  close(): void {
    this.endAll((call) => this.#onGivenUp(call, 'stopped'))
    for (const forget of this.#signals.values()) forget()
    this.#signals.clear()
    this.#timer?.cancel()
    // What is added afterwards, such as a farewell, needs a timer of its own.
    this.#timerDueMs = Number.POSITIVE_INFINITY
  }

  /** A function of its own, so that what waits for the signal holds nothing of the call that brought it. */
  #heed(signal: AbortSignal): void {
    if (this.#signals.has(signal)) return
    const forget = onAbort(signal, () => this.#cut(signal))
    this.#signals.set(signal, forget)
  }

  #cut(signal: AbortSignal): void {
    for (const call of this.#calls.values()) if (call.signal === signal) this.#onGivenUp(call, 'stopped')
  }

  #arm(dueMs: number): void {
    this.#timer?.cancel()
    this.#timerDueMs = dueMs
    this.#timer = this.#clock.at(dueMs, () => this.#expire())
  }

  #expire(): void {
    this.#timerDueMs = Number.POSITIVE_INFINITY
    const nowMs = this.#clock.monotonicMs()
    let nextMs = Number.POSITIVE_INFINITY
    for (const call of this.#calls.values()) {
      if (call.deadlineMs <= nowMs) this.#onGivenUp(call, call.endOfPatience)
      else nextMs = Math.min(nextMs, call.deadlineMs)
    }
    if (nextMs < this.#timerDueMs) this.#arm(nextMs)
  }
}
