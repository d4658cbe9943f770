import type { Clock, Timer } from '@squall/time'

/**
 * Until when a generator may make load. Its parent says so again and again; a generator whose parent is frozen, or which was frozen
 * itself, finds out by its own clock and stops.
 */
export class GeneratorLease {
  readonly #clock: Clock
  readonly #afterMessages: (callback: () => void) => void
  #untilMs = Number.POSITIVE_INFINITY
  #timer: Timer | undefined
  #hasExpired = false
  #onExpired = (): void => undefined

  /** @param afterMessages calls back once the messages that wait have been read. */
  constructor(clock: Clock, afterMessages: (callback: () => void) => void = nextTurn) {
    this.#clock = clock
    this.#afterMessages = afterMessages
  }

  get hasExpired(): boolean {
    return this.#hasExpired
  }

  /** @param stop called once, when the lease has run out; at once where it has. */
  whenExpired(stop: () => void): void {
    this.#onExpired = stop
    if (this.#hasExpired) stop()
  }

  /** The same clock, which looks at the lease before it calls anybody back: a process that wakes after a long sleep has much that is due. */
  get clock(): Clock {
    const clock = this.#clock
    return {
      monotonicMs: () => clock.monotonicMs(),
      wallMs: () => clock.wallMs(),
      at: (dueMs, callback) => clock.at(dueMs, () => this.#guard(callback)),
    }
  }

  /** A lease that has run out is not renewed: the share may be somebody else's by now. */
  renew(untilMs: number): void {
    if (this.#hasExpired) return
    this.#untilMs = untilMs
    this.#timer?.cancel()
    this.#timer = this.#clock.at(this.#untilMs, () => this.#guard())
  }

  /** Whoever was busy for longer than its lease may have been told of another one meanwhile. */
  #guard(callback?: () => void): void {
    if (!this.#isOver) return callback?.()
    this.#afterMessages(() => {
      if (this.#isOver) this.#expire()
      callback?.()
    })
  }

  get #isOver(): boolean {
    return !this.#hasExpired && this.#clock.monotonicMs() >= this.#untilMs
  }

  #expire(): void {
    this.#hasExpired = true
    this.#onExpired()
  }
}

/** The event loop reads messages before it comes to the second of these. */
function nextTurn(callback: () => void): void {
  setImmediate(() => setImmediate(callback))
}
