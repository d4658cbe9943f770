import { formatDuration } from '../format-number.ts'
import { escapeText, renderTable } from '../markdown-text.ts'
import { describeComparison, metricCells, metricsByWeight, metricTitles } from './comparison-rows.ts'
import type { Comparison } from './comparison.ts'

const marks: Readonly<Record<Comparison['verdict'], string>> = { same: '✅', faster: '✅', slower: '❌', inconclusive: '⚠️' }

/** How many rows a pull request shows before the rest is folded away. */
const shownRows = 3

/** For a pull request: the verdict, the sentence, the three lines that matter; the rest folded away. */
export function renderComparisonMarkdown(comparison: Comparison): string {
  const rows = metricsByWeight(comparison).map((metric) => metricCells(metric).map(escapeText))
  const [shown, folded] = [rows.slice(0, shownRows), rows.slice(shownRows)]
  const { run, base, candidate } = comparison
  const blocks = [
    `## ${marks[comparison.verdict]} ${comparison.verdict}: ${escapeText(run.pack)}`,
    escapeText(describeComparison(comparison)),
    comparison.reasons.map((reason) => `- ${escapeText(reason)}`).join('\n'),
    renderTable(metricTitles, shown),
    folded.length === 0
      ? ''
      : `<details><summary>${folded.length} more</summary>\n\n${renderTable(metricTitles, folded)}\n\n</details>`,
    `<sub>base <code>${escapeText(base)}</code> · candidate <code>${escapeText(candidate)}</code> · ${formatDuration(run.durationSeconds)} · Squall ${escapeText(run.squallVersion)}</sub>`,
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}
