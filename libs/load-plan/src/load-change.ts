import { clientsAtLevel, levelAt, stageAt } from './load-level.ts'
import type { ArrivalPhase, LoadStage } from './load-plan.ts'

/**
 * A change of a run under way. Every shard makes it at the same instant of the plan, so that their shares still add up.
 * `atMs` is in milliseconds since T0 on the plan's clock, which stands still in pauses.
 */
export type LoadChange =
  /** From now on so many clients live, in all shards together, whatever the plan said. Of the closed model. */
  | { readonly type: 'set-clients'; readonly atMs: number; readonly clients: number }
  /** From now on arrivals come so many times as often as the plan says; 1 is the plan. Of the open model. */
  | { readonly type: 'set-rate'; readonly atMs: number; readonly factor: number }
  /** From now on clients go to another server: new ones at once, those that are there with their next iteration, in a session of its own. */
  | { readonly type: 'set-target'; readonly atMs: number; readonly target: string }

/** The stages of a closed plan after a change: more clients start at the spawn rate, fewer leave at once. What calls are named after is `changedPhases`. */
export function withClients(
  stages: readonly LoadStage[],
  atMs: number,
  clients: number,
  spawnRatePerSecond: number,
): readonly LoadStage[] {
  const before = cutAt(stages, atMs)
  const leftMs = totalMs(stages) - totalMs(before)
  if (leftMs <= 0) return stages
  const level = clientsAtLevel(levelAt(stages, atMs))
  const risingMs = Math.min(leftMs, (Math.max(0, clients - level) / spawnRatePerSecond) * 1000)
  const reached = level + (risingMs / 1000) * spawnRatePerSecond
  return [
    ...before,
    ...(risingMs > 0 ? [{ name: '', durationMs: risingMs, from: level, to: Math.min(clients, reached) }] : []),
    ...(risingMs < leftMs ? [{ name: '', durationMs: leftMs - risingMs, from: clients, to: clients }] : []),
  ]
}

/** What is left of an open plan from an instant on, at another rate. */
export function scaledRest(phases: readonly ArrivalPhase[], atMs: number, factor: number): ArrivalPhase[] {
  const found = stageAt(phases, atMs)
  if (found === undefined) return []
  const { stage, sinceMs, index } = found
  const rateStart = stage.rateStart + (stage.rateEnd - stage.rateStart) * (sinceMs / stage.durationMs)
  const rest = [{ ...stage, durationMs: stage.durationMs - sinceMs, rateStart }, ...phases.slice(index + 1)]
  return rest.map(({ name, durationMs, rateStart, rateEnd, spacing }) => ({
    name,
    durationMs,
    rateStart: rateStart * factor,
    rateEnd: rateEnd * factor,
    spacing,
  }))
}

/** The stages up to an instant, the one it falls into cut there. */
function cutAt(stages: readonly LoadStage[], atMs: number): LoadStage[] {
  const found = stageAt(stages, atMs)
  if (found === undefined) return [...stages]
  const { stage, sinceMs, index } = found
  const cut = { ...stage, durationMs: sinceMs, to: stage.from + (stage.to - stage.from) * (sinceMs / stage.durationMs) }
  return [...stages.slice(0, index), ...(sinceMs > 0 ? [cut] : [])]
}

const totalMs = (parts: readonly { readonly durationMs: number }[]): number =>
  parts.reduce((sum, { durationMs }) => sum + durationMs, 0)
