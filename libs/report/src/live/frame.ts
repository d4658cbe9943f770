import pc from 'picocolors'
import stringWidth from 'string-width'
import { formatClients, formatCount, formatDuration, formatMs, formatRate, formatShare } from '../format-number.ts'
import { cleanText } from '../table/clean-text.ts'
import { fitLine } from '../table/fit-line.ts'
import { renderTextTable } from '../table/text-table.ts'
import { renderAgents } from './agent-rows.ts'
import type { LiveState, LiveToolRow } from './live-state.ts'
import { renderProgressBar } from './progress-bar.ts'
import { renderSparkline } from './sparkline.ts'

export interface FrameSize {
  readonly columns: number
  readonly rows: number
  readonly color: boolean
  /** The last line; none where empty. */
  readonly hint?: string
}

type Paint = ReturnType<typeof pc.createColors>

/** From this share of a core on, a generator process is near its limit. */
const busyCpu = 0.8

/**
 * One frame of the dashboard.
 * @param callsPerSecond of the seconds so far, oldest first.
 * @returns lines shorter than `columns`, fewer than `rows`.
 */
export function renderFrame(
  state: LiveState,
  callsPerSecond: readonly number[],
  { columns, rows, color, hint = '' }: FrameSize,
): string[] {
  const paint = pc.createColors(color)
  // The last column stays free: a terminal would move on to the next row by itself.
  const width = Math.max(1, columns - 1)
  const head = [
    renderHead(state, width, paint),
    renderProgress(state, width, paint),
    '',
    renderThroughput(state, callsPerSecond, width, paint),
    renderLatency(state, paint),
    renderResults(state, paint),
    renderGenerator(state, paint),
  ]
  const foot = hint === '' ? [] : ['', paint.dim(hint)]
  const room = rows - head.length - foot.length - 3
  // Both tables have an empty line and a title.
  const agents = renderAgents(state.agents ?? [], Math.floor(room / 2) - 2, paint)
  const tools = renderTools(state.tools, room - agents.length, paint)
  return [...head, ...agents, ...tools, ...foot].slice(0, Math.max(1, rows - 1)).map((line) => fitLine(line, width))
}

const label = (text: string, paint: Paint): string => paint.dim(text.padEnd(11))

function renderHead({ pack, target, phase }: LiveState, width: number, paint: Paint): string {
  const state = cleanText(phase)
  const left = fitLine(`${paint.bold(cleanText(pack))} ${paint.dim('→')} ${cleanText(target)}`, width - stringWidth(state) - 2)
  const gap = Math.max(2, width - stringWidth(left) - stringWidth(state))
  return `${left}${' '.repeat(gap)}${paint.cyan(state)}`
}

function renderProgress({ elapsedSeconds, durationSeconds }: LiveState, width: number, paint: Paint): string {
  const before = `${formatDuration(Math.floor(elapsedSeconds))} of ${formatDuration(durationSeconds)} `
  const after = ` ${formatDuration(Math.max(0, Math.ceil(durationSeconds - elapsedSeconds)))} left`
  const barWidth = Math.max(0, Math.min(width, 100) - before.length - after.length)
  const { done, left } = renderProgressBar(durationSeconds > 0 ? elapsedSeconds / durationSeconds : 1, barWidth)
  return `${before}${paint.cyan(done)}${paint.dim(left)}${after}`
}

function renderThroughput(state: LiveState, history: readonly number[], width: number, paint: Paint): string {
  const clients = paint.bold(formatClients(state.clients))
  const numbers = `${paint.bold(formatRate(state.callsPerSecond))} calls/s   ${clients}   `
  const line = `${label('load', paint)}${numbers}`
  return `${line}${paint.cyan(renderSparkline(history, Math.min(60, width - stringWidth(line))))}`
}

function renderLatency({ p50, p95, p99 }: LiveState, paint: Paint): string {
  const quantile = (name: string, ms: number | null): string => `${paint.dim(name)} ${paint.bold(formatMs(ms))}`
  return `${label('response', paint)}${quantile('p50', p50)}   ${quantile('p95', p95)}   ${quantile('p99', p99)}`
}

function renderResults({ ok, failed, failuresByKind }: LiveState, paint: Paint): string {
  const kinds = Object.entries(failuresByKind).toSorted(([, left], [, right]) => right - left)
  const named = kinds.map(([code, count]) => `${cleanText(code)} ${formatCount(count)}`).join(', ')
  const failures = kinds.length === 0 && failed === 0 ? '0 failed' : paint.red(`${formatCount(failed)} failed   ${named}`)
  return `${label('calls', paint)}${paint.bold(formatCount(ok))} ok   ${failures}`
}

function renderGenerator({ generatorCpu, droppedStarts }: LiveState, paint: Paint): string {
  const cpu = `${formatShare(generatorCpu)} of a core`
  const dropped = `${formatCount(droppedStarts)} starts dropped`
  const cpuText = generatorCpu >= busyCpu ? paint.yellow(cpu) : cpu
  return `${label('generator', paint)}${cpuText}   ${droppedStarts > 0 ? paint.yellow(dropped) : dropped}`
}

function renderTools(tools: readonly LiveToolRow[], room: number, paint: Paint): string[] {
  if (tools.length === 0 || room < 1) return []
  const busiest = tools.toSorted((left, right) => right.calls - left.calls)
  const shown = busiest.length <= room ? busiest : busiest.slice(0, Math.max(0, room - 1))
  const [title = '', ...rows] = renderTextTable(
    toolColumns,
    shown.map((row) => toCells(row, paint)),
  )
  const hidden = tools.length - shown.length
  return ['', paint.dim(title), ...rows, ...(hidden > 0 ? [paint.dim(`and ${formatCount(hidden)} more`)] : [])]
}

const toolColumns = [
  { title: 'tool' },
  ...['calls', 'failed', 'calls/s', 'p50', 'p95', 'p99'].map((title) => ({ title, align: 'right' as const })),
]

const longestName = 28

function toCells({ tool, calls, failed, callsPerSecond, p50, p95, p99 }: LiveToolRow, paint: Paint): string[] {
  const failedText = formatCount(failed)
  return [
    fitLine(cleanText(tool), longestName),
    formatCount(calls),
    failed > 0 ? paint.red(failedText) : failedText,
    formatRate(callsPerSecond),
    ...[p50, p95, p99].map(formatMs),
  ]
}
