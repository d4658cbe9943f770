import type { HeapClock, Timer } from '@squall/time'

export interface StartSequenceOptions<T extends Planned> {
  readonly schedule: HeapClock
  /** In order; the last one is followed by `undefined`, for ever. */
  readonly next: () => T | undefined
  readonly start: (planned: T, nowMs: number) => void
  /** Told of each thing that was due before the end, and will not be done any more. */
  readonly miss: (planned: T) => void
}

export interface Planned {
  /** On the schedule's clock. */
  readonly dueMs: number
}

/** Does what a plan lists, each thing as soon as it is due and never before; things that are due together are done together. */
export class StartSequence<T extends Planned> {
  readonly #options: StartSequenceOptions<T>
  #next: () => T | undefined
  #planned: T | undefined
  #timer: Timer | undefined
  #hasEnded = false

  constructor(options: StartSequenceOptions<T>) {
    this.#options = options
    this.#next = options.next
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

  /** Goes on with another list; what was left of the one before is forgotten. */
  replan(next: () => T | undefined): void {
    if (this.#hasEnded) return
    this.#timer?.cancel()
    this.#next = next
    this.#planned = next()
    this.begin()
  }

  /** Does nothing more. Harmless once ended. */
  end(): void {
    this.#hasEnded = true
    this.#timer?.cancel()
    const nowMs = this.#options.schedule.monotonicMs()
    for (let planned = this.#planned; planned !== undefined && planned.dueMs <= nowMs; planned = this.#next())
      this.#options.miss(planned)
    this.#planned = undefined
  }

  #startDue(atLeastMs: number): void {
    for (let planned = this.#planned; planned !== undefined; planned = this.#planned) {
      const nowMs = Math.max(atLeastMs, this.#options.schedule.monotonicMs())
      if (planned.dueMs > nowMs) return
      this.#planned = this.#next()
      this.#options.start(planned, nowMs)
    }
  }
}
