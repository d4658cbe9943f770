import { median, ratiosOf, valuesOf, type Rounds } from './rounds.ts'

/** What a contender is to reach, by itself or beside another. */
export interface Goal {
  readonly candidate: string
  /** With this the figure is a ratio of both, round by round; without, it is the candidate's own. */
  readonly base?: string
  readonly figure: string
  readonly atLeast?: number
  readonly atMost?: number
}

export type Verdict = 'PASS' | 'MISS'

/** A goal beside what was measured. */
export interface Judgement {
  readonly goal: string
  readonly median: number
  readonly least: number
  readonly most: number
  readonly verdict: Verdict
}

/** Judges the goals whose contenders were measured, by the median over all rounds. */
export function judge(goals: readonly Goal[], measured: readonly Rounds[]): Judgement[] {
  return goals.flatMap((goal) => {
    const values = valuesFor(goal, measured)
    if (values === undefined) return []
    const { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = goal
    const middle = median(values)
    return [
      {
        goal: describeGoal(goal),
        median: middle,
        least: Math.min(...values),
        most: Math.max(...values),
        verdict: middle >= atLeast && middle <= atMost ? 'PASS' : 'MISS',
      },
    ]
  })
}

function valuesFor({ candidate, base, figure }: Goal, measured: readonly Rounds[]): readonly number[] | undefined {
  const [ours, theirs] = [candidate, base].map((wanted) => measured.find(({ name }) => name === wanted))
  if (!ours) return undefined
  if (base === undefined) return valuesOf(ours, figure)
  return theirs && ratiosOf(ours, theirs, figure)
}

/** `calls per CPU-second of Squall ÷ autocannon: at least 1.2` */
export function describeGoal({ candidate, base, figure, atLeast, atMost }: Goal): string {
  const bounds = [
    ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
    ...(atMost === undefined ? [] : [`at most ${atMost}`]),
  ]
  return `${figure}, ${candidate}${base === undefined ? '' : ` ÷ ${base}`}: ${bounds.join(', ')}`
}
