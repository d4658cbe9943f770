import type { TimelinePoint } from './run-numbers.ts'

/** What one second says about the generator. */
export type GeneratorSecond = Pick<
  TimelinePoint,
  'second' | 'generatorCpu' | 'eventLoopUtilization' | 'eventLoopDelayP99Ms' | 'scheduleLagP99Ms'
>

export interface Saturation {
  readonly saturated: boolean
  /** Seconds in which some generator process was strained, of all that were judged. */
  readonly strainedSeconds: number
  readonly judgedSeconds: number
  /** One sentence for each bound that was passed in too many seconds; empty where the generator was not the bottleneck. */
  readonly reasons: readonly string[]
}

/**
 * The bounds of a healthy generator second. Locust warns above 90 % of a core and k6 advises to stay under 80 %; 50 ms is where the
 * generator's own delay is no longer small beside the latencies people set thresholds for.
 */
export const saturationBounds = {
  cpu: 0.9,
  eventLoopUtilization: 0.9,
  eventLoopDelayP99Ms: 50,
  scheduleLagP99Ms: 50,
  /** Seconds with trouble that are forgiven: a burst of garbage collection or of starting clients is no bottleneck. */
  forgivenSeconds: 2,
  /** Share of seconds with trouble that is forgiven in a longer run. */
  forgivenShare: 0.1,
} as const

/**
 * Whether the generator was the bottleneck: it was strained in more than a tenth of the seconds, and in more than two of them.
 * A strained second is one in which a single process of the run used over 90 % of a core, or kept its event loop busy
 * over 90 % of the time, or had a p99 of event-loop delay or of schedule lag over 50 ms.
 * @param timeline of the whole run.
 * @param fromSecond the first second that is judged: the run's `warmUpSeconds`, since what came before is in no number.
 */
export function saturationOf(timeline: readonly GeneratorSecond[], fromSecond = 0): Saturation {
  const seconds = timeline.filter(({ second }) => second >= fromSecond)
  const strained = seconds.filter((second) => signs.some(({ isStrained }) => isStrained(second)))
  const saturated = isTooMany(strained.length, seconds.length)
  const reasons = signs.flatMap(({ isStrained, says }) => {
    const count = seconds.filter((second) => isStrained(second)).length
    return saturated && count > 0 ? [`${says} in ${count} of ${seconds.length} seconds`] : []
  })
  return { saturated, strainedSeconds: strained.length, judgedSeconds: seconds.length, reasons }
}

const isTooMany = (strained: number, judged: number): boolean =>
  strained > Math.max(saturationBounds.forgivenSeconds, saturationBounds.forgivenShare * judged)

const signs: readonly { readonly isStrained: (second: GeneratorSecond) => boolean; readonly says: string }[] = [
  {
    isStrained: (second) => second.generatorCpu > saturationBounds.cpu,
    says: 'a generator process used over 90 % of a core',
  },
  {
    isStrained: (second) => second.eventLoopUtilization > saturationBounds.eventLoopUtilization,
    says: "a generator's event loop was busy over 90 % of the time",
  },
  {
    isStrained: (second) => second.eventLoopDelayP99Ms > saturationBounds.eventLoopDelayP99Ms,
    says: 'the event-loop delay p99 was over 50 ms',
  },
  {
    isStrained: (second) => second.scheduleLagP99Ms > saturationBounds.scheduleLagP99Ms,
    says: 'the schedule lag p99 was over 50 ms',
  },
]
