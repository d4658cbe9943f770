import { isProblem, parseThreshold } from '@squall/load-plan'
import { GeneratorRecorder, RunAggregate, type RunNumbers } from '@squall/metrics'
import type { ThresholdResult } from '@squall/report'
import { expect, test } from 'vitest'
import { judgeThreshold } from './judge-threshold.ts'
import { demoSnapshot, many, type DemoCall } from './test/demo-snapshot.ts'

function numbersOf(...seconds: (readonly DemoCall[])[]): RunNumbers {
  const aggregate = new RunAggregate()
  seconds.forEach((calls, second) => aggregate.add(0, 1, second, demoSnapshot(second, calls)))
  return aggregate.numbers()
}

function judged(expression: string, numbers: RunNumbers, phaseSeconds = 1): ThresholdResult {
  const threshold = parseThreshold(expression)
  if (isProblem(threshold)) throw new Error(threshold.expected)
  return judgeThreshold(threshold, numbers, () => phaseSeconds)
}

const echo = many(98, { tool: 'echo', ms: 10 })
const slow = many(2, { tool: 'slow', ms: 1_000, error: 'tool.is_error' })
const numbers = numbersOf([...echo, ...slow], many(100, { tool: 'echo', ms: 20 }))

test.each([
  ['p50<25ms', true, 20],
  ['p50<15ms', false, 20],
  ['max<=1s', true, 1000],
  ['max<1s', false, 1000],
  ['min>=10ms', true, 10],
  ['service.p50<1m', true, 20],
  ['failed<1%', false, 1],
  ['failed<=1%', true, 1],
  ['failed<3', true, 2],
  ['calls>=200', true, 200],
  ['calls>200', false, 200],
  ['rate>99', true, 100],
  ['droppedStarts<1', true, 0],
  ['tool.slow.p50>900ms', true, 1000],
  ['tool.slow.failed<50%', false, 100],
  ['tool.echo.failed<1%', true, 0],
  ['kind.http_client.calls>=200', true, 200],
  ['transport.streamable-http.calls>=200', true, 200],
  ['method.tools/call.calls>=200', true, 200],
])('%s: %s, measured %d', (expression, ok, value) => {
  const result = judged(expression, numbers)
  expect(result.ok).toBe(ok)
  // Quantiles are at most 1 % off.
  expect(Math.abs((result.value ?? Number.NaN) - value)).toBeLessThanOrEqual(value * 0.011)
})

test.each(['tool.missing.p95<1s', 'tool.missing.failed<1%', 'phase.none.max<1s'])(
  '%s has nothing to measure, so it does not hold',
  (expression) => {
    expect(judged(expression, numbers)).toEqual({ expression, value: null, ok: false })
  },
)

test('a tool that was never called was called nought times', () => {
  expect(judged('tool.missing.calls>=1', numbers)).toMatchObject({ value: 0, ok: false })
  expect(judged('tool.missing.rate<1', numbers)).toMatchObject({ value: 0, ok: true })
})

test('a run without a second has no rate', () => {
  expect(judged('rate>=0', numbersOf())).toMatchObject({ value: null, ok: false })
})

test('sessions that could not be opened are failures of the run, though no tool call failed', () => {
  const refused = many(50, { method: 'initialize', error: 'http.503' })
  expect(judged('failed<1%', numbersOf([...many(50), ...refused]))).toMatchObject({ value: 50, ok: false })
  expect(judged('failed<10', numbersOf([...many(50), ...refused]))).toMatchObject({ value: 50, ok: false })
})

test('where no tool is called, the other methods are what is judged', () => {
  const pings = numbersOf(many(10, { method: 'ping', ms: 5 }))
  expect(judged('calls>=10', pings).ok).toBe(true)
  expect(judged('p95<10ms', pings).ok).toBe(true)
  expect(judged('failed<1%', pings).ok).toBe(true)
})

test('the rate of a phase is by the time the phase took, not by that of the run', () => {
  const peak = numbersOf(many(10, { phase: 'quiet' }), many(60, { phase: 'peak' }), many(10, { phase: 'quiet' }))
  expect(judged('phase.peak.rate>50', peak, 1)).toMatchObject({ value: 60, ok: true })
  expect(judged('phase.peak.rate>50', peak, 2)).toMatchObject({ value: 30, ok: false })
  expect(judged('phase.none.rate>50', peak, 0)).toMatchObject({ value: null, ok: false })
})

// Within the accuracy of a histogram.
const near = (ms: number): unknown => expect.closeTo(ms, -1)

test('a threshold is on the response time, unless it says service', () => {
  const recorder = new GeneratorRecorder()
  const series = recorder.series({ method: 'tools/call', tool: 'echo', clientKind: 'cursor', transport: 'stdio', phase: '' })
  // Calls that were answered at once, and begun half a second late.
  for (let call = 0; call < 50; call++) series.record(10, 510)
  const aggregate = new RunAggregate()
  const health = { cpuMs: 0, wallMs: 1_000, rssBytes: 0, eventLoopUtilization: 0, eventLoopDelay: new Uint8Array(0) }
  aggregate.add(0, 1, 0, recorder.takeSnapshot(0, health))
  const late = aggregate.numbers()
  for (const scope of ['', 'tool.echo.', 'kind.cursor.', 'transport.stdio.'])
    for (const statistic of ['p95', 'mean', 'max', 'min']) {
      expect(judged(`${scope}${statistic}<100ms`, late)).toMatchObject({ ok: false, value: near(510) })
      expect(judged(`${scope}response.${statistic}<100ms`, late)).toMatchObject({ ok: false })
      expect(judged(`${scope}service.${statistic}<100ms`, late)).toMatchObject({ ok: true, value: near(10) })
    }
})
