import { findSteadyState } from '@squall/capacity'
import type { LevelRecording } from './level-recording.ts'

export interface SteadyStretch {
  readonly fromSecond: number
  /** Exclusive. */
  readonly toSecond: number
  /** Seconds at full load that were left out as transient. */
  readonly droppedSeconds: number
  readonly isSteady: boolean
}

/**
 * The seconds of a level that count: from where throughput and response time have both settled, found for each by MSER-5, to the end.
 * @param toSecond exclusive.
 */
export function findSteadyStretch(recording: LevelRecording, fullFromSecond: number, toSecond: number): SteadyStretch {
  const points = Array.from({ length: Math.max(0, toSecond - fullFromSecond) }, (_, index) => {
    const second = fullFromSecond + index
    const { totals, methods } = recording.numbers(second, second + 1)
    const all = [totals, ...methods.values()]
    return {
      calls: all.reduce((sum, { calls }) => sum + calls, 0),
      responseMs: totals.response.count === 0 ? 0 : totals.response.meanMs,
    }
  })
  const found = [findSteadyState(points.map(({ calls }) => calls)), findSteadyState(points.map(({ responseMs }) => responseMs))]
  const droppedSeconds = Math.max(...found.map(({ dropped }) => dropped))
  return {
    fromSecond: fullFromSecond + droppedSeconds,
    toSecond,
    droppedSeconds,
    isSteady: found.every(({ isSteady }) => isSteady),
  }
}
