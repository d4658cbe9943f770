import { type Problem, nearestName } from '@squall/errors'
import type { LatencyStatistic, Threshold, ThresholdMetric, ThresholdScope } from './threshold.ts'

const example = 'an expression such as p95<500ms, service.p99<2s, failed<1%, rate>100 or tool.execute_query.p95<1s'
const expressionPattern = /^\s*([^<>=!]+?)\s*(<=|>=|<|>)\s*([^<>=!\s]+)\s*(ms|s|m|%|\/s)?\s*$/
const scopeNames = { tool: 'tool', method: 'method', kind: 'clientKind', transport: 'transport', phase: 'phase' } as const
const metricNames = ['p50', 'p90', 'p95', 'p99', 'p999', 'min', 'mean', 'max', 'failed', 'rate', 'calls', 'droppedStarts']

const msPerUnit = { ms: 1, s: 1_000, m: 60_000 } as const

type Unit = '' | '%' | '/s' | keyof typeof msPerUnit

interface Amount {
  readonly value: number
  readonly unit: Unit
}

/**
 * Reads one threshold.
 * - Latencies: `p50`, `p95`, `p99.9`, `p999`, `min`, `mean`, `max` of the response time; `service.p95` of the service time. Limits in ms, s or m.
 * - `failed<1%` is the share of failed calls, `failed<10` their number; `rate>100` calls per second; `calls>=1000`; `droppedStarts<1`.
 * - For some calls only: `tool.NAME.`, `method.NAME.`, `kind.NAME.`, `transport.NAME.` or `phase.NAME.` before any of them but `droppedStarts`.
 * @param where what a problem names as its place.
 */
export function parseThreshold(expression: string, where = 'threshold'): Threshold | Problem {
  const problem = (expected: string, hint?: string): Problem => ({
    where,
    value: expression,
    expected,
    ...(hint === undefined ? {} : { hint }),
  })
  const match = expressionPattern.exec(expression)
  if (match === null) return problem(example)
  const [, left = '', comparison, limitText = '', unitText = ''] = match
  const scoped = parseScope(left)
  if (scoped === undefined)
    return problem(example, `after tool., method., kind., transport. or phase. come a name, a dot and a metric`)
  const amount = parseAmount(limitText + unitText)
  if (amount === undefined) return problem(`a limit such as 500ms, 2s, 1% or 100 after ${comparison}`)
  const metric = parseMetric(scoped.metricText, amount.unit)
  if (metric === undefined) return problem(example, unknownMetricHint(scoped.metricText))
  if (metric.type === 'droppedStarts' && scoped.scope.type !== 'run')
    return problem('droppedStarts without a scope', 'write droppedStarts<1; it is a number of the whole run')
  const limit = limitOf(metric, amount)
  if (typeof limit === 'string') return problem(limit)
  if (limit === 0 && comparison === '<') return problem('a limit above 0, or <= before it', 'nothing is below 0')
  // The pattern lets only these four through.
  return { expression, scope: scoped.scope, metric, comparison: comparison as Threshold['comparison'], limit }
}

export const isProblem = (parsed: Threshold | Problem): parsed is Problem => 'expected' in parsed

function parseScope(left: string): { readonly scope: ThresholdScope; readonly metricText: string } | undefined {
  const [, word = '', rest = ''] = /^([a-zA-Z]+)\.(.*)$/.exec(left) ?? []
  if (!isScopeWord(word)) return { scope: { type: 'run' }, metricText: left }
  // A tool's name may hold dots itself; the metric is what stands last, with its basis where it has one.
  const [, name, metricText] = /^(.+?)\.((?:(?:service|response)\.)?(?:p\d+(?:\.\d+)?|[a-zA-Z]+))$/.exec(rest) ?? []
  return name === undefined || metricText === undefined ? undefined : { scope: { type: scopeNames[word], name }, metricText }
}

const isScopeWord = (word: string): word is keyof typeof scopeNames => Object.hasOwn(scopeNames, word)

function parseMetric(text: string, unit: Unit): ThresholdMetric | undefined {
  if (text === 'failed') return { type: unit === '%' ? 'failedRatio' : 'failedCount' }
  if (text === 'rate' || text === 'calls' || text === 'droppedStarts') return { type: text }
  const [, basis = 'response', statisticText = ''] = /^(?:(service|response)\.)?(.+)$/.exec(text) ?? []
  const statistic = parseStatistic(statisticText)
  // The pattern lets only these two through, or none.
  return statistic && { type: 'latency', basis: basis as 'service' | 'response', statistic }
}

function parseStatistic(text: string): LatencyStatistic | undefined {
  if (text === 'min' || text === 'mean' || text === 'max') return { type: text }
  const [, whole = '', fraction = '0'] = /^p(\d{1,2}|100)(?:\.(\d+))?$/.exec(text) ?? /^p(9\d)(\d{1,3})$/.exec(text) ?? []
  // p999 is commonly written for p99.9. Dividing by a hundred would leave crumbs such as 0.9990000000000001.
  const q = Number((Number(`${whole}.${fraction}`) / 100).toFixed(10))
  return whole === '' || q > 1 ? undefined : { type: 'quantile', q }
}

function unknownMetricHint(text: string): string {
  const name = text.replace(/^(service|response)\./, '')
  const nearest = nearestName(name, metricNames)
  return `${name} is not a metric${nearest === undefined ? `; there are ${metricNames.join(', ')}` : `; did you mean ${nearest}?`}`
}

function parseAmount(text: string): Amount | undefined {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|%|\/s)?$/.exec(text) ?? []
  // The pattern lets only these units through, or none.
  return digits === '' ? undefined : { value: Number(digits), unit: unit as Unit }
}

/** The limit in the metric's own unit, or what would have been right. */
function limitOf(metric: ThresholdMetric, { value, unit }: Amount): number | string {
  if (metric.type === 'latency') {
    const isTime = unit === 'ms' || unit === 's' || unit === 'm'
    return isTime ? value * msPerUnit[unit] : 'a time with its unit, such as 500ms or 2s'
  }
  if (metric.type === 'failedRatio') return value <= 100 ? value / 100 : 'a share from 0% to 100%'
  if (metric.type === 'failedCount')
    return unit === '' && Number.isInteger(value) ? value : 'a share such as 1%, or a whole number of calls'
  if (metric.type === 'rate') return unit === '' || unit === '/s' ? value : 'calls per second as a number, such as 100'
  return unit === '' ? value : 'a number without a unit'
}
