import { isProblem, keepsTo, parseThreshold, type Threshold } from '@squall/load-plan'
import type { GroupSummary, LatencySummary, ThresholdResult } from '@squall/report'

/** What thresholds are judged by: everything Artillery's report has. */
export interface JudgedNumbers {
  readonly tools: Readonly<Record<string, GroupSummary>>
  readonly methods: Readonly<Record<string, GroupSummary>>
  /** All tool calls. */
  readonly total: GroupSummary
  /** Calls of every method. */
  readonly all: GroupSummary
  readonly droppedStarts: number
  readonly measuredSeconds: number
}

/** Judges a threshold of a plan; its value is null where Artillery does not say, such as a `p80` or the numbers of one phase. */
export function judgeExpression(expression: string, numbers: JudgedNumbers): ThresholdResult {
  const threshold = parseThreshold(expression)
  if (isProblem(threshold)) throw new Error(`a plan holds a threshold that cannot be read: ${expression}`)
  const value = measure(threshold, numbers)
  const shown = value !== null && threshold.metric.type === 'failedRatio' ? value * 100 : value
  return { expression, value: shown, ok: keepsTo(threshold, value) }
}

function measure({ scope, metric }: Threshold, numbers: JudgedNumbers): number | null {
  if (metric.type === 'droppedStarts') return numbers.droppedStarts
  const group = groupOf(scope, metric.type, numbers)
  if (group === undefined) return null
  if (metric.type === 'calls') return group.calls
  if (metric.type === 'rate') return numbers.measuredSeconds > 0 ? group.calls / numbers.measuredSeconds : 0
  if (group.calls === 0) return null
  if (metric.type === 'failedCount') return group.failed
  if (metric.type === 'failedRatio') return group.failed / group.calls
  return statisticOf(group[metric.basis], metric.statistic)
}

function groupOf({ type, ...scope }: Threshold['scope'], metric: string, numbers: JudgedNumbers): GroupSummary | undefined {
  const { tools, methods, total, all } = numbers
  const name = 'name' in scope ? scope.name : ''
  if (type === 'tool') return tools[name]
  if (type === 'method') return name === 'tools/call' ? total : methods[name]
  if (type !== 'run') return undefined
  // A server that refuses new sessions has failed, even if no tool call did.
  return metric.startsWith('failed') || total.calls === 0 ? all : total
}

type Statistic = Extract<Threshold['metric'], { type: 'latency' }>['statistic']

function statisticOf(latency: LatencySummary, statistic: Statistic): number | null {
  if (statistic.type !== 'quantile') return latency[statistic.type]
  const known: Readonly<Record<string, number>> = {
    '0.5': latency.p50,
    '0.9': latency.p90,
    '0.95': latency.p95,
    '0.99': latency.p99,
    '0.999': latency.p999,
  }
  return known[String(statistic.q)] ?? null
}
