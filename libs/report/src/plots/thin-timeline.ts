import type { TimelineSecond } from '../summary.ts'

/** A stretch of the run as one point of a plot: means of counts, the worst of latencies and delays. */
export interface TimelineStep {
  readonly second: number
  /** The seconds of the stretch that were reported; none where nothing is known about it. */
  readonly points: readonly TimelineSecond[]
}

/**
 * Cuts the time of a run into equal steps of whole seconds, at most `mostSteps` of them, without leaving any out:
 * a second nobody reported becomes an empty step, or is missing from one.
 */
export function thinTimeline(
  timeline: readonly TimelineSecond[],
  mostSteps: number,
): { stepSeconds: number; steps: TimelineStep[] } {
  const last = timeline.reduce((latest, { second }) => Math.max(latest, second), -1)
  // No step is shorter than a point, or some would seem to be empty.
  const pointSeconds = timeline.reduce((longest, { seconds }) => Math.max(longest, seconds), 1)
  const stepSeconds = pointSeconds * Math.max(1, Math.ceil((last + 1) / mostSteps / pointSeconds))
  const bySecond = Map.groupBy(timeline, ({ second }) => Math.floor(second / stepSeconds))
  const steps = Array.from({ length: Math.ceil((last + 1) / stepSeconds) }, (_, index) => ({
    second: index * stepSeconds,
    points: bySecond.get(index) ?? [],
  }))
  return { stepSeconds, steps }
}

/** Mean of a count over the seconds of a step; null where nothing is known. */
export function meanOf({ points }: TimelineStep, read: (point: TimelineSecond) => number): number | null {
  if (points.length === 0) return null
  const seconds = points.reduce((sum, point) => sum + point.seconds, 0)
  return round(points.reduce((sum, point) => sum + read(point), 0) / seconds)
}

/** Mean of a level, such as clients alive, over a step; null where nothing is known. */
export function meanLevelOf({ points }: TimelineStep, read: (point: TimelineSecond) => number): number | null {
  return points.length === 0 ? null : round(points.reduce((sum, point) => sum + read(point), 0) / points.length)
}

/** The highest number of a step; null where there is none. */
export function worstOf({ points }: TimelineStep, read: (point: TimelineSecond) => number | null): number | null {
  return points.reduce<number | null>((worst, point) => {
    const value = read(point)
    return value === null ? worst : Math.max(worst ?? value, value)
  }, null)
}

const round = (value: number): number => Math.round(value * 1000) / 1000
