import type { LoadStage } from '../load-plan.ts'

/** Shortens lengths of time in proportion where they are longer than there is room. */
export function fitLengths(lengthsMs: readonly number[], roomMs: number): number[] {
  const totalMs = lengthsMs.reduce((sum, lengthMs) => sum + lengthMs, 0)
  const factor = totalMs > roomMs ? roomMs / totalMs : 1
  return lengthsMs.map((lengthMs) => lengthMs * factor)
}

/** A plan has no stages that last no time. */
export const withoutEmpty = (stages: readonly LoadStage[]): LoadStage[] => stages.filter(({ durationMs }) => durationMs > 0)
