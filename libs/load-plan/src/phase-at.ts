import type { LoadPlan } from './load-plan.ts'

/**
 * The name of the phase in which something falls that was due `offsetMs` after T0; the last phase's after the end, and empty for
 * a closed plan, which has no phases.
 */
export function phaseAt(plan: LoadPlan, offsetMs: number): string {
  if (plan.model.type === 'closed') return ''
  let endMs = 0
  for (const phase of plan.model.phases) {
    endMs += phase.durationMs
    if (offsetMs < endMs) return phase.name
  }
  return plan.model.phases.at(-1)?.name ?? ''
}
