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
 * Seconds missed by a process that was not given the processor are skipped: what happened in them is part of the next report.
 */
export function everySecond(clock: Clock, { startAtMs, firstSecond }: SecondsFrom, report: (second: number) => void): Seconds {
  let nextSecond = firstSecond
  let timer: Timer
  const arm = (): void => {
    timer = clock.at(startAtMs + (nextSecond + 1) * 1000, () => {
      const ended = Math.floor((clock.monotonicMs() - startAtMs) / 1000) - 1
      report(ended)
      nextSecond = ended + 1
      arm()
    })
  }
  arm()
  return {
    finish: () => {
      timer.cancel()
      const elapsedMs = clock.monotonicMs() - startAtMs
      const second = Math.max(nextSecond, Math.floor(elapsedMs / 1000))
      report(second > firstSecond && elapsedMs - second * 1000 < shortestMs ? second - 1 : second)
    },
  }
}
