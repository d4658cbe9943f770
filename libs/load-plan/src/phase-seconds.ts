import type { LoadPlan } from './load-plan.ts'

/** A stretch of a run, in milliseconds since T0. */
export interface Stretch {
  readonly fromMs: number
  readonly toMs: number
}

/** For how many seconds of a stretch the phases, or stages, of a name made load. */
export function phaseSeconds({ model }: LoadPlan, name: string, { fromMs, toMs }: Stretch): number {
  let startMs = 0
  let totalMs = 0
  for (const phase of model.type === 'closed' ? (model.stages ?? []) : model.phases) {
    const endMs = startMs + phase.durationMs
    if (phase.name === name) totalMs += Math.max(0, Math.min(endMs, toMs) - Math.max(startMs, fromMs))
    startMs = endMs
  }
  return totalMs / 1000
}
