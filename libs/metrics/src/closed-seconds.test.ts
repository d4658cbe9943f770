import { expect, test } from 'vitest'
import { RunAggregate, saturationOf, type TimelinePoint } from './index.ts'
import { callsOf, encoded, snapshotOf } from './test/fixtures.ts'

/** A server may call its tools as parts are called that every object has. */
const toolOf = (second: number): string => ['__proto__', 'constructor'][second % 50] ?? `tool ${second % 50}`

/** A run of so many seconds, in which second n has n % 7 calls of n ms each, and the generator is strained in every tenth. */
function longRun(seconds: number): RunAggregate {
  const aggregate = new RunAggregate({ windowSeconds: 10 })
  for (let second = 0; second < seconds; second++) {
    const series = second % 7 === 0 ? [] : [callsOf({ tool: toolOf(second) }, second + 1, second % 7)]
    const cpuMs = second % 10 === 0 ? 1_000 : 100
    const { generator } = snapshotOf(second)
    aggregate.add(
      0,
      0,
      second,
      snapshotOf(second, { series, clients: { http_client: second }, generator: { ...generator, cpuMs } }),
    )
  }
  return aggregate
}

const sum = (timeline: readonly TimelinePoint[], of: (point: TimelinePoint) => number): number =>
  timeline.reduce((total, point) => total + of(point), 0)

test('the timeline of a long run grows coarser instead of longer, and nothing is lost from its counts', () => {
  const { timeline, totals, clientsPeak } = longRun(5_000).numbers()
  expect(timeline.length).toBeLessThanOrEqual(910)
  expect(sum(timeline, ({ calls }) => calls)).toBe(totals.calls)
  expect(sum(timeline, ({ answered }) => answered)).toBe(totals.ok)
  expect(sum(timeline, ({ toolCalls }) => Object.values(toolCalls).reduce((a, b) => a + b, 0))).toBe(totals.calls)
  expect(sum(timeline, ({ seconds }) => seconds)).toBe(5_000)
  expect(clientsPeak).toBe(4_999)
  expect(timeline[1]).toMatchObject({ second: 8, seconds: 8, clients: 15 })
  expect(timeline[1]?.p99).toBeCloseTo(16, 0)
})

test('strained seconds are counted one by one, however coarse the timeline', () => {
  expect(saturationOf(longRun(5_000).numbers().timeline)).toMatchObject({
    strainedSeconds: 500,
    judgedSeconds: 5_000,
    saturated: false,
  })
})

test('what comes late for a second that was merged with others still adds to its counts', () => {
  const aggregate = longRun(2_000)
  const before = sum(aggregate.numbers().timeline, ({ calls }) => calls)
  const late = snapshotOf(17, { series: [callsOf({ tool: 'echo' }, 5, 3)], clients: { http_client: 9 } })
  aggregate.add(1, 0, 0, late)
  const { timeline, lateSnapshots } = aggregate.numbers()
  expect([sum(timeline, ({ calls }) => calls), lateSnapshots]).toEqual([before + 3, 1])
})

test('times that are no calls are merged over shards, and the warm-up leaves them out', () => {
  const aggregate = new RunAggregate({ warmUpSeconds: 1 })
  aggregate.add(0, 0, 0, snapshotOf(0, { latencies: { firstEvent: encoded(900) } }))
  aggregate.add(0, 0, 1, snapshotOf(1, { latencies: { firstEvent: encoded(10), cancellation: encoded(3) } }))
  aggregate.add(1, 0, 0, snapshotOf(1, { latencies: { firstEvent: encoded(20) } }))
  const { latencies } = aggregate.numbers()
  expect([...latencies].map(([name, { count, maxMs }]) => [name, count, maxMs])).toEqual([
    ['firstEvent', 2, 20],
    ['cancellation', 1, 3],
  ])
})
