import type { TimelinePoint } from '@squall/metrics'

/** One bad second may be chance; two at the very end, with nothing but failures, are not. */
const leastSilentSeconds = 2

/**
 * The second from which on a target that had answered tool calls answered none of them rightly any more, until the end of the run.
 * Clients back off from a dead target, so that its failures can stay a small share of all calls.
 * @returns undefined where it still answered at the end, or never did.
 */
export function silentSince(timeline: readonly TimelinePoint[]): number | undefined {
  const lastAnswered = timeline.findLastIndex(({ calls, failed }) => calls > failed)
  if (lastAnswered === -1) return undefined
  const silent = timeline.slice(lastAnswered + 1).filter(hasFailures)
  return silent.length < leastSilentSeconds ? undefined : silent[0]?.second
}

/** Calls that the end of the run cut say nothing about the target. */
const hasFailures = ({ errors }: TimelinePoint): boolean => Object.keys(errors).some((code) => code !== 'stopped')
