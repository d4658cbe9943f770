import { renderSummaryTable } from '../table/summary-table.ts'
import type { Summary } from '../summary.ts'
import { escapeHtml } from './escape-html.ts'

/** The report as one page that needs nothing else. */
export async function renderHtml(summary: Summary): Promise<string> {
  const text = escapeHtml(renderSummaryTable(summary, { color: false }))
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escapeHtml(summary.run.pack)}</title><pre>${text}</pre></html>\n`
}
