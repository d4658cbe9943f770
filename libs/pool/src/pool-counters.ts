import type { PoolStats } from './pool-stats.ts'

type Counts = Omit<PoolStats, 'size' | 'available' | 'leased' | 'waiting' | 'min' | 'max' | 'draining' | 'longestHeldMs'>

type Event = Exclude<keyof Counts, 'acquired' | 'waitMs'>

/** What a pool did since it was made; `PoolStats` says what each number means. */
export class PoolCounters {
  readonly #counts: Record<Event, number> = {
    created: 0,
    createFailures: 0,
    destroyed: 0,
    destroyFailures: 0,
    cleaned: 0,
    discarded: 0,
    expired: 0,
    invalid: 0,
    acquireTimeouts: 0,
    acquireAborts: 0,
    queueFull: 0,
    leaks: 0,
  }
  readonly #waitMs = { count: 0, total: 0, max: 0 }

  count(event: Event): void {
    this.#counts[event]++
  }

  waited(durationMs: number): void {
    this.#waitMs.count++
    this.#waitMs.total += durationMs
    this.#waitMs.max = Math.max(this.#waitMs.max, durationMs)
  }

  read(): Counts {
    return { ...this.#counts, acquired: this.#waitMs.count, waitMs: { ...this.#waitMs } }
  }
}
