import type { LevelSigns } from '@squall/capacity'
import type { GroupNumbers, RunNumbers } from '@squall/metrics'
import type { CapacityLevel } from '@squall/report'
import { callsPerSecondOf, type LevelMeasurement } from './measure-level.ts'

/** A level as the report shows it. */
export function toCapacityLevel(level: LevelMeasurement): CapacityLevel {
  const { numbers, type, load, strain, windows, steadySeconds, droppedSeconds, isSteady, wasCut, target } = level
  const { response, service, calls } = numbers.totals
  const quantile = (q: number): number | null => (calls === 0 ? null : response.quantileMs(q))
  return {
    type,
    load,
    clients: numbers.clientsPeak,
    callsPerSecond: callsPerSecondOf(numbers),
    p50: quantile(0.5),
    p95: quantile(0.95),
    p99: quantile(0.99),
    serviceMeanMs: calls === 0 ? null : service.meanMs,
    errorRatio: failedShare(numbers),
    meetsSlo: strain <= 1,
    strain: finite(strain),
    windows: windows.map((window) => finite(window.strain)),
    steadySeconds,
    droppedSeconds,
    isSteady,
    wasCut,
    target,
  }
}

/** A level as the search for a cause needs it. */
export function toSigns({ load, numbers, generatorTrouble, target }: LevelMeasurement): LevelSigns {
  const { residentBytes: _, poolSize: _size, poolHeldSeconds: _held, ...signs } = target
  const [trouble] = generatorTrouble
  return {
    ...signs,
    load,
    serviceMs: numbers.totals.service.meanMs,
    failedShare: failedShare(numbers),
    turnedAwayShare: shareOf(numbers, turnedAway(numbers)),
    ...(trouble !== undefined && { generatorTrouble: trouble }),
  }
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)

const groupsOf = ({ totals, methods }: RunNumbers): GroupNumbers[] => [totals, ...methods.values()]

const failedShare = (numbers: RunNumbers): number =>
  shareOf(
    numbers,
    groupsOf(numbers).reduce((sum, { failed }) => sum + failed, 0),
  )

const shareOf = (numbers: RunNumbers, count: number): number =>
  count /
  Math.max(
    1,
    groupsOf(numbers).reduce((sum, { calls }) => sum + calls, 0),
  )

/** HTTP's own word for too many requests, and the one for a server that takes no more. */
const turnedAwayCodes = ['http.429', 'http.503'] as const

const turnedAway = ({ errors }: RunNumbers): number => turnedAwayCodes.reduce((sum, code) => sum + (errors.get(code) ?? 0), 0)
