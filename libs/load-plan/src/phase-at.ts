import { stageAt } from './load-level.ts'
import type { Phase } from './phases.ts'

/** The name of the phase in which something falls that was due `offsetMs` after T0; the last one's after the end. */
export function phaseAt(phases: readonly Phase[], offsetMs: number): string {
  return (stageAt(phases, offsetMs)?.stage ?? phases.at(-1))?.name ?? ''
}
