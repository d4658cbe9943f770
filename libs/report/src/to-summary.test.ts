import { readFileSync } from 'node:fs'
import { LatencyHistogram } from '@squall/metrics'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sampleRun } from './test/sample-run.ts'
import { toSummary, type Summary } from './index.ts'

const schema: unknown = JSON.parse(readFileSync(new URL('../schema/summary.schema.json', import.meta.url), 'utf8'))
const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true })
formats.default(ajv)
const validate = ajv.compile(schema as object)

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** What a reader of the file finds, and what the schema says is wrong with it. */
function written(summary: Summary): { parsed: unknown; problems: unknown } {
  const parsed: unknown = JSON.parse(JSON.stringify(summary))
  validate(parsed)
  return { parsed, problems: validate.errors }
}

test('totals, rates, groups and seconds add up', () => {
  const summary = toSummary(sampleRun({ failures: { 'http.429': 0.05 } }))
  expect(summary.totals.ok + summary.totals.failed).toBe(summary.totals.calls)
  for (const groups of [summary.tools, summary.clientKinds, summary.transports, summary.phases]) {
    expect(sum(Object.values(groups).map(({ calls }) => calls))).toBe(summary.totals.calls)
  }
  expect(summary.errors['http.429']).toBe(summary.totals.failed)
  expect(sum(Object.values(summary.tools).map(({ errors }) => errors['http.429'] ?? 0))).toBe(summary.totals.failed)
  expect(sum(summary.timeline.map(({ calls }) => calls))).toBe(summary.totals.calls)
  expect(summary.rate.callsPerSecond).toBeCloseTo(summary.totals.calls / 60, 2)
  const allCalls = summary.totals.calls + sum(Object.values(summary.methods).map(({ calls }) => calls))
  expect(summary.generator.callsPerCpuSecond).toBeCloseTo(allCalls / summary.generator.cpuSeconds, 1)
})

test.each([
  ['a good run', sampleRun()],
  ['a run with failures and loss', sampleRun({ failures: { 'http.429': 0.05 }, stall: { from: 10, to: 20 } }, lossyRun())],
  ['a run without a call', sampleRun({ seconds: 0, clients: 0 }, { verdict: 'stopped', reasons: ['stopped by the user'] })],
])('the summary of %s keeps to its schema and survives being written', (_, run) => {
  const summary = toSummary(run)
  const { parsed, problems } = written(summary)
  expect(problems).toBeNull()
  expect(parsed).toEqual(summary)
})

test('the schema allows no field it does not name, and misses none', () => {
  const summary = toSummary(sampleRun({ seconds: 3 }))
  expect(written({ ...summary, extra: 1 } as Summary).problems).not.toBeNull()
  for (const key of Object.keys(summary)) {
    expect(
      written(Object.fromEntries(Object.entries(summary).filter(([name]) => name !== key)) as unknown as Summary).problems,
    ).not.toBeNull()
  }
})

function tenCallsOf(ms: number): LatencyHistogram {
  const histogram = new LatencyHistogram()
  for (let call = 0; call < 10; call++) histogram.record(ms)
  return histogram
}

test('service and response times stand under their own names, in the totals, in every group and in every second', () => {
  const run = sampleRun({ seconds: 3 })
  const group = {
    calls: 10,
    ok: 10,
    failed: 0,
    errors: new Map<string, number>(),
    service: tenCallsOf(7),
    response: tenCallsOf(900),
  }
  const groups = new Map([['one', group]])
  const second = { p50: 900, p95: 901, p99: 902, serviceP50: 7, serviceP95: 8, serviceP99: 9 }
  const summary = toSummary({
    ...run,
    numbers: {
      ...run.numbers,
      totals: group,
      tools: groups,
      methods: groups,
      clientKinds: groups,
      transports: groups,
      phases: groups,
      timeline: run.numbers.timeline.map((point) => Object.assign({}, point, second)),
    },
  })
  const { tools, methods, clientKinds, transports, phases } = summary
  const all = [summary.latencyMs, ...[tools, methods, clientKinds, transports, phases].flatMap((named) => Object.values(named))]
  expect(all).toHaveLength(6)
  for (const { service, response } of all) expect([service.max, response.max, response.min]).toEqual([7, 900, 900])
  for (const point of summary.timeline) expect(point).toMatchObject(second)
})

test('names are in order, whatever order the calls came in', () => {
  const tools = { zebra: { weight: 1, medianMs: 1 }, apple: { weight: 2, medianMs: 1 }, Mango: { weight: 1, medianMs: 1 } }
  const summary = toSummary(sampleRun({ tools }))
  expect(Object.keys(summary.tools)).toEqual(['Mango', 'apple', 'zebra'])
  expect(Object.keys(summary.timeline[20]?.toolCalls ?? {})).toEqual(['Mango', 'apple', 'zebra'])
})

test('a tool may have any name', () => {
  const { tools } = toSummary(
    sampleRun({ tools: { ['__proto__']: { weight: 1, medianMs: 5 }, constructor: { weight: 1, medianMs: 5 } } }),
  )
  expect(Object.keys(tools)).toEqual(['__proto__', 'constructor'])
})

test('the warm-up counts in the duration, not in the rate', () => {
  const run = sampleRun()
  const numbers = { ...run.numbers, warmUpSeconds: 10, measuredSeconds: 50, warmUp: { calls: 7, failed: 1 } }
  const summary = toSummary({ ...run, run: { ...run.run, warmUpSeconds: 10 }, numbers })
  expect(summary.run).toMatchObject({ durationSeconds: 60, warmUpSeconds: 10, measuredSeconds: 50 })
  expect(summary.warmUp).toEqual({ calls: 7, failed: 1 })
  expect(summary.rate.callsPerSecond).toBeCloseTo(summary.totals.calls / 50, 2)
})

test('no number has more than three decimals, and none is unspeakable', () => {
  const anything = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 1 / 3))
  fc.assert(
    fc.property(anything, anything, (value, other) => {
      const run = sampleRun({ seconds: 2 }, { thresholds: [{ expression: 'p95<1s', value, ok: true }] })
      const eventLoopDelay = new LatencyHistogram()
      eventLoopDelay.record(1 / 3)
      const generator = { ...run.numbers.generator, cpuSeconds: Math.abs(other), eventLoopDelay }
      const timeline = run.numbers.timeline.map((point) => ({ ...point, p50: value, generatorCpu: Math.abs(other) }))
      const summary = toSummary({ ...run, numbers: { ...run.numbers, generator, timeline } })
      expect(JSON.parse(JSON.stringify(summary))).toEqual(summary)
      for (const number of numbersIn(summary)) expect(Math.abs(Math.round(number * 1000) / 1000 - number)).toBeLessThanOrEqual(0)
    }),
    { numRuns: 50 },
  )
})

function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : []
}

function lossyRun(): Parameters<typeof sampleRun>[1] {
  return {
    verdict: 'degraded',
    reasons: ['part of the load was lost'],
    thresholds: [{ expression: 'tool.none.p95<1s', value: null, ok: false }],
    saturated: true,
    loss: { shardSeconds: 4.5, snapshots: 1, gaps: [{ shard: 0, fromSecond: 12, toSecond: 16.5, cause: 'agent lost' }] },
    agents: [{ id: 'generator-0', host: 'builder', shards: [0], state: 'lost' }],
  }
}
