import { findTargetMistake, type Json, type ScenarioPlan } from '@squall/load-plan'
import type { ReadOverrides } from './overrides.ts'
import type { PackOverrides } from './pack.ts'
import type { PackCheck } from './pack-check.ts'
import type { SquallSection } from './sections/squall-section.ts'

export interface TargetInput {
  /** `config.target`. */
  readonly written: Json | undefined
  readonly squall: SquallSection | undefined
  readonly overrides: ReadOverrides
  readonly given: PackOverrides
  readonly scenarios: readonly ScenarioPlan[]
}

/** In `config.squall.target`: the server that Squall starts by itself. */
const embedded = 'embedded'

/** Where load goes; undefined where nothing is named, or the embedded server is. A wrong target is noted. */
export function readTarget(input: TargetInput, check: PackCheck): string | undefined {
  const { written, squall, overrides, given } = input
  if (overrides.target !== undefined) {
    const problem = findTargetMistake(overrides.target, input.scenarios)
    if (problem) check.add({ where: given.target?.where ?? '', ...problem })
    return overrides.target
  }
  // An override that could not be read was noted already; it still beats the pack.
  if (given.target || squall?.target === embedded) return undefined
  const own = squall?.target ?? written
  if (own === undefined) return undefined
  const problem = findTargetMistake(own, input.scenarios)
  if (problem) check.at(squall?.target === undefined ? ['config', 'target'] : ['config', 'squall', 'target'], problem)
  return typeof own === 'string' ? own : undefined
}
