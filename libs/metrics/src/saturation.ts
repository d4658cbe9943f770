import { addStrain, strainBounds, strainOf, type GeneratorSecond, type StrainSign } from './strain.ts'

export interface Saturation {
  readonly saturated: boolean
  /** Seconds in which some generator process was strained, of all that were judged. */
  readonly strainedSeconds: number
  readonly judgedSeconds: number
  /** One sentence for each bound that was passed in too many seconds; empty where the generator was not the bottleneck. */
  readonly reasons: readonly string[]
}

/** Strained seconds that do not yet make a run inconclusive. */
export const saturationBounds = {
  ...strainBounds,
  /** Seconds with trouble that are forgiven: a burst of garbage collection, of a neighbour, or of starting clients is no bottleneck. */
  forgivenSeconds: 2,
  /** Share of seconds with trouble that is forgiven in a longer run. */
  forgivenShare: 0.1,
} as const

/**
 * Whether the generator was the bottleneck: it was strained in more than a tenth of the seconds, and in more than two of them.
 * A strained second is one in which a single process of the run used over 90 % of a core, or kept its event loop busy
 * over 90 % of the time, or had a p99 of event-loop delay or of schedule lag over both 50 ms and a tenth of the response p99.
 * @param timeline of the whole run.
 * @param fromSecond the first second that is judged: the run's `warmUpSeconds`, since what came before is in no number.
 */
export function saturationOf(timeline: readonly GeneratorSecond[], fromSecond = 0): Saturation {
  const judged = timeline.filter(({ second }) => second >= fromSecond)
  const judgedSeconds = judged.reduce((sum, { seconds = 1 }) => sum + seconds, 0)
  const strain = judged.map(strainOf).reduce(addStrain, noStrain)
  const saturated = isTooMany(strain.any, judgedSeconds)
  const reasons = signs.flatMap(([sign, says]) =>
    saturated && strain[sign] > 0 ? [`${says} in ${strain[sign]} of ${judgedSeconds} seconds`] : [],
  )
  return { saturated, strainedSeconds: strain.any, judgedSeconds, reasons }
}

const noStrain = { cpu: 0, eventLoopUtilization: 0, eventLoopDelayP99Ms: 0, scheduleLagP99Ms: 0, any: 0 }

const isTooMany = (strained: number, judged: number): boolean =>
  strained > Math.max(saturationBounds.forgivenSeconds, saturationBounds.forgivenShare * judged)

const signs: readonly (readonly [StrainSign, string])[] = [
  ['cpu', 'a generator process used over 90 % of a core'],
  ['eventLoopUtilization', "a generator's event loop was busy over 90 % of the time"],
  ['eventLoopDelayP99Ms', 'the event-loop delay p99 was over 50 ms and a tenth of the response p99'],
  ['scheduleLagP99Ms', 'the schedule lag p99 was over 50 ms and a tenth of the response p99'],
]
