import pc from 'picocolors'
import { cleanText } from '../table/clean-text.ts'
import { fitLine } from '../table/fit-line.ts'
import { renderTextTable } from '../table/text-table.ts'
import { wrapText } from '../table/wrap-text.ts'
import { levelCells, levelsByLoad, levelTitles, loadTitle } from './capacity-rows.ts'
import type { Capacity } from './capacity.ts'

export interface CapacityTableOptions {
  readonly color: boolean
  /** Lines are cut to this width; absent: never. */
  readonly columns?: number
  /** Where the report is, for the last line. */
  readonly reportPath?: string
}

/** What a person reads when a search is over: the sentence, what bound it, every load that was held. */
export function renderCapacityTable(capacity: Capacity, { color, columns, reportPath }: CapacityTableOptions): string {
  const paint = pc.createColors(color)
  const { verdict, run, sentence, reasons, bound, model } = capacity
  const word = paint.bold((verdict === 'found' ? paint.green : paint.yellow)(verdict.toUpperCase()))
  const rows = levelsByLoad(capacity).map((level) => levelCells(level, ' ✓'))
  const table = renderTextTable(
    [loadTitle(model), ...levelTitles].map((title) => ({ title, align: 'right' as const })),
    rows,
  )
  const lines = [
    `${word}  ${cleanText(run.pack)} → ${cleanText(run.target)}, ${cleanText(capacity.slo)}`,
    ...wrapText(sentence, columns),
    ...reasons.flatMap((reason) => wrapText(cleanText(reason), columns, '  ')),
    ...bound.evidence.flatMap((evidence) => wrapText(cleanText(evidence), columns, '  ')),
    '',
    ...table,
  ]
  const fitted = columns === undefined ? lines : lines.map((line) => fitLine(line, columns))
  return [...fitted, ...(reportPath === undefined ? [] : ['', `report: ${reportPath}`])].join('\n')
}
