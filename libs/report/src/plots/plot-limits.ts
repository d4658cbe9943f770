import { isProblem, parseThreshold } from '@squall/load-plan'
import { saturationBounds } from '@squall/metrics'
import type { ThresholdResult } from '../summary.ts'
import type { Plot, PlotLimit } from './plot.ts'

/** A limit further above the curves than this would press them flat, so it is left out. */
const furthest = 2.5

type Limited = Pick<Plot, 'highest' | 'limits'>

/** What the curves should stay under: the run's thresholds for times, and the bounds of a healthy generator. */
export function findLimits(id: string, thresholds: readonly ThresholdResult[]): PlotLimit[] {
  const { cpu, eventLoopDelayP99Ms } = saturationBounds
  if (id === 'generator-cpu') return [{ value: cpu, label: 'bound of a healthy generator' }]
  if (id === 'generator-delay') return [{ value: eventLoopDelayP99Ms, label: 'bound of a healthy generator' }]
  return thresholds.flatMap(({ expression }) => {
    const threshold = parseThreshold(expression)
    if (isProblem(threshold) || threshold.scope.type !== 'run' || threshold.metric.type !== 'latency') return []
    const isUpper = threshold.comparison.startsWith('<')
    return isUpper && threshold.metric.basis === id ? [{ value: threshold.limit, label: expression }] : []
  })
}

/** Keeps the limits that are near enough to be seen, and makes room for them. */
export function fitLimits(highest: number, limits: readonly PlotLimit[]): Limited {
  const near = limits.filter(({ value }) => value <= highest * furthest)
  return { highest: Math.max(highest, ...near.map(({ value }) => value)), limits: near }
}
