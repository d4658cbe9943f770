import { countOfShare, type ClosedModel, type Share } from '@squall/load-plan'

/** How many iterations the clients of a share may still begin: all of them together, and each of them alone. */
export class IterationBudget {
  readonly perClient: number
  #left: number

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
}
