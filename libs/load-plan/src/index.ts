export { createArrivalSchedule, type ArrivalSchedule } from './arrival-schedule.ts'
export {
  defaultMaxClients,
  type AbortRule,
  type AnswersPlan,
  type ArrivalPhase,
  type AuthPlan,
  type ClientPlan,
  type ClosedModel,
  type Json,
  type LifeCyclePlan,
  type LoadModel,
  type LoadPlan,
  type LoadStage,
  type OpenModel,
  type PayloadPlan,
  type ScenarioPlan,
  type Share,
  type TlsPlan,
} from './load-plan.ts'
export { findTargetMistake } from './find-target-mistake.ts'
export { keepsTo } from './keeps-to.ts'
export { isProblem, parseThreshold } from './parse-threshold.ts'
export { isBeyondPlan, payloadRow, turnOf } from './payload-row.ts'
export { phaseAt } from './phase-at.ts'
export { populationChanges, type PopulationChange } from './population.ts'
export { phaseSeconds, type Stretch } from './phase-seconds.ts'
export { changedPhases, phasesOf, type Phase } from './phases.ts'
export { planDurationMs } from './plan-duration.ts'
export { chooseByWeight, chooseScenarios, type ScenarioChoice } from './scenario-mix.ts'
export { countOfShare, indicesOfShare } from './shares.ts'
export { shownPlan } from './shown-plan.ts'
export { shownTarget } from './shown-target.ts'
export type { LatencyStatistic, Threshold, ThresholdMetric, ThresholdScope } from './threshold.ts'
export { withClients, type LoadChange } from './load-change.ts'
export { withRate, type RateChange } from './spliced-arrivals.ts'
export { clientsAtLevel, levelAt, stagesOf, toArrivalPhases } from './load-level.ts'
export { limitRise } from './limit-rise.ts'
export type { ShapeFrame } from './shapes/shape.ts'
export { isShapeFile, shapeSection, type WrittenShape } from './shapes/shape-section.ts'
export { shapeNames, stagesOfShape } from './shapes/shape-table.ts'
export { planFingerprint } from './plan-fingerprint.ts'
