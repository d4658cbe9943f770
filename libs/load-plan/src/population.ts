import { clientsAtLevel, levelWithin } from './load-level.ts'
import type { LoadStage, Share } from './load-plan.ts'
import { indicesOfShare } from './shares.ts'

/** A client that is to start, or to leave at the end of its iteration. */
export interface PopulationChange {
  readonly type: 'start' | 'leave'
  /** The client's number in the whole run. */
  readonly index: number
  /** When, in milliseconds since T0. */
  readonly dueMs: number
}

/**
 * The comings and goings of a share's clients, in order of time. Client i lives while the level is above i: it starts when the level rises
 * to i, and leaves when the level has fallen to i, so that the shares of a plan together have the level's number of clients at any time.
 * @param fromMs where to begin, in milliseconds since T0: those who live by then start at that instant.
 */
export function* populationChanges(stages: readonly LoadStage[], share: Share, fromMs = 0): Generator<PopulationChange, void> {
  let living = 0
  let startMs = 0
  for (const stage of stages) {
    const endMs = startMs + stage.durationMs
    if (endMs > fromMs) {
      const beginMs = Math.max(startMs, fromMs)
      const begun = clientsAtLevel(levelWithin(stage, beginMs - startMs))
      yield* changesBetween(living, begun, share, () => beginMs)
      const reached = clientsAtLevel(stage.to)
      const stageStartMs = startMs
      yield* changesBetween(begun, reached, share, (index) => Math.max(beginMs, stageStartMs + timeOfLevel(stage, index)))
      living = reached
    }
    startMs = endMs
  }
}

/** When a stage passes a level that lies between its ends, in milliseconds since the stage's start. */
const timeOfLevel = ({ from, to, durationMs }: LoadStage, level: number): number => ((level - from) / (to - from)) * durationMs

function* changesBetween(
  before: number,
  after: number,
  share: Share,
  dueMs: (index: number) => number,
): Generator<PopulationChange, void> {
  for (const index of indicesOfShare(share, after, before)) yield { type: 'start', index, dueMs: dueMs(index) }
  for (const index of indicesDownTo(share, after, before)) yield { type: 'leave', index, dueMs: dueMs(index) }
}

/** The indices of a share from below `before` down to `after`. */
function* indicesDownTo({ index: first, count }: Share, after: number, before: number): Generator<number, void> {
  const highest = before - 1 - ((((before - 1 - first) % count) + count) % count)
  for (let index = highest; index >= after; index -= count) yield index
}
