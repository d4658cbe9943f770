import { stageAt, stagesOf } from './load-level.ts'
import type { LoadChange } from './load-change.ts'
import type { LoadModel } from './load-plan.ts'

/** A stretch of a plan under a name that calls carry; the name is empty where a closed plan has no shape. */
export interface Phase {
  readonly name: string
  readonly durationMs: number
}

/** What live control makes is a phase of its own in a plan that has phases. */
const setByHand = 'set by hand'

/** The phases, or a shape's stages, that a plan goes through, one after another. */
export const phasesOf = (model: LoadModel): readonly Phase[] => (model.type === 'closed' ? stagesOf(model) : model.phases)

/**
 * The phases after a change: what comes from its instant on was set by hand, and no longer belongs to a phase of the plan, until a rate is
 * the plan's again. A change of the other model, or of the target, changes nothing.
 * @param phases those before the change.
 */
export function changedPhases(phases: readonly Phase[], model: LoadModel, change: LoadChange): readonly Phase[] {
  const isOfModel = change.type === (model.type === 'closed' ? 'set-clients' : 'set-rate')
  if (!isOfModel || phases.every(({ name }) => name === '')) return phases
  const before = split(phases, change.atMs).before
  const rest = split(phasesOf(model), change.atMs).after
  if (change.type === 'set-rate' && change.factor === 1) return [...before, ...rest]
  const durationMs = rest.reduce((sum, phase) => sum + phase.durationMs, 0)
  return durationMs > 0 ? [...before, { name: setByHand, durationMs }] : phases
}

function split(phases: readonly Phase[], atMs: number): { readonly before: readonly Phase[]; readonly after: readonly Phase[] } {
  const found = stageAt(phases, atMs)
  if (found === undefined) return { before: phases, after: [] }
  const { stage, sinceMs, index } = found
  const part = (durationMs: number): Phase[] => (durationMs > 0 ? [{ name: stage.name, durationMs }] : [])
  return {
    before: [...phases.slice(0, index), ...part(sinceMs)],
    after: [...part(stage.durationMs - sinceMs), ...phases.slice(index + 1)],
  }
}
