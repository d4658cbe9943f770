/** So many calls in each period, and `burst` more where a client was quiet before. */
export interface RateLimit {
  readonly calls: number
  readonly perMs: number
  readonly burst: number
}

/** Far below a clock's resolution: what fractions of milliseconds lose in adding up. */
const roundingMs = 1e-6

/**
 * A bucket of `calls + burst` tokens that refills at `calls / perMs`, kept as the one instant at which it will be full again (the generic
 * cell rate algorithm of ITU-T I.371): no timer, nothing to do while nobody calls. In no stretch of time does it let through more than
 * its tokens plus what refilled meanwhile.
 */
export class TokenBucket {
  readonly #intervalMs: number
  readonly #toleranceMs: number
  #fullAtMs = Number.NEGATIVE_INFINITY

  constructor({ calls, perMs, burst }: RateLimit) {
    this.#intervalMs = perMs / calls
    this.#toleranceMs = this.#intervalMs * (calls + burst - 1)
  }

  /** How long until there is a token, in milliseconds; 0 where there is one. */
  waitMs(nowMs: number): number {
    const waitMs = this.#fullAtMs - this.#toleranceMs - nowMs
    return waitMs > roundingMs ? waitMs : 0
  }

  /** Takes a token; only where `waitMs` is 0. */
  take(nowMs: number): void {
    this.#fullAtMs = Math.max(this.#fullAtMs, nowMs) + this.#intervalMs
  }

  /** Whether a new bucket would be the same, so that this one may be forgotten. */
  isFull(nowMs: number): boolean {
    return this.#fullAtMs <= nowMs
  }
}
