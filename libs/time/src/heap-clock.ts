import type { Clock, Timer } from './clock.ts'
import { type DueEntry, DueHeap } from './due-heap.ts'

/**
 * A clock for very many timers: it keeps them in one heap and sets a single timer on the clock beneath, for the first that falls due.
 * It can be stopped; its monotonic time then stands still, and goes on from there when it is started again.
 */
export class HeapClock implements Clock {
  readonly #beneath: Clock
  readonly #heap = new DueHeap<() => void>()
  readonly #forget = (entry: DueEntry<() => void>): void => {
    this.#heap.remove(entry)
    // Nothing may keep the process alive on behalf of a timer nobody waits for.
    if (this.#heap.size === 0) this.#disarm()
  }
  #behindMs = 0
  #stoppedAtMs: number | undefined
  #isRunning = false
  #armed: { readonly dueMs: number; readonly timer: Timer } | undefined

  constructor(beneath: Clock) {
    this.#beneath = beneath
  }

  /** As of the clock beneath, less the time this one stood still. */
  monotonicMs(): number {
    return this.#stoppedAtMs ?? this.#beneath.monotonicMs() - this.#behindMs
  }

  wallMs(): number {
    return this.#beneath.wallMs()
  }

  /** How far this clock is behind the one beneath, the present stop included: what to add to its time to get the other's. */
  get behindMs(): number {
    return this.#stoppedAtMs === undefined ? this.#behindMs : this.#beneath.monotonicMs() - this.#stoppedAtMs
  }

  get isStopped(): boolean {
    return this.#stoppedAtMs !== undefined
  }

  /** How many timers wait. */
  get pendingCount(): number {
    return this.#heap.size
  }

  at(dueMs: number, callback: () => void): Timer {
    const entry = this.#heap.add(dueMs, callback)
    // A run arms at its end, for whatever is left then.
    if (!this.#isRunning) this.#arm()
    return new HeapTimer(this.#forget, entry)
  }

  /**
   * Runs what is due now, without waiting for the timer. Worth a call whenever the program is awake anyway, say after a reply.
   * @returns the time at which it looked.
   */
  runDue(): number {
    const nowMs = this.monotonicMs()
    const { first } = this.#heap
    if (first !== undefined && first.dueMs <= nowMs) this.#run(nowMs)
    return nowMs
  }

  /**
   * Lets time stand still: no timer runs. Harmless on a stopped clock.
   * @param atMs when, on this clock; now unless given. An instant that has just passed is gone back to, so that clocks of several processes
   * which are stopped for the same instant agree, however late each of them heard of it.
   */
  stop(atMs: number = this.monotonicMs()): void {
    this.#stoppedAtMs ??= Math.min(atMs, this.monotonicMs())
    this.#disarm()
  }

  /**
   * Lets time go on. Harmless on a running clock.
   * @param beneathMs since when, on the clock beneath; now unless given.
   */
  start(beneathMs: number = this.#beneath.monotonicMs()): void {
    if (this.#stoppedAtMs === undefined) return
    this.#behindMs = Math.max(this.#behindMs, beneathMs - this.#stoppedAtMs)
    this.#stoppedAtMs = undefined
    this.#arm()
  }

  // What a callback adds for the same instant runs in the next round, so that the event loop gets its turn in between.
  #run(nowMs: number): void {
    this.#isRunning = true
    try {
      for (let left = this.#heap.size; left > 0 && !this.isStopped; left--) {
        const first = this.#heap.first
        if (first === undefined || first.dueMs > nowMs) return
        this.#heap.takeFirst()?.value()
      }
    } finally {
      this.#isRunning = false
      this.#arm()
    }
  }

  #arm(): void {
    const first = this.#heap.first
    if (first === undefined || this.isStopped) return this.#disarm()
    if (this.#armed !== undefined && this.#armed.dueMs <= first.dueMs) return
    this.#disarm()
    const { dueMs } = first
    const timer = this.#beneath.at(dueMs + this.#behindMs, () => {
      this.#armed = undefined
      // Adding and taking away what this clock is behind may round to a hair before the due time.
      this.#run(Math.max(dueMs, this.monotonicMs()))
    })
    this.#armed = { dueMs, timer }
  }

  #disarm(): void {
    this.#armed?.timer.cancel()
    this.#armed = undefined
  }
}

/** Ten thousand clients may wait at once: this is a third of what closures would take. */
class HeapTimer implements Timer {
  readonly #forget: (entry: DueEntry<() => void>) => void
  readonly #entry: DueEntry<() => void>

  constructor(forget: (entry: DueEntry<() => void>) => void, entry: DueEntry<() => void>) {
    this.#forget = forget
    this.#entry = entry
  }

  cancel(): void {
    this.#forget(this.#entry)
  }
}
