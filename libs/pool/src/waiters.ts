import type { Clock } from '@squall/time'

/** How long somebody waits at most, and what ends the wait early. */
export interface Patience {
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  /** The error for a wait that was too long. */
  readonly onTimeout: (waitedMs: number) => Error
  /** Who waits. */
  readonly holder: string
}

/** Whose wait ended well, and how long it was in milliseconds. */
export interface Granted {
  readonly holder: string
  readonly waitedMs: number
}

interface Waiter<G> {
  readonly sinceMs: number
  readonly holder: string
  grant(value: G): void
  fail(error: unknown): void
}

/** Callers in the order they came, each with its own deadline and abort signal. */
export class Waiters<G> {
  readonly #clock: Clock
  // A Set keeps the order of insertion, and lets a waiter leave from the middle at no cost.
  readonly #queue = new Set<Waiter<G>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get count(): number {
    return this.#queue.size
  }

  /** Waits at the end of the queue. */
  wait(patience: Patience): Promise<G> {
    const { timeoutMs, signal, onTimeout, holder } = patience
    const { promise, resolve, reject } = Promise.withResolvers<G>()
    const sinceMs = this.#clock.monotonicMs()
    const leave = (): void => {
      this.#queue.delete(waiter)
      timer?.cancel()
      signal?.removeEventListener('abort', onAbort)
    }
    const waiter: Waiter<G> = {
      sinceMs,
      holder,
      grant: (value) => (leave(), resolve(value)),
      fail: (error) => (leave(), reject(error)),
    }
    const onAbort = (): void => waiter.fail(signal?.reason)
    const timer =
      timeoutMs === Infinity
        ? undefined
        : this.#clock.at(sinceMs + timeoutMs, () => waiter.fail(onTimeout(this.#clock.monotonicMs() - sinceMs)))
    this.#queue.add(waiter)
    signal?.addEventListener('abort', onAbort, { once: true })
    return promise
  }

  /** Gives `value` to whoever waits longest; undefined when nobody waits. */
  grant(value: G): Granted | undefined {
    const [first] = this.#queue
    first?.grant(value)
    return first && { holder: first.holder, waitedMs: this.#clock.monotonicMs() - first.sinceMs }
  }

  /** Fails whoever waits longest; false when nobody waits. */
  failFirst(error: unknown): boolean {
    const [first] = this.#queue
    first?.fail(error)
    return first !== undefined
  }

  failAll(error: unknown): void {
    // A waiter that fails leaves the set, which iteration over a set allows.
    for (const waiter of this.#queue) waiter.fail(error)
  }
}
