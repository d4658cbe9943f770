export { capacityInterval, type IntervalOptions } from './capacity-interval.ts'
export { findKnee, type CurvePoint } from './knee.ts'
export { checkLittlesLaw, type LittlesLawCheck } from './littles-law.ts'
export { nextMove, type SearchMove, type SearchOptions, type SearchStep } from './load-search.ts'
export { keepsSlo, type MeasuredLevel, type MeasuredWindow } from './measured-level.ts'
export { findSteadyState, type SteadyState } from './steady-state.ts'
export {
  fitUniversalScalability,
  throughputAt,
  type LoadPoint,
  type ScalabilityFit,
  type ScalabilityResult,
  type UniversalScalability,
} from './universal-scalability.ts'
export { findBound, type Bound, type BoundBy, type LevelSigns } from './bound.ts'
export {
  creditsPerThousandCalls,
  planDeployment,
  whatIf,
  type Deployment,
  type InstanceCapacity,
  type PlanWish,
} from './deployment-plan.ts'
export { forecastPools, type PoolForecast } from './pool-forecast.ts'
