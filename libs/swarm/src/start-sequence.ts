import type { HeapClock, Timer } from '@squall/time'

export interface StartSequenceOptions {
  readonly schedule: HeapClock
  /** In order; the last one is followed by `undefined`, for ever. */
  readonly next: () => PlannedStart | undefined
  readonly start: (planned: PlannedStart, nowMs: number) => void
  /** Told of each start that was due before the end, and will not be made any more. */
  readonly miss: () => void
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

  /** Starts nothing more. Harmless once ended. */
  end(): void {
    this.#timer?.cancel()
    const nowMs = this.#options.schedule.monotonicMs()
    for (let planned = this.#planned; planned !== undefined && planned.dueMs <= nowMs; planned = this.#options.next())
      this.#options.miss()
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
