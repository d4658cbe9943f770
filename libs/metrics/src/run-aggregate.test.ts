import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultSeriesLimits, GeneratorRecorder, RunAggregate, type Snapshot, type TimelinePoint } from './index.ts'
import { callsOf, comparable, encoded, idle, recordedCalls, snapshotOf, type RecordedCall } from './test/fixtures.ts'

interface Sent {
  readonly shard: number
  readonly sequence: number
  readonly snapshot: Snapshot
}

/** What each shard's generator sends, second by second. */
function sentBy(calls: readonly RecordedCall[], shards: number, seconds: number): Sent[] {
  return Array.from({ length: shards }, (_, shard) => shard).flatMap((shard) => {
    const recorder = new GeneratorRecorder()
    return Array.from({ length: seconds }, (_, second) => {
      for (const call of calls.filter((call) => call.shard === shard && call.second === second)) {
        recorder.series(call.key).record(call.serviceMs, call.serviceMs + call.waitedMs, call.errorCode)
        recorder.count('bytesSent', 10)
      }
      return { shard, sequence: second, snapshot: recorder.takeSnapshot(second, idle) }
    })
  })
}

/** What must not depend on the order of snapshots, of one point of the timeline. */
const countsOf = ({ second, calls, failed, p50, p99, toolCalls, errors }: TimelinePoint): unknown => ({
  second,
  calls,
  failed,
  p50,
  p99,
  toolCalls,
  errors,
})

const merged = (sent: readonly Sent[], warmUpSeconds = 0): RunAggregate => {
  const aggregate = new RunAggregate({ warmUpSeconds })
  for (const { shard, sequence, snapshot } of sent) aggregate.add(shard, 0, sequence, snapshot)
  return aggregate
}

test('however many shards the calls were made by, and in whatever order snapshots come, the numbers are the same', () => {
  fc.assert(
    fc.property(recordedCalls(4, 3), fc.nat(3), fc.infiniteStream(fc.nat()), (calls, warmUpSeconds, order) => {
      const sent = sentBy(calls, 3, 4)
      const shuffled = sent
        .map((each) => ({ each, place: Number(order.next().value) }))
        .toSorted((a, b) => a.place - b.place)
        .map(({ each }) => each)
      const alone = sentBy(
        calls.map((call) => ({ ...call, shard: 0 })),
        1,
        4,
      )
      const expected = comparable(merged(alone, warmUpSeconds).numbers())
      expect(comparable(merged(sent, warmUpSeconds).numbers())).toEqual(expected)
      expect(comparable(merged(shuffled, warmUpSeconds).numbers())).toEqual(expected)
      const { timeline } = merged(shuffled).numbers()
      expect(timeline.map(countsOf)).toEqual(merged(alone).numbers().timeline.map(countsOf))
    }),
  )
})

test('nothing is lost and nothing invented: totals and warm-up together are what was recorded', () => {
  fc.assert(
    fc.property(recordedCalls(4, 2), fc.nat(4), (calls, warmUpSeconds) => {
      const { totals, warmUp, tools, timeline } = merged(sentBy(calls, 2, 4), warmUpSeconds).numbers()
      const toolCalls = calls.filter(({ key }) => key.method === 'tools/call')
      expect(totals.calls + warmUp.calls).toBe(toolCalls.length)
      expect(totals.failed + warmUp.failed).toBe(toolCalls.filter(({ errorCode }) => errorCode !== undefined).length)
      expect([...tools.values()].reduce((sum, tool) => sum + tool.calls, 0)).toBe(totals.calls)
      expect(timeline.reduce((sum, point) => sum + point.calls, 0)).toBe(toolCalls.length)
      expect(totals.service.count).toBe(totals.calls)
    }),
  )
})

test('a snapshot that comes twice is merged once', () => {
  const aggregate = new RunAggregate()
  const snapshot = snapshotOf(0, { series: [callsOf({}, 5, 3)] })
  expect(aggregate.add(1, 0, 0, snapshot)).toBe(true)
  expect(aggregate.add(1, 0, 0, snapshot)).toBe(false)
  // The same number from another shard, or from the shard's next holder, is another snapshot.
  expect(aggregate.add(2, 0, 0, snapshot)).toBe(true)
  expect(aggregate.add(1, 1, 0, snapshot)).toBe(true)
  expect(aggregate.numbers().totals.calls).toBe(9)
})

test('warm-up seconds are in the timeline and nowhere else, but lives are counted from the start [L9]', () => {
  const aggregate = new RunAggregate({ warmUpSeconds: 2 })
  const counters = { clientsStarted: 5, sessionsOpened: 5, droppedStarts: 2, bytesSent: 100, strayReplies: 3 }
  for (const second of [0, 1, 2, 3])
    aggregate.add(0, 0, second, snapshotOf(second, { counters, series: [callsOf({}, 5, 9, { 'http.500': 1 })] }))
  const numbers = aggregate.numbers()
  expect(numbers.totals).toMatchObject({ calls: 20, failed: 2 })
  expect(numbers.warmUp).toEqual({ calls: 20, failed: 2 })
  expect(numbers.timeline.map(({ calls }) => calls)).toEqual([10, 10, 10, 10])
  expect(numbers.counters).toMatchObject({
    clientsStarted: 20,
    sessionsOpened: 20,
    droppedStarts: 4,
    bytesSent: 200,
    strayReplies: 6,
  })
  expect(numbers.generator.cpuSeconds).toBeCloseTo(0.2)
  expect([numbers.warmUpSeconds, numbers.measuredSeconds]).toEqual([2, 2])
})

test('the measured time ends with the last snapshot, which may cover less than a second', () => {
  const aggregate = new RunAggregate({ warmUpSeconds: 1 })
  for (const second of [0, 1, 2]) aggregate.add(0, 0, second, snapshotOf(second))
  const generator = { ...idle, wallMs: 250, scheduleLag: encoded() }
  aggregate.add(0, 0, 3, snapshotOf(3, { generator }))
  expect(aggregate.numbers().measuredSeconds).toBe(2.25)
  expect(new RunAggregate({ warmUpSeconds: 5 }).numbers().measuredSeconds).toBe(0)
})

test('a second is one point of the timeline over all shards', () => {
  const aggregate = new RunAggregate()
  aggregate.add(
    0,
    0,
    0,
    snapshotOf(7, { clients: { cursor: 2 }, counters: { droppedStarts: 1 }, series: [callsOf({ tool: 'add' }, 10, 99)] }),
  )
  aggregate.add(1, 0, 0, snapshotOf(7, { clients: { cursor: 1, vscode: 4 }, series: [callsOf({}, 1_000, 0, { 'http.503': 1 })] }))
  expect(aggregate.numbers().timeline).toEqual([
    expect.objectContaining({
      second: 7,
      calls: 100,
      failed: 1,
      clients: 7,
      clientsByKind: { cursor: 3, vscode: 4 },
      droppedStarts: 1,
      p99: expect.closeTo(10, 0) as number,
      toolCalls: { add: 99, echo: 1 },
      errors: { 'http.503': 1 },
    }),
  ])
})

test('a second without calls has no percentiles', () => {
  const aggregate = new RunAggregate()
  aggregate.add(0, 0, 0, snapshotOf(0))
  expect(aggregate.numbers().timeline[0]).toMatchObject({ calls: 0, p50: null, p99: null, serviceP95: null })
})

test('calls other than those of tools are told apart by method and are in no group of tools [L7]', () => {
  const aggregate = new RunAggregate()
  const initialize = callsOf({ method: 'initialize', tool: '' }, 3, 4, { 'http.401': 1 })
  aggregate.add(0, 0, 0, snapshotOf(0, { series: [initialize, callsOf({}, 5, 2)] }))
  const { totals, methods, tools, clientKinds, phases, errors, timeline } = aggregate.numbers()
  expect(totals.calls).toBe(2)
  expect([...tools.keys()]).toEqual(['echo'])
  expect([...methods.keys()]).toEqual(['initialize'])
  expect(clientKinds.get('http_client')?.calls).toBe(2)
  expect(phases.size).toBe(0)
  expect(Object.fromEntries(errors)).toEqual({ 'http.401': 1 })
  expect(timeline[0]).toMatchObject({ calls: 2, failed: 0, errors: { 'http.401': 1 } })
})

test('of a shard that moved to another generator within a second, the newest generator counts, at its fullest', () => {
  const aggregate = new RunAggregate()
  aggregate.add(0, 2, 0, snapshotOf(5, { clients: { cursor: 9 } }))
  aggregate.add(0, 1, 7, snapshotOf(5, { clients: { cursor: 50 } }))
  aggregate.add(0, 2, 1, snapshotOf(5, { clients: { cursor: 10 } }))
  aggregate.add(0, 2, 2, snapshotOf(5, { clients: { cursor: 3 } }))
  expect(aggregate.numbers().timeline[0]?.clients).toBe(10)
  expect(aggregate.numbers().clientsPeak).toBe(10)
})

const health = (cpuMs: number, wallMs: number, lagMs: number): Snapshot['generator'] => ({
  ...idle,
  cpuMs,
  wallMs,
  rssBytes: cpuMs,
  eventLoopUtilization: cpuMs / wallMs,
  eventLoopDelay: encoded(lagMs),
  scheduleLag: encoded(lagMs),
})

test('a generator is shown by its worst process, and what covers too little time says nothing of CPU', () => {
  const aggregate = new RunAggregate()
  aggregate.add(0, 0, 0, snapshotOf(0, { generator: health(400, 1_000, 2) }))
  aggregate.add(1, 0, 0, snapshotOf(0, { generator: health(700, 1_000, 80) }))
  aggregate.add(2, 0, 0, snapshotOf(0, { generator: health(20, 20, 1) }))
  const { timeline, generator } = aggregate.numbers()
  expect(timeline[0]).toMatchObject({
    generatorCpu: 0.7,
    eventLoopUtilization: 0.7,
    eventLoopDelayP99Ms: 80,
    scheduleLagP99Ms: 80,
  })
  expect(generator).toMatchObject({ cpuSeconds: 1.12, peakRssBytes: 700 })
  expect(generator.scheduleLag.count).toBe(3)
})

test('a snapshot that comes after its second was closed adds to the counts but not to that second’s percentiles, and is counted', () => {
  const aggregate = new RunAggregate({ windowSeconds: 5 })
  const add = (shard: number, second: number, latencyMs: number): void =>
    void aggregate.add(
      shard,
      0,
      second,
      snapshotOf(second, { clients: { cursor: 1 }, series: [callsOf({}, latencyMs, 10, { late: 1 })] }),
    )
  for (let second = 0; second < 8; second++) add(0, second, 5)
  add(1, 3, 500)
  expect(aggregate.numbers().lateSnapshots).toBe(0)
  add(1, 2, 500)
  const { timeline, totals, lateSnapshots } = aggregate.numbers()
  expect(lateSnapshots).toBe(1)
  expect(totals.calls).toBe(110)
  expect(timeline[2]).toMatchObject({ calls: 22, failed: 2, clients: 2, toolCalls: { echo: 22 }, errors: { late: 2 } })
  expect(timeline[2]?.p99).toBeLessThan(6)
  expect(timeline[3]?.p99).toBeGreaterThan(490)
})

test('a late snapshot of a second nobody else reported on makes a point of its own', () => {
  const aggregate = new RunAggregate({ windowSeconds: 5 })
  aggregate.add(0, 0, 0, snapshotOf(20))
  aggregate.add(1, 0, 0, snapshotOf(3, { series: [callsOf({}, 5, 2)] }))
  expect(aggregate.numbers().timeline.map(({ second, calls }) => [second, calls])).toEqual([
    [3, 2],
    [20, 0],
  ])
})

test('names that many shards bring together are bounded as well', () => {
  const aggregate = new RunAggregate({ limits: { ...defaultSeriesLimits, tools: 2, errorCodes: 2 } })
  for (let shard = 0; shard < 5; shard++)
    aggregate.add(shard, 0, 0, snapshotOf(0, { series: [callsOf({ tool: `tool${shard}` }, 1, 1, { [`code${shard}`]: 1 })] }))
  const { tools, errors, totals, foldedCalls, timeline } = aggregate.numbers()
  expect([...tools.keys()]).toEqual(['tool0', 'tool1', 'other'])
  expect(Object.fromEntries(errors)).toEqual({ code0: 1, code1: 1, other: 3 })
  expect([totals.calls, foldedCalls]).toEqual([10, 6])
  expect(timeline[0]?.toolCalls).toEqual({ tool0: 2, tool1: 2, other: 6 })
})

test('a call counts as folded once, whether its generator folded it, the whole run did, or both', () => {
  const limits = { ...defaultSeriesLimits, tools: 1, clientKinds: 1, errorCodes: 1 }
  const generator = new GeneratorRecorder(limits)
  const key = { method: 'tools/call', tool: 'echo', clientKind: 'cursor', transport: 'stdio', phase: '' }
  const aggregate = new RunAggregate({ limits })
  aggregate.add(0, 0, 0, snapshotOf(0, { series: [callsOf({ clientKind: 'vscode' }, 1, 1, { late: 1 })] }))
  generator.series(key).record(1, 1)
  // The generator's first code, and not the run's; then one beyond the generator's own limit.
  generator.series(key).record(1, 1, 'http.500')
  generator.series(key).record(1, 1, 'http.503')
  generator.series({ ...key, tool: 'add' }).record(1, 1, 'http.503')
  aggregate.add(1, 0, 0, generator.takeSnapshot(0, idle))
  const { totals, foldedCalls, clientKinds } = aggregate.numbers()
  expect([totals.calls, clientKinds.get('other')?.calls, foldedCalls]).toEqual([6, 4, 4])
})

test('numbers that were given out do not change with what comes after', () => {
  const aggregate = new RunAggregate()
  const add = (sequence: number): void =>
    void aggregate.add(0, 0, sequence, snapshotOf(sequence, { series: [callsOf({}, 5, 1)] }))
  add(0)
  const before = aggregate.numbers()
  const seen = comparable(before)
  add(1)
  expect(comparable(before)).toEqual(seen)
  expect(before.timeline).toHaveLength(1)
})

test('the most memory a generator held is known still after the numbers began anew', () => {
  const aggregate = new RunAggregate()
  const health = { ...idle, scheduleLag: encoded(5), eventLoopDelay: encoded(5) }
  aggregate.add(0, 0, 0, snapshotOf(0, { generator: { ...health, rssBytes: 90_000_000 } }))
  aggregate.resetFrom(1)
  aggregate.add(0, 0, 1, snapshotOf(1, { generator: { ...health, rssBytes: 60_000_000 } }))
  const { peakRssBytes, cpuSeconds, scheduleLag, eventLoopDelay } = aggregate.numbers().generator
  expect([peakRssBytes, cpuSeconds, scheduleLag.count, eventLoopDelay.count]).toEqual([90_000_000, 0.1, 1, 1])
})

// Within the accuracy of a histogram.
const near = (ms: number): object => expect.closeTo(ms, -Math.log10(ms * 0.024)) as object

test('what is told of a second, of the last ones and of the run is the response, with the service beside it', () => {
  const recorder = new GeneratorRecorder()
  const series = recorder.series({ method: 'tools/call', tool: 'echo', clientKind: 'cursor', transport: 'stdio', phase: '' })
  for (let call = 1; call <= 100; call++) series.record(call, 10_000 + 100 * call)
  const aggregate = new RunAggregate()
  aggregate.add(0, 0, 0, recorder.takeSnapshot(0, idle))
  const { timeline, totals, tools } = aggregate.numbers()
  const live = aggregate.recent(1)
  const [p50, p95, p99] = [15_000, 19_500, 19_900].map(near)
  expect(live.tools.get('echo')).toMatchObject({ p50, p95, p99 })
  for (const told of [timeline[0], live])
    expect(told).toMatchObject({ p50, p95, p99, serviceP50: near(50), serviceP95: near(95), serviceP99: near(99) })
  for (const group of [totals, tools.get('echo')])
    expect([group?.service.maxMs, group?.response.minMs, group?.response.maxMs]).toEqual([100, 10_100, 20_000])
})
