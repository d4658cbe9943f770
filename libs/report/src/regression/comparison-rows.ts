import { formatMs, formatShare } from '../format-number.ts'
import type { ComparedMetric, Comparison } from './comparison.ts'

export const metricTitles = ['Tool', 'Metric', 'Base', 'Candidate', 'Change', 'Interval', 'Verdict'] as const

const isShare = ({ metric }: ComparedMetric): boolean => metric === 'failed'

export function metricCells(one: ComparedMetric): string[] {
  const format = isShare(one) ? formatShare : formatMs
  return [
    one.tool === '*' ? 'all calls' : one.tool,
    one.metric,
    format(one.base),
    format(one.candidate),
    formatEffect(one.effect, isShare(one)),
    one.interval === null ? '–' : one.interval.map((end) => formatEffect(end, isShare(one))).join(' to '),
    one.verdict,
  ]
}

/** `+10.2 %`, `-3.0 %`; of shares the points of a per cent. */
export function formatEffect(effect: number, isOfShare = false): string {
  if (isOfShare) return `${effect > 0 ? '+' : effect < 0 ? '-' : ''}${formatShare(Math.abs(effect))}`
  const percent = effect * 100
  const rounded = Math.abs(percent) < 0.05 ? '0.0' : percent.toFixed(1)
  return `${percent >= 0.05 ? '+' : ''}${rounded} %`
}

const order: Readonly<Record<ComparedMetric['verdict'], number>> = { slower: 0, inconclusive: 1, faster: 2, same: 3 }

/** What matters first: slower, then not known, then faster, then the same; the largest change of each first. */
export const metricsByWeight = ({ metrics }: Comparison): ComparedMetric[] =>
  metrics.toSorted((a, b) => order[a.verdict] - order[b.verdict] || Math.abs(b.effect) - Math.abs(a.effect))

/** The comparison in one plain sentence. */
export function describeComparison(comparison: Comparison): string {
  const { verdict, runsEach, runsNeeded } = comparison
  const runs = `${runsEach} ${runsEach === 1 ? 'run' : 'runs'} of each`
  const worst = metricsByWeight(comparison)[0]
  if (verdict === 'inconclusive') {
    return runsNeeded > runsEach
      ? `Nothing certain can be said after ${runs}: it takes about ${runsNeeded}.`
      : `Nothing certain can be said after ${runs}.`
  }
  if (verdict === 'same' || worst === undefined) return `No change that matters, after ${runs}.`
  const [tool = '', metric = '', base = '', candidate = '', effect = '', interval = ''] = metricCells(worst)
  return `The candidate is ${verdict}: ${metric} of ${tool} went from ${base} to ${candidate} (${effect}, interval ${interval}), after ${runs}.`
}
