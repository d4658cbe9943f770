import type { ArrivalPhase, ClosedModel, LoadStage } from './load-plan.ts'

/** How many clients a closed plan wants over time, as stages in any case: without a shape, all start one after another and stay. */
export function stagesOf({ stages, clients, spawnRatePerSecond, durationMs }: ClosedModel): readonly LoadStage[] {
  if (stages !== undefined) return stages
  const spawnMs = (clients / spawnRatePerSecond) * 1000
  const risingMs = Math.min(spawnMs, durationMs)
  const rising = { name: '', durationMs: risingMs, from: 0, to: clients * (risingMs / spawnMs) }
  return risingMs < durationMs ? [rising, { name: '', durationMs: durationMs - risingMs, from: clients, to: clients }] : [rising]
}

/** The same load as arrivals per second. */
export function toArrivalPhases(stages: readonly LoadStage[], spacing: ArrivalPhase['spacing']): ArrivalPhase[] {
  return stages.map(({ name, durationMs, from, to }) => ({ name, durationMs, rateStart: from, rateEnd: to, spacing }))
}

/** The stage in which an instant falls, and how long after its start; undefined after the last one. */
export function stageAt<S extends { readonly durationMs: number }>(
  stages: readonly S[],
  offsetMs: number,
): { readonly stage: S; readonly sinceMs: number; readonly index: number } | undefined {
  let startMs = 0
  for (const [index, stage] of stages.entries()) {
    if (offsetMs < startMs + stage.durationMs) return { stage, sinceMs: offsetMs - startMs, index }
    startMs += stage.durationMs
  }
  return undefined
}

/** The level of a stage so long after its start. */
export const levelWithin = ({ from, to, durationMs }: LoadStage, sinceMs: number): number =>
  from + (to - from) * (durationMs > 0 ? Math.min(1, Math.max(0, sinceMs / durationMs)) : 1)

/** The wanted level at an instant; that of the end after it. */
export function levelAt(stages: readonly LoadStage[], offsetMs: number): number {
  const found = stageAt(stages, offsetMs)
  return found === undefined ? (stages.at(-1)?.to ?? 0) : levelWithin(found.stage, found.sinceMs)
}

/** Whole clients at a level: client i lives while the level is above i. Sums of fractions may be a hair too high. */
export const clientsAtLevel = (level: number): number => Math.max(0, Math.ceil(level - 1e-9))
