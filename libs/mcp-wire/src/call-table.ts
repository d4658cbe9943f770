import type { Clock, Timer } from '@squall/time'
import { onAbort } from './abort-fan-out.ts'
import type { PendingCall } from './pending-call.ts'
import type { ServerMessage } from './rpc/message.ts'

/** Why a call ends without an answer. */
export type GivenUp = 'transport.timeout' | 'cancelled' | 'stopped'

/** All requests of one connection that wait for an answer, by id, whichever stream the answer comes on. */
export class CallTable {
  readonly #clock: Clock
  readonly #onGivenUp: (call: PendingCall, why: GivenUp) => void
  /** Mostly one or a few: looking through a list is cheaper than a map, whose table is made anew every few calls. */
  readonly #calls: PendingCall[] = []
  readonly #signals = new Map<AbortSignal, () => void>()
  #lastSignal: AbortSignal | undefined
  /** One timer for all deadlines: most calls end before theirs, and a timer each would cost more than the table. */
  #timer: Timer | undefined
  #timerDueMs = Number.POSITIVE_INFINITY

  /** @param onGivenUp ends a call that ran out of time, or whose signal aborted. */
  constructor(clock: Clock, onGivenUp: (call: PendingCall, why: GivenUp) => void) {
    this.#clock = clock
    this.#onGivenUp = onGivenUp
  }

  add(call: PendingCall): void {
    this.#calls.push(call)
    if (call.deadlineMs < this.#timerDueMs) this.#arm(call.deadlineMs)
    if (call.signal !== this.#lastSignal) this.#heed(call.signal)
  }

  delete(call: PendingCall): void {
    const place = this.#calls.indexOf(call)
    if (place < 0) return
    const last = this.#calls.pop()
    if (last !== undefined && last !== call) this.#calls[place] = last
  }

  /** The call that waits under an id. */
  find(id: unknown): PendingCall | undefined {
    return id === undefined ? undefined : this.#calls.find((call) => call.id === id)
  }

  /**
   * Gives an answer to the call with its id; false where none waits for it.
   * @param bytes its size, where the call has not heard of its bytes as they came.
   */
  answer(reply: ServerMessage & { readonly kind: 'result' | 'error' }, bytes = 0): boolean {
    const call = this.find(reply.id)
    call?.received(bytes)
    call?.answer(reply)
    return call !== undefined
  }

  /** Ends every call still open in the same way. */
  endAll(end: (call: PendingCall) => unknown): void {
    // A copy, since a call that ends leaves the list.
    for (const call of this.#calls.slice()) end(call)
  }

  /** Gives up every call still open, and forgets timer and signals. */
  close(): void {
    this.endAll((call) => this.#onGivenUp(call, 'stopped'))
    for (const forget of this.#signals.values()) forget()
    this.#signals.clear()
    this.#lastSignal = undefined
    this.#timer?.cancel()
    // What is added afterwards, such as a farewell, needs a timer of its own.
    this.#timerDueMs = Number.POSITIVE_INFINITY
  }

  /** A function of its own, so that what waits for the signal holds nothing of the call that brought it. */
  #heed(signal: AbortSignal): void {
    this.#lastSignal = signal
    if (this.#signals.has(signal)) return
    const forget = onAbort(signal, () => this.#cut(signal))
    this.#signals.set(signal, forget)
  }

  #cut(signal: AbortSignal): void {
    this.endAll((call) => call.signal === signal && this.#onGivenUp(call, 'stopped'))
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
    this.endAll((call) => {
      if (call.deadlineMs <= nowMs) this.#onGivenUp(call, call.endOfPatience)
      else nextMs = Math.min(nextMs, call.deadlineMs)
    })
    if (nextMs < this.#timerDueMs) this.#arm(nextMs)
  }
}
