import { judge, type Goal, type Judgement } from './goals.ts'
import { renderNumber, renderSpread, renderTable } from './markdown.ts'
import { interleave, ratiosOf, valuesOf, type Contender, type Rounds } from './rounds.ts'
import type { BenchmarkSettings } from './settings.ts'

/** Contenders that take turns against one target, and what is expected of them. */
export interface Comparison {
  readonly name: string
  readonly contenders: readonly Contender[]
  readonly goals: readonly Goal[]
  /** What the table shows, in its order; ratios are made of those with `ratios`. */
  readonly figures: readonly ShownFigure[]
}

export interface ShownFigure {
  readonly figure: string
  readonly digits: number
  /** Another column for each further contender: how all stood to it in the same round. */
  readonly ratios?: boolean
}

/** What came of a comparison. */
export interface Outcome {
  readonly name: string
  readonly measured: readonly Rounds[]
  readonly judgements: readonly Judgement[]
}

/** Leaves out the comparisons and the contenders that the settings leave out. */
export function chosen(comparisons: readonly Comparison[], { only, without }: BenchmarkSettings): Comparison[] {
  return comparisons
    .filter(({ name }) => name.includes(only))
    .map(({ name, goals, figures, contenders }) => {
      const left = contenders.filter((contender) => !without.includes(contender.name))
      return { name, goals, figures, contenders: left }
    })
    .filter(({ contenders }) => contenders.length > 0)
}

/** Measures a comparison and prints its table and verdicts. */
export async function compare(comparison: Comparison, { rounds }: BenchmarkSettings, warmUpRounds: number): Promise<Outcome> {
  const measured = await interleave(comparison.contenders, rounds, warmUpRounds)
  const outcome = { name: comparison.name, measured, judgements: judge(comparison.goals, measured) }
  console.log(`\n## ${comparison.name}\n\n${renderMeasured(measured, comparison.figures)}`)
  if (outcome.judgements.length > 0) console.log(`\n${renderJudgements(outcome.judgements)}`)
  return outcome
}

/** A row for each contender. */
export function renderMeasured(measured: readonly Rounds[], figures: readonly ShownFigure[]): string {
  const columns = figures.flatMap((shown) => [
    valueColumn(shown),
    ...(shown.ratios === true ? ratioColumns(shown, measured) : []),
  ])
  const rows = measured.map((one) => [one.name, ...columns.map(({ cell }) => cell(one))])
  return renderTable(['', ...columns.map(({ head }) => head)], rows)
}

interface Column {
  readonly head: string
  readonly cell: (one: Rounds) => string
}

const valueColumn = ({ figure, digits }: ShownFigure): Column => ({
  head: figure,
  cell: (one) => renderSpread(valuesOf(one, figure), digits),
})

const ratioColumns = ({ figure }: ShownFigure, measured: readonly Rounds[]): Column[] =>
  measured.slice(1).map((other) => ({
    head: `÷ ${other.name}`,
    cell: (one) => (one === other ? '1' : renderSpread(ratiosOf(one, other, figure), 2)),
  }))

export function renderJudgements(judgements: readonly Judgement[]): string {
  const rows = judgements.map(({ goal, median: middle, least, most, verdict }) => [
    goal,
    `${renderNumber(middle, 2)} (${renderNumber(least, 2)} to ${renderNumber(most, 2)})`,
    verdict,
  ])
  return renderTable(['goal', 'measured', 'verdict'], rows)
}
