import { expect, test } from 'vitest'
import { defaultSeriesLimits, GeneratorRecorder, LatencyHistogram, RunAggregate, type SeriesSnapshot } from './index.ts'
import { idle, keyOf } from './test/fixtures.ts'

const maxima = (series: SeriesSnapshot | undefined): unknown => {
  const [service, response] = [series?.service, series?.response].map((encoded) => {
    const histogram = new LatencyHistogram()
    histogram.mergeEncoded(encoded ?? new Uint8Array(0))
    return histogram.maxMs
  })
  return { service, response }
}

test('a snapshot holds what happened since the one before, and nothing twice', () => {
  const recorder = new GeneratorRecorder()
  const series = recorder.series(keyOf())
  series.record(5, 7)
  series.record(6, 6, 'http.429')
  recorder.count('bytesSent', 100)
  recorder.scheduleLag(3)
  const first = recorder.takeSnapshot(0, idle)
  expect(first.series).toHaveLength(1)
  expect(first.series[0]).toMatchObject({ key: keyOf(), ok: 1, failed: 1, errors: { 'http.429': 1 } })
  expect(maxima(first.series[0])).toEqual({ service: 6, response: 7 })
  expect(first.counters).toEqual({ bytesSent: 100 })
  expect(first.generator.scheduleLag.length).toBeGreaterThan(0)
  const second = recorder.takeSnapshot(1, idle)
  expect([second.series, second.counters, second.generator.scheduleLag.length]).toEqual([[], {}, 0])
  series.record(1, 1)
  const third = recorder.takeSnapshot(2, idle)
  expect(third.series[0]).toMatchObject({ ok: 1, failed: 0, errors: {} })
  expect(maxima(third.series[0])).toEqual({ service: 1, response: 1 })
})

test('the response time is never less than the service time', () => {
  const recorder = new GeneratorRecorder()
  recorder.series(keyOf()).record(5, 2)
  expect(maxima(recorder.takeSnapshot(0, idle).series[0])).toEqual({ service: 5, response: 5 })
})

test('failed calls count in the latencies too', () => {
  const recorder = new GeneratorRecorder()
  recorder.series(keyOf()).record(30_000, 30_000, 'transport.timeout')
  expect(maxima(recorder.takeSnapshot(0, idle).series[0])).toEqual({ service: 30_000, response: 30_000 })
})

test.each([Number.NaN, -1, Number.POSITIVE_INFINITY])(
  'a latency of %s is refused, for it would spoil every number after it',
  (latency) => {
    const recorder = new GeneratorRecorder()
    expect(() => recorder.series(keyOf()).record(latency, latency)).toThrow(RangeError)
  },
)

test('clients are counted by kind at the fullest moment of each second', () => {
  const recorder = new GeneratorRecorder()
  recorder.clientsChanged('cursor', 1)
  recorder.clientsChanged('cursor', 1)
  recorder.clientsChanged('vscode', 1)
  expect(recorder.takeSnapshot(0, idle).clients).toEqual({ cursor: 2, vscode: 1 })
  recorder.clientsChanged('vscode', -1)
  expect(recorder.takeSnapshot(1, idle).clients).toEqual({ cursor: 2, vscode: 1 })
  expect(recorder.takeSnapshot(2, idle).clients).toEqual({ cursor: 2 })
})

test('the same key gives the same series, however often it is looked up', () => {
  const recorder = new GeneratorRecorder()
  recorder.series(keyOf()).record(1, 1)
  recorder.series(keyOf()).record(1, 1)
  expect(recorder.takeSnapshot(0, idle).series).toHaveLength(1)
})

test('tools beyond the bound are counted together as other, none is lost', () => {
  const recorder = new GeneratorRecorder({ ...defaultSeriesLimits, tools: 3 })
  for (const tool of ['a', 'b', 'c', 'd', 'e', 'd']) recorder.series(keyOf({ tool })).record(1, 1)
  const snapshot = recorder.takeSnapshot(0, idle)
  const calls = snapshot.series.map(({ key, ok }) => [key.tool, ok])
  expect(Object.fromEntries(calls)).toEqual({ a: 1, b: 1, c: 1, other: 3 })
  expect(snapshot.foldedCalls).toBe(3)
  expect(recorder.takeSnapshot(1, idle).foldedCalls).toBe(0)
})

test('error codes beyond the bound are counted together as other', () => {
  const recorder = new GeneratorRecorder({ ...defaultSeriesLimits, errorCodes: 2 })
  const series = recorder.series(keyOf())
  for (const code of ['x', 'y', 'z', 'w', 'x']) series.record(1, 1, code)
  const snapshot = recorder.takeSnapshot(0, idle)
  expect(snapshot.series[0]?.errors).toEqual({ x: 2, y: 1, other: 2 })
  expect(snapshot.foldedCalls).toBe(2)
})

test('beyond the last series a whole key is folded, but its method stays, so that the totals stay right', () => {
  const recorder = new GeneratorRecorder({ ...defaultSeriesLimits, series: 2 })
  for (const clientKind of ['cursor', 'vscode', 'codex', 'gemini']) recorder.series(keyOf({ clientKind })).record(1, 1)
  recorder.series(keyOf({ method: 'initialize', tool: '' })).record(1, 1)
  const aggregate = new RunAggregate()
  aggregate.add(0, 0, 0, recorder.takeSnapshot(0, idle))
  const { totals, methods, clientKinds, foldedCalls } = aggregate.numbers()
  expect(totals.calls).toBe(4)
  expect(methods.get('initialize')?.calls).toBe(1)
  expect(clientKinds.get('other')?.calls).toBe(2)
  expect(foldedCalls).toBe(3)
})

test('times that are no calls go out with the second they fell into, and only once', () => {
  const recorder = new GeneratorRecorder()
  recorder.latency('notification', 12)
  expect(Object.keys(recorder.takeSnapshot(0, idle).latencies ?? {})).toEqual(['notification'])
  expect(recorder.takeSnapshot(1, idle).latencies).toEqual({})
})

test('a call whose key and error code are both beyond the bounds is folded once', () => {
  const recorder = new GeneratorRecorder({ ...defaultSeriesLimits, tools: 1, errorCodes: 1 })
  for (const tool of ['a', 'b']) recorder.series(keyOf({ tool })).record(1, 1, `failed.${tool}`)
  expect(recorder.takeSnapshot(0, idle).foldedCalls).toBe(1)
})
