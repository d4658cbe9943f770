import { onAbort } from '@squall/mcp-wire'
import type { Clock, Timer } from '@squall/time'
import { Later, type Pending } from './later.ts'

/**
 * Waits until an instant of the monotonic clock, or until the signal aborts; undefined where there is nothing to wait for.
 * Unlike a sleep it never rejects, and thousands may wait on one signal.
 */
export function waitUntil(clock: Clock, dueMs: number, signal: AbortSignal): Promise<void> | undefined {
  if (signal.aborted || dueMs <= clock.monotonicMs()) return undefined
  return new Promise((resolve) => {
    const timer = clock.at(dueMs, () => {
      forget()
      resolve()
    })
    const forget = onAbort(signal, () => {
      timer.cancel()
      resolve()
    })
  })
}

/** The waits of one client, one at a time: it listens to its signal once instead of once for each wait. */
export class Waits {
  readonly #clock: Clock
  #signal: AbortSignal | undefined
  #forget: (() => void) | undefined
  #timer: Timer | undefined
  #wait: Later | undefined
  readonly #end = (): void => {
    const wait = this.#wait
    this.#wait = undefined
    wait?.end()
  }

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** As `waitUntil` does. A wait beside another one, such as parallel steps make, is made by that. */
  until(dueMs: number, signal: AbortSignal): Pending | undefined {
    if (this.#wait) return waitUntil(this.#clock, dueMs, signal)
    if (signal.aborted || dueMs <= this.#clock.monotonicMs()) return undefined
    if (signal !== this.#signal) this.#listen(signal)
    this.#wait = new Later()
    this.#timer = this.#clock.at(dueMs, this.#end)
    return this.#wait
  }

  /** Listens no more: for clients that leave before their signal aborts. */
  close(): void {
    this.#forget?.()
    this.#signal = undefined
  }

  #listen(signal: AbortSignal): void {
    this.#forget?.()
    this.#signal = signal
    this.#forget = onAbort(signal, () => {
      this.#timer?.cancel()
      this.#end()
    })
  }
}
