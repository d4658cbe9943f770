import type { LoadPlan } from './load-plan.ts'

/** How long a plan makes load, in milliseconds since T0, without the time its last calls take to end. */
export function planDurationMs(plan: Pick<LoadPlan, 'model'>): number {
  return plan.model.type === 'closed'
    ? plan.model.durationMs
    : plan.model.phases.reduce((sum, phase) => sum + phase.durationMs, 0)
}
