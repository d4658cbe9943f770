import { stageAt } from './load-level.ts'
import type { LoadPlan } from './load-plan.ts'

/**
 * The name of the phase, or of the shape's stage, in which something falls that was due `offsetMs` after T0; the last one's after the end,
 * and empty for a closed plan without a shape.
 */
export function phaseAt({ model }: LoadPlan, offsetMs: number): string {
  const stages = model.type === 'closed' ? model.stages : model.phases
  if (stages === undefined) return ''
  return (stageAt<(typeof stages)[number]>(stages, offsetMs)?.stage ?? stages.at(-1))?.name ?? ''
}
