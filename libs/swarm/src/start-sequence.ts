import type { HeapClock, Timer } from '@squall/time'

export interface StartSequenceOptions {
  readonly schedule: HeapClock
  /** In order; the last one is followed by `undefined`, for ever. */
  readonly next: () => PlannedStart | undefined
  readonly start: (planned: PlannedStart, nowMs: number) => void
}

export interface PlannedStart {
  readonly index: number
  /** On the schedule's clock. */
  readonly dueMs: number
}

/** Makes a plan's starts, each as soon as it is due and never before; those that are due together start together. */
export class StartSequence {
  readonly #options: StartSequenceOptions
  #planned: PlannedStart | undefined
  #timer: Timer | undefined

  constructor(options: StartSequenceOptions) {
    this.#options = options
    this.#planned = options.next()
  }

  begin(): void {
    if (this.#planned === undefined) return
    const { dueMs } = this.#planned
    this.#timer = this.#options.schedule.at(dueMs, () => {
      // After a pause the clock may read a rounding error less than what the timer was set for.
      this.#startDue(dueMs)
      this.begin()
    })
  }

  /** Starts what is due by now, and nothing after it. */
  end(): void {
    this.#timer?.cancel()
    this.#startDue(Number.NEGATIVE_INFINITY)
    this.#planned = undefined
  }

  #startDue(atLeastMs: number): void {
    for (let planned = this.#planned; planned !== undefined; planned = this.#planned) {
      const nowMs = Math.max(atLeastMs, this.#options.schedule.monotonicMs())
      if (planned.dueMs > nowMs) return
      this.#planned = this.#options.next()
      this.#options.start(planned, nowMs)
    }
  }
}
