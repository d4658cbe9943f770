import type { RunNumbers } from '@squall/metrics'
import type { LevelRecording } from './level-recording.ts'
import { strainOf, type Slo } from './slo.ts'

/**
 * A level is given up where, in so many seconds in a row, the SLO is strained so many times over whenever calls end, and they do so in two seconds
 * at least: clients that pause leave seconds without a call, which say nothing.
 */
const hopeless = { strain: 5, seconds: 4, secondsWithCalls: 2 } as const

/** What a level that was given up counts as, at least. */
export const hopelessStrain = hopeless.strain

/** Silence is given so long at least: a server may catch its breath. */
const leastSilenceSeconds = 6

export interface HopeLimits {
  readonly slo: Slo
  /** The longest time without a call that levels were seen to have which kept the SLO; absent before the first of them. */
  readonly knownSilenceSeconds?: number
}

/**
 * Whether nothing good can come of a level any more: the SLO is strained many times over, second after second, or the server stands still. That it
 * does is known by the levels before: more clients do not pause for longer.
 */
export const isHopeless = (recording: LevelRecording, limits: HopeLimits, fullFromSecond: number): boolean =>
  isStrained(recording, limits.slo, fullFromSecond) || isFrozen(recording, limits, fullFromSecond)

/** The newest second may lack shards; those before it are whole. */
function isStrained(recording: LevelRecording, slo: Slo, fullFromSecond: number): boolean {
  const to = recording.lastSecond
  const from = to - hopeless.seconds
  if (from < fullFromSecond) return false
  const seconds = Array.from({ length: hopeless.seconds }, (_, index) => recording.numbers(from + index, from + index + 1))
  const withCalls = seconds.filter(hasCalls)
  return withCalls.length >= hopeless.secondsWithCalls && withCalls.every((numbers) => strainOf(slo, numbers) >= hopeless.strain)
}

function isFrozen(recording: LevelRecording, { slo, knownSilenceSeconds }: HopeLimits, fullFromSecond: number): boolean {
  if (knownSilenceSeconds === undefined) return false
  const patience = Math.max(leastSilenceSeconds, 2 * knownSilenceSeconds + 2, hopeless.strain * longestLimitSeconds(slo))
  const to = recording.lastSecond
  const from = to - Math.ceil(patience)
  return from >= fullFromSecond && !hasCalls(recording.numbers(from, to))
}

/** Of the times that the SLO allows a call. */
const longestLimitSeconds = ({ terms }: Slo): number =>
  Math.max(0, ...terms.flatMap(({ metric, limit }) => (metric.type === 'latency' ? [limit / 1000] : [])))

/** The most seconds in a row of a stretch in which no call ended. */
export function longestSilence(
  recording: LevelRecording,
  { fromSecond, toSecond }: { readonly fromSecond: number; readonly toSecond: number },
): number {
  let longest = 0
  let silent = 0
  for (let second = fromSecond; second < toSecond; second += 1) {
    silent = hasCalls(recording.numbers(second, second + 1)) ? 0 : silent + 1
    longest = Math.max(longest, silent)
  }
  return longest
}

/** Whether any call ended, of whatever method. */
export const hasCalls = ({ totals, methods }: RunNumbers): boolean =>
  totals.calls > 0 || [...methods.values()].some(({ calls }) => calls > 0)
