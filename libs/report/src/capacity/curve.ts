import { formatMs, formatRate, formatShare } from '../format-number.ts'
import type { Capacity, CapacityLevel } from './capacity.ts'
import { levelsByLoad } from './capacity-rows.ts'

export type CurveUnit = 'ms' | 'per-second' | 'share'

export interface CurveSeries {
  readonly label: string
  /** A colour of the page's palette. */
  readonly color: 'p50' | 'p95' | 'p99' | 'calls' | 'failed' | 'other' | 'kind-2' | 'kind-3'
  /** One value for each load; null where there is none. */
  readonly values: readonly (number | null)[]
  /** A law instead of measurements: a dashed line without points. */
  readonly isLaw?: boolean
}

/** One plot over the load. */
export interface Curve {
  readonly id: string
  readonly title: string
  readonly unit: CurveUnit
  readonly loads: readonly number[]
  /** Whether loads stand on a logarithmic axis. */
  readonly isLogarithmic: boolean
  readonly series: readonly CurveSeries[]
  /** Loads to be marked, with a word each. */
  readonly marks: readonly { readonly load: number; readonly label: string }[]
  /** Values that should not be crossed. */
  readonly limits: readonly { readonly value: number; readonly label: string }[]
}

/** The curves of a capacity report that have anything to show: throughput, response time, failures, and the target's own resources. */
export function toCurves(capacity: Capacity): Curve[] {
  // One point for each load: what was measured last stands.
  const levels = [...new Map(levelsByLoad(capacity).map((level) => [level.load, level])).values()]
  const loads = levels.map(({ load }) => load)
  const marks = marksOf(capacity)
  const curve = (id: string, title: string, unit: CurveUnit, series: readonly CurveSeries[]): Curve[] => {
    const shown = series.filter(({ values }) => values.some((value) => value !== null))
    return shown.length === 0
      ? []
      : [{ id, title, unit, loads, isLogarithmic: true, series: shown, marks, limits: limitsOf(capacity, id) }]
  }
  const of = (
    label: string,
    color: CurveSeries['color'],
    read: (level: CapacityLevel) => number | null | undefined,
  ): CurveSeries => ({
    label,
    color,
    values: levels.map((level) => read(level) ?? null),
  })
  const failed = of('failed', 'failed', ({ errorRatio }) => errorRatio)
  return [
    ...curve('throughput', 'Throughput', 'per-second', [
      of('calls', 'calls', ({ callsPerSecond }) => callsPerSecond),
      ...lawOf(capacity, loads),
    ]),
    ...curve('response', 'Response time', 'ms', [
      of('p50', 'p50', ({ p50 }) => p50),
      of('p95', 'p95', ({ p95 }) => p95),
      of('p99', 'p99', ({ p99 }) => p99),
    ]),
    ...(failed.values.some((value) => value !== null && value > 0) ? curve('failures', 'Failed calls', 'share', [failed]) : []),
    ...curve('resources', "The target's resources in use", 'share', [
      of('processor', 'calls', ({ target }) => target.cpuUse),
      of('pool', 'kind-2', ({ target }) => target.poolUse),
      of('memory', 'kind-3', ({ target }) => target.memoryUse),
    ]),
    ...curve('waits', 'Where a call waits', 'ms', [
      of('for a connection', 'kind-2', ({ target }) => target.poolWaitMs),
      of('in the warehouse', 'kind-3', ({ target }) => target.warehouseRunMs),
    ]),
  ]
}

function lawOf({ usl }: Capacity, loads: readonly number[]): CurveSeries[] {
  if (usl === null) return []
  const { lambda, sigma, kappa } = usl
  const values = loads.map((n) => (lambda * n) / (1 + sigma * (n - 1) + kappa * n * (n - 1)))
  return [{ label: 'scalability law', color: 'other', values, isLaw: true }]
}

function marksOf({ maximum, knee }: Capacity): Curve['marks'] {
  return [
    ...(knee === null ? [] : [{ load: knee.clients, label: 'knee' }]),
    ...(maximum === null ? [] : [{ load: maximum.load, label: maximum.isAtLeast ? 'most kept' : 'maximum' }]),
  ]
}

/** Terms of an SLO that a curve can show. */
const sloPatterns: Readonly<Record<string, RegExp>> = {
  response: /^(?:response\.)?p\d+(?:\.\d+)?<=?(?<amount>[\d.]+)(?<unit>ms|s|m)$/,
  failures: /^failed<=?(?<amount>[\d.]+)(?<unit>%)$/,
}

/** The limits of the SLO that are times of all calls, or the share of failed ones. */
function limitsOf({ slo }: Capacity, curve: string): Curve['limits'] {
  const pattern = sloPatterns[curve]
  if (pattern === undefined) return []
  return slo.split(',').flatMap((term) => {
    const { amount, unit: of = '' } = pattern.exec(term)?.groups ?? {}
    return amount === undefined ? [] : [{ value: Number(amount) * (factors[of] ?? 1), label: term }]
  })
}

const factors: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, '%': 0.01 }

export const formatCurveValue: Readonly<Record<CurveUnit, (value: number) => string>> = {
  ms: formatMs,
  'per-second': formatRate,
  share: formatShare,
}
