import { countOfShare, type ClosedModel, type Share } from '@squall/load-plan'

/** How many iterations the clients of a share may still begin: all of them together, and each of them alone. */
export class IterationBudget {
  readonly perClient: number
  #left: number
  #missed = 0

  constructor({ iterationsPerClient, iterationsInTotal }: ClosedModel, share: Share) {
    this.perClient = iterationsPerClient ?? Number.POSITIVE_INFINITY
    this.#left = iterationsInTotal === undefined ? Number.POSITIVE_INFINITY : countOfShare(iterationsInTotal, share)
  }

  get isSpent(): boolean {
    return this.#left <= 0
  }

  /** @returns false where there is none left. */
  take(): boolean {
    if (this.isSpent) return false
    this.#left--
    return true
  }

  /** How many of these starts, dropped by a client that made so many iterations, it was to make at all. */
  dropped(starts: number, made: number): number {
    return Math.max(0, Math.min(starts, this.perClient - made, this.#left))
  }

  /** The same at a client's end; clients that share a total do not miss more than is left of it. */
  missed(starts: number, made: number): number {
    const missed = Math.max(0, Math.min(this.dropped(starts, made), this.#left - this.#missed))
    this.#missed += missed
    return missed
  }
}
