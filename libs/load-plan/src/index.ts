export type {
  ArrivalPhase,
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
