export { changePoints, type ChangePoint, type ChangePointOptions } from './change-points.ts'
export {
  compareRuns,
  type CompareOptions,
  type ComparisonVerdict,
  type MetricComparison,
  type MetricRuns,
  type RunComparison,
} from './compare-runs.ts'
export { metricScales, type MetricScale, type MetricScaleName } from './metric-scale.ts'
export { medianOf } from './runs-needed.ts'
