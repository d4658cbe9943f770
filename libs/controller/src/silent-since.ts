import type { TimelinePoint } from '@squall/metrics'

/** One bad second may be chance; two at the very end, with nothing but failures, are not. */
const leastSilentSeconds = 2

export interface Silence {
  readonly second: number
  /** What was no longer answered. */
  readonly what: 'tool call' | 'call'
}

/**
 * From when on a target that had answered tool calls answered none of them rightly any more, until the end of the run; or, where it had answered
 * none, calls of any other method. Clients back off from a dead target, so that its failures can stay a small share of all calls.
 * @returns undefined where it still answered at the end, or never did.
 */
export function silentSince(timeline: readonly TimelinePoint[]): Silence | undefined {
  const tools = silence(timeline, ({ calls, failed }) => calls > failed, lacksTools)
  if (tools !== undefined) return { second: tools, what: 'tool call' }
  const all = silence(timeline, ({ answered }) => answered > 0, hasFailures)
  return all === undefined ? undefined : { second: all, what: 'call' }
}

type Claim = (point: TimelinePoint) => boolean

function silence(timeline: readonly TimelinePoint[], isAnswered: Claim, isSilent: Claim): number | undefined {
  const lastAnswered = timeline.findLastIndex(isAnswered)
  if (lastAnswered === -1) return undefined
  const silent = timeline.slice(lastAnswered + 1).filter(isSilent)
  const silentSeconds = silent.reduce((sum, { seconds }) => sum + seconds, 0)
  return silentSeconds < leastSilentSeconds ? undefined : silent[0]?.second
}

/** A second in which no tool was called says nothing of tools, unless nothing else was answered either. */
const lacksTools: Claim = (point) => hasFailures(point) && (point.failed > 0 || point.answered === 0)

/** Calls that the end of the run cut say nothing about the target. */
const hasFailures: Claim = ({ errors }) => Object.keys(errors).some((code) => code !== 'stopped')
