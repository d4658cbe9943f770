import type { Clock, Timer } from '@squall/time'
import type { Population } from './population.ts'
import type { Load } from './load.ts'

/** Once cut, clients get this long to leave; a target that no longer answers must not keep the run from ending. */
export const leaveMs = 1_000

/** How a run ends: nothing new begins, calls under way get a while, then they are cut, then the run is over. */
export class RunEnd {
  /** Rejects with what a client threw. */
  readonly over: Promise<void>
  readonly #clock: Clock
  readonly #starts: Load
  readonly #population: Population
  readonly #over = Promise.withResolvers<void>()
  #cutAtMs = Number.POSITIVE_INFINITY
  #timer: Timer | undefined

  constructor(clock: Clock, starts: Load, population: Population) {
    this.#clock = clock
    this.#starts = starts
    this.#population = population
    this.over = this.#follow()
  }

  /** The time of a closed plan is over: its clients begin no call any more, and those under way get `drainMs`. @param atMs on the schedule's clock. */
  expire(atMs: number, drainMs: number): void {
    this.#population.end(atMs)
    this.stop(drainMs)
  }

  /** No more starts; clients that are there finish what they came for, each in its own time. */
  complete(): void {
    this.#starts.end()
    this.#population.complete()
  }

  /**
   * No more starts and no more calls; those under way are cut after `drainMs`. Called again, a shorter one counts.
   * @param leavingMs what clients get to leave after the cut.
   */
  stop(drainMs: number, leavingMs = leaveMs): void {
    this.complete()
    this.#population.end()
    const cutAtMs = this.#clock.monotonicMs() + drainMs
    if (cutAtMs >= this.#cutAtMs) return
    this.#cutAtMs = cutAtMs
    this.#timer?.cancel()
    this.#timer = this.#clock.at(cutAtMs, () => this.#cut(leavingMs))
  }

  #cut(leavingMs: number): void {
    this.#population.cut()
    this.#timer = this.#clock.at(this.#clock.monotonicMs() + leavingMs, () => this.#over.resolve())
  }

  async #follow(): Promise<void> {
    try {
      await Promise.race([this.#population.emptied, this.#over.promise])
    } catch (error) {
      // What a client throws is a defect, not an outcome: the others stop at once.
      this.stop(0)
      throw error
    } finally {
      this.#timer?.cancel()
    }
  }
}
