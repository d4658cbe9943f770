import { sleep, type Clock } from '@squall/time'

const firstDelayMs = 100
const longestDelayMs = 5_000

/**
 * Decides when the next resource may be opened. While opening works there is no limit; after a failure attempts go one at a time,
 * each after a delay that doubles from 100 ms up to 5 s, so an outage is neither answered with a spin nor its end with a storm.
 */
export class CreationPace {
  readonly #clock: Clock
  #failures = 0
  #nextAttemptMs = 0
  #recovered = Promise.withResolvers<void>()
  #lastFailure: unknown

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** What the last attempt failed with, while attempts fail. */
  get lastFailure(): unknown {
    return this.#lastFailure
  }

  /** Resolves when the caller may make an attempt, which it must report. */
  async turn(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted()
      const waitMs = this.#nextAttemptMs - this.#clock.monotonicMs()
      if (waitMs <= 0) break
      await this.#sleepUnlessRecovered(waitMs, signal)
    }
    // Takes the turn: others wait for the next one, or for this attempt to succeed.
    if (this.#failures > 0) this.#nextAttemptMs = this.#clock.monotonicMs() + this.#delayMs()
  }

  succeeded(): void {
    this.#failures = 0
    this.#nextAttemptMs = 0
    this.#lastFailure = undefined
    this.#recovered.resolve()
    this.#recovered = Promise.withResolvers()
  }

  failed(cause: unknown): void {
    this.#failures++
    this.#lastFailure = cause
    this.#nextAttemptMs = this.#clock.monotonicMs() + this.#delayMs()
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
