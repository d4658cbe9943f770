import type { Clock, Timer } from '@squall/time'

export interface Seconds {
  /** Reports the second under way as far as it went, or a mere moment of it as part of the one before, and stops. */
  finish(): void
}

export interface SecondsFrom {
  /** T0 on the monotonic clock. */
  readonly startAtMs: number
  /** The first second to report. */
  readonly firstSecond: number
}

/** Less than this is no second of its own: its few calls would look like a fall of the load. */
const shortestMs = 250

/**
 * Calls back at the end of every second since T0 with the number of the second that ended.
 * Seconds missed by a process that was frozen, or not given the processor, are skipped: what it has to report happened before it lost them.
 */
export function everySecond(clock: Clock, { startAtMs, firstSecond }: SecondsFrom, report: (second: number) => void): Seconds {
  let nextSecond = firstSecond
  let timer: Timer
  const arm = (): void => {
    timer = clock.at(startAtMs + (nextSecond + 1) * 1000, () => {
      report(nextSecond)
      nextSecond = Math.max(nextSecond + 1, Math.floor((clock.monotonicMs() - startAtMs) / 1000))
      arm()
    })
  }
  arm()
  return {
    finish: () => {
      timer.cancel()
      const elapsedMs = clock.monotonicMs() - startAtMs
      const isMoment = nextSecond > firstSecond && elapsedMs - nextSecond * 1000 < shortestMs
      report(isMoment ? nextSecond - 1 : nextSecond)
    },
  }
}
