/** So many calls in each period of the calendar, in UTC: an hour, a day. */
export interface Quota {
  readonly calls: number
  readonly perMs: number
}

/** Counts calls in the period under way. A wall clock that is set back gives nobody a new period. */
export class QuotaWindow {
  readonly #quota: Quota
  #period = Number.NEGATIVE_INFINITY
  #used = 0

  constructor(quota: Quota) {
    this.#quota = quota
  }

  /** How long until a call is allowed, in milliseconds; 0 where one is. */
  waitMs(wallMs: number): number {
    this.#turnTo(wallMs)
    return this.#used < this.#quota.calls ? 0 : (this.#period + 1) * this.#quota.perMs - wallMs
  }

  /** Counts a call; only where `waitMs` is 0. */
  take(wallMs: number): void {
    this.#turnTo(wallMs)
    this.#used += 1
  }

  /** Whether a new window would be the same, so that this one may be forgotten. */
  isUnused(wallMs: number): boolean {
    this.#turnTo(wallMs)
    return this.#used === 0
  }

  #turnTo(wallMs: number): void {
    const period = Math.floor(wallMs / this.#quota.perMs)
    if (period <= this.#period) return
    this.#period = period
    this.#used = 0
  }
}
