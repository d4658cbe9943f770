import { readFileSync, writeFileSync } from 'node:fs'
import type { Judgement, Verdict } from './goals.ts'
import type { Rounds } from './rounds.ts'

/** What came of a comparison. */
export interface Outcome {
  readonly name: string
  readonly measured: readonly Rounds[]
  readonly judgements: readonly Judgement[]
}

/** The part of a saved benchmark that `agree` reads. */
export interface SavedOutcomes {
  readonly outcomes: readonly Pick<Outcome, 'name' | 'judgements'>[]
}

export function saveOutcomes(file: string, outcomes: readonly Outcome[]): void {
  const conditions = { node: process.versions.node, savedAt: new Date().toISOString() }
  writeFileSync(file, `${JSON.stringify({ ...conditions, outcomes }, undefined, 2)}\n`)
}

export function readOutcomes(file: string): SavedOutcomes {
  // Written by the function above.
  return JSON.parse(readFileSync(file, 'utf8')) as SavedOutcomes
}

/** One goal in every run that judged it. */
export interface Agreement {
  readonly goal: string
  readonly medians: readonly number[]
  readonly verdicts: readonly Verdict[]
  /** At least two runs judged it, and alike. */
  readonly agrees: boolean
}

/** Puts the same goals of several runs beside each other. */
export function agreements(runs: readonly SavedOutcomes[]): Agreement[] {
  const judged = runs.flatMap(({ outcomes }) =>
    outcomes.flatMap(({ name, judgements }) => judgements.map((one) => ({ ...one, goal: `${name}: ${one.goal}` }))),
  )
  return [...Map.groupBy(judged, ({ goal }) => goal)].map(([goal, ofGoal]) => {
    const verdicts = ofGoal.map(({ verdict }) => verdict)
    const agrees = verdicts.length > 1 && new Set(verdicts).size === 1
    return { goal, medians: ofGoal.map(({ median }) => median), verdicts, agrees }
  })
}
