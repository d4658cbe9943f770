import type { Clock } from '@squall/time'

export interface BreakerOptions {
  /** Failures in a row that open it. */
  readonly failuresInARow: number
  /** Share of failures, from 0 to 1, that opens it, once a window holds `fewestCalls` results. */
  readonly failureRatio: number
  readonly fewestCalls: number
  readonly windowMs: number
  /** How long it stays open the first time; doubled each time the trial fails, up to the longest. */
  readonly openMs: number
  readonly longestOpenMs: number
  /** Calls let through at once to try whether things work again. */
  readonly probes: number
  /** Good results that close it. */
  readonly successesToClose: number
}

export type BreakerState = 'closed' | 'open' | 'half_open'

/** Names the state a call was let through in; its result counts only while that state lasts. */
export type BreakerPass = number

/**
 * Keeps calls from what does not work, and tries now and then whether it works again (Nygard, Release It!, "Circuit Breaker").
 * Closed it counts results; too many failures open it; open it lets nothing through for a while; then, half open, a few calls try.
 */
export class CircuitBreaker {
  readonly #clock: Clock
  readonly #options: BreakerOptions
  #state: BreakerState = 'closed'
  /** Changes with every change of state, so that a result that comes late is known as such. */
  #epoch = 0
  #failuresInARow = 0
  #windowEndsMs = 0
  #results = 0
  #failures = 0
  #opensUntilMs = 0
  #nextOpenMs: number
  #probing = 0
  #successes = 0
  #openedTotal = 0

  constructor(clock: Clock, options: BreakerOptions) {
    this.#clock = clock
    this.#options = options
    this.#nextOpenMs = options.openMs
  }

  get state(): BreakerState {
    return this.#state === 'open' && this.retryAfterMs === 0 ? 'half_open' : this.#state
  }

  get openedTotal(): number {
    return this.#openedTotal
  }

  /** Whether it is as new, so that it may be forgotten. */
  get isUntouched(): boolean {
    return this.#state === 'closed' && this.#failuresInARow === 0
  }

  /** How long it stays open, in milliseconds; 0 where it is not. */
  get retryAfterMs(): number {
    return this.#state === 'open' ? Math.max(0, this.#opensUntilMs - this.#clock.monotonicMs()) : 0
  }

  /** Lets a call through, or not: undefined. Who was let through must `leave`. */
  enter(): BreakerPass | undefined {
    if (this.#state === 'closed') return this.#epoch
    if (this.state === 'open') return undefined
    if (this.#state === 'open') this.#turn('half_open')
    if (this.#probing >= this.#options.probes) return undefined
    this.#probing += 1
    return this.#epoch
  }

  /** A call worked out. */
  succeeded(pass: BreakerPass): void {
    if (pass !== this.#epoch) return
    if (this.#state === 'closed') {
      this.#failuresInARow = 0
      return this.#count(0)
    }
    this.#successes += 1
    if (this.#successes < this.#options.successesToClose) return
    this.#nextOpenMs = this.#options.openMs
    this.#turn('closed')
  }

  /** A call failed for a reason that lies behind the breaker. */
  failed(pass: BreakerPass): void {
    if (pass !== this.#epoch) return
    if (this.#state !== 'closed') return this.#open()
    this.#failuresInARow += 1
    this.#count(1)
    if (this.#failuresInARow >= this.#options.failuresInARow || this.#isRatioReached()) this.#open()
  }

  /** A call has ended, with a result or without one. */
  leave(pass: BreakerPass): void {
    if (pass === this.#epoch && this.#state === 'half_open') this.#probing -= 1
  }

  #count(failures: 0 | 1): void {
    const nowMs = this.#clock.monotonicMs()
    if (nowMs >= this.#windowEndsMs) {
      this.#windowEndsMs = nowMs + this.#options.windowMs
      this.#results = 0
      this.#failures = 0
    }
    this.#results += 1
    this.#failures += failures
  }

  #isRatioReached(): boolean {
    const { fewestCalls, failureRatio } = this.#options
    return this.#results >= fewestCalls && this.#failures >= failureRatio * this.#results
  }

  #open(): void {
    this.#openedTotal += 1
    this.#opensUntilMs = this.#clock.monotonicMs() + this.#nextOpenMs
    this.#nextOpenMs = Math.min(2 * this.#nextOpenMs, this.#options.longestOpenMs)
    this.#turn('open')
  }

  #turn(state: BreakerState): void {
    this.#state = state
    this.#epoch += 1
    this.#failuresInARow = 0
    this.#windowEndsMs = 0
    this.#probing = 0
    this.#successes = 0
  }
}
