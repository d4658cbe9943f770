import type { Clock } from '@squall/time'

/** A message has reached every generator by then, so that all of them can act at the same instant of the plan. */
export const controlLeadMs = 150

/** Where a run stands in its plan: time since T0 without the pauses. */
export class PlanTime {
  readonly #clock: Clock
  readonly #startAtMs: number
  readonly #pauses: { readonly fromMs: number; toMs: number }[] = []
  /** The instant of the plan at which it stands still. */
  #pausedAtMs: number | undefined

  /** @param startAtMs T0 on the monotonic clock. */
  constructor(clock: Clock, startAtMs: number) {
    this.#clock = clock
    this.#startAtMs = startAtMs
  }

  get isPaused(): boolean {
    return this.#pausedAtMs !== undefined
  }

  /** Seconds since T0, pauses included, as reports count them. */
  get elapsedSeconds(): number {
    return Math.max(0, this.#clock.monotonicMs() - this.#startAtMs) / 1000
  }

  /** Since T0 on the plan's clock, in milliseconds. */
  get nowMs(): number {
    return this.#pausedAtMs ?? Math.max(0, this.#clock.monotonicMs() - this.#startAtMs - this.#behindMs)
  }

  /** The first instant of the plan that every generator can still be told of. */
  get nextChangeMs(): number {
    return this.#pausedAtMs ?? this.nowMs + controlLeadMs
  }

  /** When a plan that stands still can go on at the earliest, in wall milliseconds. */
  get nextResumeWallMs(): number {
    const nowMs = this.#clock.monotonicMs()
    return this.#clock.wallMs() + Math.max(0, this.#standsSinceMs - nowMs) + controlLeadMs
  }

  /** @param atMs the instant of the plan at which it stands still. */
  pause(atMs: number): void {
    this.#pausedAtMs ??= atMs
  }

  /** @returns how long the plan stood still. */
  resume(atWallMs: number): number {
    const fromMs = this.#standsSinceMs
    const toMs = this.#startAtMs + this.secondAtWall(atWallMs) * 1000
    this.#pauses.push({ fromMs, toMs })
    this.#pausedAtMs = undefined
    return toMs - fromMs
  }

  /** The second of the run, pauses included, at which the plan comes to an instant, as far as is known by now. */
  secondOf(planMs: number): number {
    return (planMs + this.#behindMs) / 1000
  }

  secondAtWall(wallMs: number): number {
    return (this.#clock.monotonicMs() + wallMs - this.#clock.wallMs() - this.#startAtMs) / 1000
  }

  /**
   * How long the plan stood still after a second of the run, in milliseconds.
   * @param untilMs on the monotonic clock; up to now unless given.
   */
  pausedMsSince(second: number, untilMs: number = this.#clock.monotonicMs()): number {
    const sinceMs = this.#startAtMs + second * 1000
    return this.#allPauses.reduce(
      (sum, { fromMs, toMs }) => sum + Math.max(0, Math.min(toMs, untilMs) - Math.max(fromMs, sinceMs)),
      0,
    )
  }

  /** The instant of the plan at which a second of the run began, as far as is known by now. */
  planMsAt(second: number): number {
    const atMs = this.#startAtMs + second * 1000
    return second * 1000 - this.#allPauses.reduce((sum, { fromMs, toMs }) => sum + Math.max(0, Math.min(toMs, atMs) - fromMs), 0)
  }

  /** The one that goes on has no end yet. */
  get #allPauses(): readonly { readonly fromMs: number; readonly toMs: number }[] {
    if (this.#pausedAtMs === undefined) return this.#pauses
    return [...this.#pauses, { fromMs: this.#standsSinceMs, toMs: Number.POSITIVE_INFINITY }]
  }

  get #standsSinceMs(): number {
    return this.#startAtMs + this.secondOf(this.#pausedAtMs ?? 0) * 1000
  }

  get #behindMs(): number {
    return this.#pauses.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)
  }
}
