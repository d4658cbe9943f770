import type { Phase } from './phases.ts'

/** A stretch of a run, in milliseconds since T0. */
export interface Stretch {
  readonly fromMs: number
  readonly toMs: number
}

/** For how many seconds of a stretch the phases of a name made load. */
export function phaseSeconds(phases: readonly Phase[], name: string, { fromMs, toMs }: Stretch): number {
  let startMs = 0
  let totalMs = 0
  for (const phase of phases) {
    const endMs = startMs + phase.durationMs
    if (phase.name === name) totalMs += Math.max(0, Math.min(endMs, toMs) - Math.max(startMs, fromMs))
    startMs = endMs
  }
  return totalMs / 1000
}
