import pc from 'picocolors'
import { formatCount, formatDuration, formatRate, formatShare } from '../format-number.ts'
import { formatLatency } from '../format-latency.ts'
import { formatMeasured, resultOf } from '../format-threshold.ts'
import { exampleOf } from '../sample-line.ts'
import { renderSentence } from '../sentence.ts'
import { renderStrays } from '../stray-replies.ts'
import type { Groups, Summary, ThresholdResult, Verdict } from '../summary.ts'
import { cleanText } from './clean-text.ts'
import { fitLine } from './fit-line.ts'
import { renderTextTable } from './text-table.ts'
import { wrapText } from './wrap-text.ts'

export interface SummaryTableOptions {
  readonly color: boolean
  /** Lines are cut to this width; absent: never. */
  readonly columns?: number
  /** Where the report is, for the last line. */
  readonly reportPath?: string
}

type Paint = ReturnType<typeof pc.createColors>

/** The table a person reads when a run is over: verdict, sentence, groups, failures, thresholds, where the report is. */
export function renderSummaryTable(summary: Summary, { color, columns, reportPath }: SummaryTableOptions): string {
  const paint = pc.createColors(color)
  const seconds = summary.run.measuredSeconds
  const blocks = [
    renderVerdict(summary, columns, paint),
    [...wrapText(renderSentence(summary), columns), ...wrapText(renderTotals(summary), columns)],
    renderGroups('tool', summary.tools, seconds, paint),
    renderGroups('method', summary.methods, seconds, paint),
    renderGroups('client kind', summary.clientKinds, seconds, paint),
    renderFailures(summary, paint),
    summary.totals.strayReplies > 0 ? wrapText(renderStrays(summary.totals), columns).map(paint.yellow) : [],
    renderThresholds(summary.thresholds, paint),
  ]
  const text = blocks.map((block) => block.join('\n')).filter((block) => block !== '')
  const lines = text.join('\n\n').split('\n')
  const fitted = columns === undefined ? lines : lines.map((line) => fitLine(line, columns))
  if (reportPath !== undefined) fitted.push('', `report: ${reportPath}`)
  return fitted.join('\n')
}

function renderVerdict({ verdict, reasons, run }: Summary, columns: number | undefined, paint: Paint): string[] {
  const word = paint.bold(verdictPaint(verdict, paint)(verdict.toUpperCase()))
  const about = `${cleanText(run.pack)} → ${cleanText(run.target)}, ${formatDuration(run.durationSeconds)}`
  return [`${word}  ${about}`, ...reasons.flatMap((reason) => wrapText(cleanText(reason), columns, '  '))]
}

function verdictPaint(verdict: Verdict, paint: Paint): (text: string) => string {
  if (verdict === 'pass') return paint.green
  return verdict === 'fail' ? paint.red : paint.yellow
}

function renderTotals({ totals, generator }: Summary): string {
  const parts = [
    `${formatCount(totals.calls)} calls`,
    `${formatCount(totals.ok)} ok`,
    `${formatCount(totals.failed)} failed`,
    `${formatCount(totals.sessionsOpened)} sessions`,
    `${formatCount(totals.droppedStarts)} starts dropped`,
    `generator ${generator.saturated ? 'saturated' : 'not saturated'}`,
  ]
  return parts.join(', ')
}

function renderGroups(title: string, groups: Groups, seconds: number, paint: Paint): string[] {
  const entries = Object.entries(groups).toSorted(([, left], [, right]) => right.calls - left.calls)
  if (entries.length === 0) return []
  const numbers = ['calls', 'ok', 'failed', 'calls/s', 'p50', 'p95', 'p99', 'max']
  const columns = [{ title }, ...numbers.map((name) => ({ title: name, align: 'right' as const }))]
  const rows = entries.map(([name, { calls, ok, failed, response }]) => [
    cleanText(name),
    formatCount(calls),
    formatCount(ok),
    failed > 0 ? paint.red(formatCount(failed)) : '0',
    formatRate(seconds > 0 ? calls / seconds : 0),
    formatLatency(response, 'p50'),
    formatLatency(response, 'p95'),
    formatLatency(response, 'p99'),
    formatLatency(response, 'max'),
  ])
  const [head = '', ...body] = renderTextTable(columns, rows)
  return [paint.dim(head), ...body]
}

function renderFailures({ errors, totals, methods, samples }: Summary, paint: Paint): string[] {
  const entries = Object.entries(errors).toSorted(([, left], [, right]) => right - left)
  if (entries.length === 0) return []
  const calls = Object.values(methods).reduce((sum, group) => sum + group.calls, totals.calls)
  const rows = entries.map(([code, count]) => [
    cleanText(code),
    paint.red(formatCount(count)),
    formatShare(calls > 0 ? count / calls : 0),
  ])
  const columns = [
    { title: 'failure' },
    { title: 'count', align: 'right' as const },
    { title: 'of all calls', align: 'right' as const },
  ]
  const [head = '', ...body] = renderTextTable(columns, rows)
  const examples = entries.flatMap(([code]) => {
    const example = exampleOf(code, samples)
    return example === '' ? [] : [`${paint.dim(cleanText(code))}  ${cleanText(example)}`]
  })
  return [paint.dim(head), ...body, ...(examples.length > 0 ? ['', paint.dim('for example'), ...examples] : [])]
}

function resultPaint(threshold: ThresholdResult, paint: Paint): (text: string) => string {
  const result = resultOf(threshold)
  if (result === 'not judged') return paint.yellow
  return result === 'held' ? paint.green : paint.red
}

function renderThresholds(thresholds: readonly ThresholdResult[], paint: Paint): string[] {
  if (thresholds.length === 0) return []
  const rows = thresholds.map((threshold) => [
    cleanText(threshold.expression),
    formatMeasured(threshold),
    resultPaint(threshold, paint)(resultOf(threshold)),
  ])
  const [head = '', ...body] = renderTextTable(
    [{ title: 'threshold' }, { title: 'measured', align: 'right' }, { title: '' }],
    rows,
  )
  return [paint.dim(head), ...body]
}
