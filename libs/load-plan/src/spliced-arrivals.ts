import { createArrivalSchedule, type ArrivalSchedule } from './arrival-schedule.ts'
import { scaledRest } from './load-change.ts'
import type { OpenModel } from './load-plan.ts'

export interface RateChange {
  /** Milliseconds since T0. */
  readonly atMs: number
  /** How many times as often as the plan says. */
  readonly factor: number
  /** Different for each change of a run, the same in every shard. */
  readonly seed: number
}

/**
 * A schedule whose arrivals come at another rate from an instant on; those before it keep their numbers and instants. The fraction of an
 * arrival that is under way carries over, so that a steady beat changes its pace without a hiccup.
 */
export function withRate(before: ArrivalSchedule, { phases }: OpenModel, { atMs, factor, seed }: RateChange): ArrivalSchedule {
  const kept = before.firstAtOrAfter(atMs)
  const behind = before.expectedAt(atMs) - kept
  // Random arrivals are more or fewer than expected by more than one; they have no beat to keep.
  const carried = behind > -1 && behind < 0 ? behind : 0
  const after = createArrivalSchedule({ type: 'open', phases: scaledRest(phases, atMs, factor) }, seed, carried)
  return {
    count: kept + after.count,
    durationMs: before.durationMs,
    dueMs: (index) => (index < kept ? before.dueMs(index) : atMs + after.dueMs(index - kept)),
    firstAtOrAfter: (offsetMs) =>
      offsetMs <= atMs ? before.firstAtOrAfter(offsetMs) : kept + after.firstAtOrAfter(offsetMs - atMs),
    expectedAt: (offsetMs) => (offsetMs <= atMs ? before.expectedAt(offsetMs) : kept + after.expectedAt(offsetMs - atMs)),
  }
}
