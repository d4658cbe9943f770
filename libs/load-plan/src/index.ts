export { createArrivalSchedule, type ArrivalSchedule } from './arrival-schedule.ts'
export type {
  ArrivalPhase,
  AnswersPlan,
  AuthPlan,
  ClientPlan,
  ClosedModel,
  Json,
  LoadModel,
  LoadPlan,
  OpenModel,
  PayloadPlan,
  ScenarioPlan,
  Share,
} from './load-plan.ts'
export { isProblem, parseThreshold } from './parse-threshold.ts'
export { payloadRow } from './payload-row.ts'
export { phaseAt } from './phase-at.ts'
export { planDurationMs } from './plan-duration.ts'
export { chooseByWeight, type ScenarioChoice } from './scenario-mix.ts'
export { clientStartMs, indicesOfShare } from './shares.ts'
export type { LatencyStatistic, Threshold, ThresholdMetric, ThresholdScope } from './threshold.ts'
