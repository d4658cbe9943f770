import { mergeCounters, type MetricsSnapshot } from '@squall/mcp-server'

/** Kept one by one, as the last words of one may come after the news of its end; older ones are kept as one. */
const mostKept = 32

/** What processes that have ended counted, so that counters of all together never go back. */
export class PastCounts {
  readonly #ofProcess = new Map<number, MetricsSnapshot>()
  #older: MetricsSnapshot = []

  /** @param snapshot its last; one that comes later is more recent and takes the place. */
  async ended(process: number, snapshot: MetricsSnapshot): Promise<void> {
    this.#ofProcess.set(process, snapshot)
    const [oldest] = this.#ofProcess
    if (this.#ofProcess.size <= mostKept || oldest === undefined) return
    this.#ofProcess.delete(oldest[0])
    this.#older = await mergeCounters([this.#older, oldest[1]])
  }

  has(process: number): boolean {
    return this.#ofProcess.has(process)
  }

  /** @param others processes that have spoken for themselves. */
  total(others: ReadonlySet<number>): Promise<MetricsSnapshot> {
    const kept = [...this.#ofProcess].filter(([process]) => !others.has(process))
    return mergeCounters([this.#older, ...kept.map(([, snapshot]) => snapshot)])
  }
}
