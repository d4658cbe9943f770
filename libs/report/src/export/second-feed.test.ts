import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sampleSnapshot } from '../test/sample-snapshot.ts'
import type { ExportedSecond } from './numbers-export.ts'
import { SecondFeed } from './second-feed.ts'

const calls = (count: number): object[] => Array.from({ length: count }, () => ({}))
const okOf = ({ series }: ExportedSecond): readonly [number | undefined, number | undefined] => [
  series[0]?.now.ok,
  series[0]?.sinceStart.ok,
]

test('a second is given out once every generator is past it, with the sums of all', () => {
  const feed = new SecondFeed(2, 1_000_000)
  expect(feed.add(0, sampleSnapshot(0, calls(2), 1))).toEqual([])
  const [first] = feed.add(1, sampleSnapshot(0, calls(3), 1))
  expect(first).toMatchObject({ second: 0, atWallMs: 1_001_000, startAtWallMs: 1_000_000, clients: { http_client: 2 } })
  expect(first?.counters.sessionsOpened).toBe(2)
  expect(first?.generator).toMatchObject({ cpuRatio: 0.25 })
  expect(first && okOf(first)).toEqual([5, 5])
  expect(feed.add(0, sampleSnapshot(1, calls(1)))).toEqual([])
  const [second] = feed.finish()
  expect(second && okOf(second)).toEqual([1, 6])
  expect(feed.finish()).toEqual([])
})

test('a generator that is silent holds the others up for three seconds and no longer', () => {
  const feed = new SecondFeed(2, 0)
  feed.add(1, sampleSnapshot(0, calls(1)))
  for (const second of [0, 1, 2]) feed.add(0, sampleSnapshot(second, calls(1)))
  expect(feed.add(0, sampleSnapshot(4, calls(1))).map(({ second }) => second)).toEqual([1])
  // What comes late is part of the next second.
  expect(feed.add(1, sampleSnapshot(1, calls(7))).map(okOf)).toEqual([])
  const rest = feed.finish()
  expect(rest.map(({ second }) => second)).toEqual([2, 4])
  expect(rest.map((second) => okOf(second)[0])).toEqual([8, 1])
  expect(rest.at(-1)?.series[0]?.sinceStart.ok).toBe(12)
})

test('clients are not counted again where a generator catches up on seconds', () => {
  const feed = new SecondFeed(2, 0)
  feed.add(1, sampleSnapshot(0, calls(1), 1))
  for (const second of [0, 1, 2, 4]) feed.add(0, sampleSnapshot(second, calls(1), 1))
  // Two late seconds of one generator fall together with one of the other.
  const rest = [1, 2].flatMap((second) => feed.add(1, sampleSnapshot(second, calls(1), 1)))
  expect([...rest, ...feed.finish()].map(({ clients }) => clients['http_client'])).toEqual([2, 1])
})

test('however snapshots come, no call is lost or counted twice', () => {
  const arrival = fc.record({ shard: fc.nat(2), second: fc.nat(8), count: fc.nat(4) })
  fc.assert(
    fc.property(fc.array(arrival, { maxLength: 40 }), (arrivals) => {
      const feed = new SecondFeed(3, 0)
      const seconds = [
        ...arrivals.flatMap(({ shard, second, count }) => feed.add(shard, sampleSnapshot(second, calls(count)))),
        ...feed.finish(),
      ]
      const given = seconds.reduce((sum, second) => sum + (okOf(second)[0] ?? 0), 0)
      expect(given).toBe(arrivals.reduce((sum, { count }) => sum + count, 0))
      expect(seconds.map(({ second }) => second)).toEqual(
        [...new Set(seconds.map(({ second }) => second))].toSorted((a, b) => a - b),
      )
    }),
    { numRuns: 50 },
  )
})
