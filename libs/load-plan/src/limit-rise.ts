import type { LoadStage } from './load-plan.ts'

/**
 * The same stages, with every rise slowed down to a spawn rate: what starts too steeply, or jumps, climbs as fast as it may until it reaches
 * what the stages want. Falls stay as they are, and so do the stages' names and lengths.
 */
export function limitRise(stages: readonly LoadStage[], ratePerSecond: number): LoadStage[] {
  const limited: LoadStage[] = []
  let level = 0
  for (const stage of stages) {
    const pieces = climb(stage, Math.min(level, stage.from), ratePerSecond)
    limited.push(...pieces)
    level = pieces.at(-1)?.to ?? level
  }
  return limited
}

/** A stage that is entered at `start`, at or below where it should begin. */
function climb(stage: LoadStage, start: number, ratePerSecond: number): LoadStage[] {
  const { name, durationMs, from, to } = stage
  const allowed = ratePerSecond / 1000
  const slope = (to - from) / durationMs
  // Steeper than allowed from its first moment on: it is never caught up with.
  const meetsMs = slope < allowed ? (from - start) / (allowed - slope) : from === start && slope === allowed ? 0 : Infinity
  if (meetsMs >= durationMs) return [{ name, durationMs, from: start, to: start + allowed * durationMs }]
  const meetsAt = from + slope * meetsMs
  const rising = { name, durationMs: meetsMs, from: start, to: meetsAt }
  const rest = { name, durationMs: durationMs - meetsMs, from: meetsAt, to }
  return meetsMs > 0 ? [rising, rest] : [rest]
}
