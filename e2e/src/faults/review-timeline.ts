/** One second of a run, as `summary.json` has it. */
export interface Second {
  readonly second: number
  readonly calls: number
  readonly failed: number
  readonly p95: number | null
}

/** Some seconds of a run together. */
export interface Stretch {
  readonly seconds: number
  readonly calls: number
  readonly failed: number
  /** The 95th percentile of the response time in a usual second (the median) and in the worst, in milliseconds; failed calls count. */
  readonly usualP95Ms: number
  readonly worstP95Ms: number
}

export interface Review {
  readonly before: Stretch
  readonly during: Stretch
  readonly after: Stretch
  /**
   * Whole seconds from the one in which the fault ended to the first in which success is back where it was: nothing fails that did not
   * fail before, and four fifths of the usual calls of a second succeed. Undefined where that never came.
   */
  readonly recoverySeconds: number | undefined
}

/** Clients come in the first seconds, and leave in the last. */
const settlingSeconds = 2
const enough = 0.8

/**
 * What clients saw before, during and after a fault. "During" goes on until success is back.
 * @param beganAt when the fault began, in seconds of the run; `endedAt` is the same of its end.
 */
export function reviewTimeline(timeline: readonly Second[], beganAt: number, endedAt: number): Review {
  const whole = timeline.slice(0, -1)
  const before = whole.filter(({ second }) => second >= settlingSeconds && second < Math.floor(beganAt))
  const usualOk = median(before.map(({ calls, failed }) => calls - failed))
  const mostFailed = Math.max(0, ...before.map(({ failed }) => failed))
  const endSecond = Math.floor(endedAt)
  const isBack = ({ second, calls, failed }: Second): boolean =>
    second >= endSecond && failed <= mostFailed && calls - failed >= enough * usualOk
  const backAt = whole.find(isBack)?.second
  const inFault = ({ second }: Second): boolean =>
    second >= Math.floor(beganAt) && second <= Math.max(endSecond, (backAt ?? Infinity) - 1)
  return {
    before: toStretch(before),
    during: toStretch(whole.filter(inFault)),
    after: toStretch(whole.filter((one) => one.second > endSecond && backAt !== undefined && one.second >= backAt)),
    recoverySeconds: backAt === undefined ? undefined : backAt - endSecond,
  }
}

function toStretch(seconds: readonly Second[]): Stretch {
  const p95s = seconds.flatMap(({ p95 }) => p95 ?? [])
  return {
    seconds: seconds.length,
    calls: sum(seconds.map(({ calls }) => calls)),
    failed: sum(seconds.map(({ failed }) => failed)),
    usualP95Ms: median(p95s),
    worstP95Ms: Math.max(0, ...p95s),
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
