import { judge, type Goal, type Judgement } from './goals.ts'
import { loadAverage, renderConditions, renderNumber, renderSpread, renderTable } from './markdown.ts'
import { interleave, ratiosOf, valuesOf, type Contender, type Rounds } from './rounds.ts'
import { saveOutcomes, type Outcome } from './saved-outcomes.ts'
import type { BenchmarkSettings } from './settings.ts'

/** Contenders that take turns against one target, and what is expected of them. */
export interface Comparison {
  readonly name: string
  readonly contenders: readonly Contender[]
  readonly goals: readonly Goal[]
  /** What the table shows, in its order; ratios are made of those with `ratios`. */
  readonly figures: readonly ShownFigure[]
  /** Rounds that are thrown away at the start; 1 unless given. */
  readonly warmUpRounds?: number
}

export interface ShownFigure {
  readonly figure: string
  readonly digits: number
  /** Another column for each further contender: how all stood to it in the same round. */
  readonly ratios?: boolean
}

/**
 * Measures what the settings have not left out, one comparison after another, and prints tables, verdicts and conditions.
 * @param connections how many the tables' conditions name.
 */
export async function runComparisons(
  comparisons: readonly Comparison[],
  settings: BenchmarkSettings,
  connections: number,
): Promise<void> {
  const { rounds, measuredSeconds, save } = settings
  const loadBefore = loadAverage()
  const outcomes: Outcome[] = []
  for (const comparison of chosen(comparisons, settings)) outcomes.push(await compare(comparison, rounds))
  console.log(`\n${renderConditions({ connections, rounds, measuredSeconds, loadBefore })}`)
  if (save !== undefined) saveOutcomes(save, outcomes)
}

/** Leaves out the comparisons and the contenders that the settings leave out. */
export function chosen(
  comparisons: readonly Comparison[],
  { only, without }: Pick<BenchmarkSettings, 'only' | 'without'>,
): Comparison[] {
  return comparisons
    .filter(({ name }) => name.includes(only))
    .map((comparison) => leaveOut(without, comparison))
    .filter(({ contenders }) => contenders.length > 0)
}

function leaveOut(without: readonly string[], comparison: Comparison): Comparison {
  return { ...comparison, contenders: comparison.contenders.filter(({ name }) => !without.includes(name)) }
}

async function compare({ name, contenders, goals, figures, warmUpRounds = 1 }: Comparison, rounds: number): Promise<Outcome> {
  const measured = await interleave(contenders, rounds, warmUpRounds)
  const judgements = judge(goals, measured)
  console.log(`\n## ${name}\n\n${renderMeasured(measured, figures)}\n\n${renderJudgements(judgements)}`)
  return { name, measured, judgements }
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
