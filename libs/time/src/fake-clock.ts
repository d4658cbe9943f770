import type { Clock, Timer } from './clock.ts'

interface Pending {
  readonly dueMs: number
  readonly callback: () => void
}

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  #nowMs: number
  readonly #wallOffsetMs: number
  #pending: Pending[] = []

  constructor(startMs = 0, wallStartMs: number = Date.UTC(2026, 0, 1)) {
    this.#nowMs = startMs
    this.#wallOffsetMs = wallStartMs - startMs
  }

  monotonicMs(): number {
    return this.#nowMs
  }

  wallMs(): number {
    return this.#nowMs + this.#wallOffsetMs
  }

  at(dueMs: number, callback: () => void): Timer {
    const entry = { dueMs, callback }
    this.#pending.push(entry)
    return { cancel: () => void (this.#pending = this.#pending.filter((other) => other !== entry)) }
  }

  /** How many timers wait. */
  get pendingCount(): number {
    return this.#pending.length
  }

  /** Moves time on, running every timer that falls due in order, and lets promises settle after each. */
  async advance(durationMs: number): Promise<void> {
    const endMs = this.#nowMs + durationMs
    await settle()
    for (let next = this.#nextDue(endMs); next !== undefined; next = this.#nextDue(endMs)) {
      const entry = next
      this.#pending = this.#pending.filter((other) => other !== entry)
      this.#nowMs = Math.max(this.#nowMs, entry.dueMs)
      entry.callback()
      await settle()
    }
    this.#nowMs = endMs
  }

  /** Moves time on without running anything, as a frozen process sees it; what fell due meanwhile runs with the next `advance`. */
  freeze(durationMs: number): void {
    this.#nowMs += durationMs
  }

  #nextDue(endMs: number): Pending | undefined {
    let first: Pending | undefined
    for (const entry of this.#pending) if (entry.dueMs <= endMs && (!first || entry.dueMs < first.dueMs)) first = entry
    return first
  }
}

// A macrotask turn lets every promise chain that is ready run to its next wait.
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
