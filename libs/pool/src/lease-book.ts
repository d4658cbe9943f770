import type { Clock } from '@squall/time'

/** A lease that was held suspiciously long, and is still held. */
export interface Leak {
  /** What the caller of `acquire` said of itself. */
  readonly holder: string
  readonly heldMs: number
}

interface Entry {
  readonly holder: string
  readonly sinceMs: number
  isTold: boolean
}

/** Who holds what, since when. */
export class LeaseBook<S> {
  readonly #clock: Clock
  // A Map keeps the order of insertion: the oldest lease first.
  readonly #entries = new Map<S, Entry>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get size(): number {
    return this.#entries.size
  }

  /** How long the oldest lease has been held; 0 where there is none. */
  get longestHeldMs(): number {
    const [oldest] = this.#entries.values()
    return oldest === undefined ? 0 : this.#clock.monotonicMs() - oldest.sinceMs
  }

  has(held: S): boolean {
    return this.#entries.has(held)
  }

  all(): readonly S[] {
    return [...this.#entries.keys()]
  }

  add(held: S, holder: string): void {
    this.#entries.set(held, { holder, sinceMs: this.#clock.monotonicMs(), isTold: false })
  }

  /** False where it was not held. */
  delete(held: S): boolean {
    return this.#entries.delete(held)
  }

  /** The leases that have been held for `leakAfterMs` and were not among the leaks before. */
  newLeaks(leakAfterMs: number): readonly Leak[] {
    const nowMs = this.#clock.monotonicMs()
    const leaks = [...this.#entries.values()].filter(({ sinceMs, isTold }) => !isTold && nowMs - sinceMs >= leakAfterMs)
    for (const entry of leaks) entry.isTold = true
    return leaks.map(({ holder, sinceMs }) => ({ holder, heldMs: nowMs - sinceMs }))
  }
}
