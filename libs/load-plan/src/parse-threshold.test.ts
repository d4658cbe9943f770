import { expect, test } from 'vitest'
import { isProblem, parseThreshold, type Threshold } from './index.ts'

const response = (q: number): Threshold['metric'] => ({ type: 'latency', basis: 'response', statistic: { type: 'quantile', q } })
const run = { type: 'run' } as const

test.each<[string, Omit<Threshold, 'expression'>]>([
  ['p95<500ms', { scope: run, metric: response(0.95), comparison: '<', limit: 500 }],
  ['p50 <= 0.5s', { scope: run, metric: response(0.5), comparison: '<=', limit: 500 }],
  ['p999<1m', { scope: run, metric: response(0.999), comparison: '<', limit: 60_000 }],
  ['p99.9<2s', { scope: run, metric: response(0.999), comparison: '<', limit: 2_000 }],
  ['response.p99<2s', { scope: run, metric: response(0.99), comparison: '<', limit: 2_000 }],
  ['p100<2s', { scope: run, metric: response(1), comparison: '<', limit: 2_000 }],
  ['p5>1ms', { scope: run, metric: response(0.05), comparison: '>', limit: 1 }],
  [
    'service.max<10s',
    { scope: run, metric: { type: 'latency', basis: 'service', statistic: { type: 'max' } }, comparison: '<', limit: 10_000 },
  ],
  [
    'mean<20ms',
    { scope: run, metric: { type: 'latency', basis: 'response', statistic: { type: 'mean' } }, comparison: '<', limit: 20 },
  ],
  ['failed<1%', { scope: run, metric: { type: 'failedRatio' }, comparison: '<', limit: 0.01 }],
  ['failed<=5', { scope: run, metric: { type: 'failedCount' }, comparison: '<=', limit: 5 }],
  ['rate>100', { scope: run, metric: { type: 'rate' }, comparison: '>', limit: 100 }],
  ['rate>=12.5/s', { scope: run, metric: { type: 'rate' }, comparison: '>=', limit: 12.5 }],
  ['calls>=1000', { scope: run, metric: { type: 'calls' }, comparison: '>=', limit: 1_000 }],
  ['droppedStarts<1', { scope: run, metric: { type: 'droppedStarts' }, comparison: '<', limit: 1 }],
  [
    'tool.execute_query.p99<2s',
    { scope: { type: 'tool', name: 'execute_query' }, metric: response(0.99), comparison: '<', limit: 2_000 },
  ],
  [
    'tool.execute_query.service.p99<2s',
    {
      scope: { type: 'tool', name: 'execute_query' },
      metric: { type: 'latency', basis: 'service', statistic: { type: 'quantile', q: 0.99 } },
      comparison: '<',
      limit: 2_000,
    },
  ],
  [
    'tool.db.query.v2.p99.9<2s',
    { scope: { type: 'tool', name: 'db.query.v2' }, metric: response(0.999), comparison: '<', limit: 2_000 },
  ],
  [
    'method.tools/list.p95<50ms',
    { scope: { type: 'method', name: 'tools/list' }, metric: response(0.95), comparison: '<', limit: 50 },
  ],
  [
    'kind.claude_code.failed<2%',
    { scope: { type: 'clientKind', name: 'claude_code' }, metric: { type: 'failedRatio' }, comparison: '<', limit: 0.02 },
  ],
  [
    'transport.streamable-http.rate>1',
    { scope: { type: 'transport', name: 'streamable-http' }, metric: { type: 'rate' }, comparison: '>', limit: 1 },
  ],
  ['phase.warm up.p95<1s', { scope: { type: 'phase', name: 'warm up' }, metric: response(0.95), comparison: '<', limit: 1_000 }],
])('%s is understood', (expression, expected) => {
  expect(parseThreshold(expression)).toEqual({ expression, ...expected })
})

test.each([
  ['', 'an expression such as', undefined],
  ['p95', 'an expression such as', undefined],
  ['p95=500ms', 'an expression such as', undefined],
  ['p95<', 'an expression such as', undefined],
  ['p95<fast', 'a limit such as 500ms, 2s, 1% or 100 after <', undefined],
  ['p95<500', 'a time with its unit, such as 500ms or 2s', undefined],
  ['p95<1%', 'a time with its unit, such as 500ms or 2s', undefined],
  ['p95<-5ms', 'a limit such as', undefined],
  ['p101<500ms', 'an expression such as', 'p101 is not a metric'],
  ['failde<1%', 'an expression such as', 'did you mean failed?'],
  ['dropedStarts<1', 'an expression such as', 'did you mean droppedStarts?'],
  ['tool.x.p59x<1s', 'an expression such as', 'after tool., method., kind., transport. or phase.'],
  ['latency_of_everything<1s', 'an expression such as', 'there are p50, p90'],
  ['tool.p95<1s', 'an expression such as', 'after tool.'],
  ['tool.x.droppedStarts<1', 'droppedStarts without a scope', 'a number of the whole run'],
  ['failed<200%', 'a share from 0% to 100%', undefined],
  ['failed<0.01', 'a share such as 1%, or a whole number of calls', undefined],
  ['failed<5ms', 'a share such as 1%, or a whole number of calls', undefined],
  ['rate>5%', 'calls per second as a number, such as 100', undefined],
  ['calls>5s', 'a number without a unit', undefined],
  ['failed<0%', 'a limit above 0, or <= before it', 'nothing is below 0'],
  ['p95<0ms', 'a limit above 0, or <= before it', 'nothing is below 0'],
])('“%s” is refused with what was expected', (expression, expected, hint) => {
  const problem = parseThreshold(expression, 'config.squall.thresholds[0]')
  expect(problem).toMatchObject({ where: 'config.squall.thresholds[0]', value: expression })
  expect(isProblem(problem) ? problem.expected : '').toContain(expected)
  expect((isProblem(problem) ? problem.hint : undefined) ?? '').toContain(hint ?? '')
})
