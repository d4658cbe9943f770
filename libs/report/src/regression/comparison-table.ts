import pc from 'picocolors'
import { cleanText } from '../table/clean-text.ts'
import { fitLine } from '../table/fit-line.ts'
import { renderTextTable } from '../table/text-table.ts'
import { wrapText } from '../table/wrap-text.ts'
import { describeComparison, metricCells, metricsByWeight, metricTitles } from './comparison-rows.ts'
import type { Comparison } from './comparison.ts'

export interface ComparisonTableOptions {
  readonly color: boolean
  /** Lines are cut to this width; absent: never. */
  readonly columns?: number
  /** Where the report is, for the last line. */
  readonly reportPath?: string
}

/** What a person reads when a comparison is over. */
export function renderComparisonTable(comparison: Comparison, { color, columns, reportPath }: ComparisonTableOptions): string {
  const paint = pc.createColors(color)
  const { verdict, run, base, candidate, reasons } = comparison
  const paints = { same: paint.green, faster: paint.green, slower: paint.red, inconclusive: paint.yellow }
  const lines = [
    `${paint.bold(paints[verdict](verdict.toUpperCase()))}  ${cleanText(run.pack)}: ${cleanText(base)} → ${cleanText(candidate)}`,
    ...wrapText(describeComparison(comparison), columns),
    ...reasons.flatMap((reason) => wrapText(cleanText(reason), columns, '  ')),
    '',
    ...renderTextTable(
      metricTitles.map((title, index) => ({ title, align: index < 2 ? ('left' as const) : ('right' as const) })),
      metricsByWeight(comparison).map((metric) => metricCells(metric).map(cleanText)),
    ),
  ]
  const fitted = columns === undefined ? lines : lines.map((line) => fitLine(line, columns))
  return [...fitted, ...(reportPath === undefined ? [] : ['', `report: ${reportPath}`])].join('\n')
}
