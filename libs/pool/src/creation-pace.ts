import { sleep, type Clock, type RandomSource } from '@squall/time'

const firstDelayMs = 100
const longestDelayMs = 5_000

/** How fast a pool may grow. */
export interface GrowthLimits {
  /** Resources being opened at once. */
  readonly openingAtOnce: number
  /** Each but the first of those waits for a random part of this before it is opened, in milliseconds. */
  readonly jitterMs: number
}

/**
 * Decides when the next resource may be opened. While opening works a few are opened at once, each at a moment of its own: many callers
 * that come at once, or many servers that start at once, do not sign in all at once. After a failure attempts go one at a time, each
 * after a delay that doubles from 100 ms up to 5 s, so an outage is neither answered with a spin nor its end with a storm.
 */
export class CreationPace {
  readonly #clock: Clock
  readonly #limits: GrowthLimits
  readonly #random: RandomSource
  #opening = 0
  /** Who waits for one of those being opened to be done, in order. */
  readonly #queue: (() => void)[] = []
  #failures = 0
  #nextAttemptMs = 0
  #recovered = Promise.withResolvers<void>()
  #lastFailure: unknown

  constructor(clock: Clock, limits: GrowthLimits, random: RandomSource) {
    this.#clock = clock
    this.#limits = limits
    this.#random = random
  }

  /** What the last attempt failed with, while attempts fail. */
  get lastFailure(): unknown {
    return this.#lastFailure
  }

  /** Resolves when the caller may make an attempt, which it must report. */
  async turn(signal: AbortSignal): Promise<void> {
    // A place that is free goes to its taker at once, and one given up goes to whoever waits longest: none is lost or counted twice.
    if (this.#opening < this.#limits.openingAtOnce) this.#opening++
    else await new Promise<void>((resolve) => this.#queue.push(resolve))
    try {
      if (this.#opening > 1 && this.#limits.jitterMs > 0) await this.#jitter(signal)
      await this.#afterFailures(signal)
    } catch (error) {
      this.#leave()
      throw error
    }
  }

  async #afterFailures(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted()
      const waitMs = this.#nextAttemptMs - this.#clock.monotonicMs()
      if (waitMs <= 0) break
      await this.#sleepUnlessRecovered(waitMs, signal)
    }
    // Takes the turn: others wait for the next one, or for this attempt to succeed.
    if (this.#failures > 0) this.#nextAttemptMs = this.#clock.monotonicMs() + this.#delayMs()
  }

  /** The attempt was not made after all: nothing is known from it. */
  withdrawn(): void {
    this.#leave()
  }

  succeeded(): void {
    this.#leave()
    this.#failures = 0
    this.#nextAttemptMs = 0
    this.#lastFailure = undefined
    this.#recovered.resolve()
    this.#recovered = Promise.withResolvers()
  }

  failed(cause: unknown): void {
    this.#leave()
    this.#failures++
    this.#lastFailure = cause
    this.#nextAttemptMs = this.#clock.monotonicMs() + this.#delayMs()
  }

  #leave(): void {
    const next = this.#queue.shift()
    if (next) next()
    else this.#opening--
  }

  async #jitter(signal: AbortSignal): Promise<void> {
    await this.#sleepUnlessRecovered(this.#random.next() * this.#limits.jitterMs, signal)
    signal.throwIfAborted()
  }

  #delayMs(): number {
    return Math.min(firstDelayMs * 2 ** (this.#failures - 1), longestDelayMs)
  }

  async #sleepUnlessRecovered(waitMs: number, signal: AbortSignal): Promise<void> {
    const woken = new AbortController()
    const slept = sleep(this.#clock, waitMs, AbortSignal.any([signal, woken.signal]))
    // A sleep cut short by recovery rejects; only the caller's own abort matters, and `turn` looks at that.
    await Promise.race([slept.catch(() => undefined), this.#recovered.promise])
    woken.abort()
  }
}
