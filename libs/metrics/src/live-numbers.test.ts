import { expect, test } from 'vitest'
import { RunAggregate } from './index.ts'
import { callsOf, snapshotOf } from './test/fixtures.ts'

const runOf = (seconds: number, shards: number): RunAggregate => {
  const aggregate = new RunAggregate()
  for (let second = 0; second < seconds; second++)
    for (let shard = 0; shard < shards; shard++)
      aggregate.add(
        shard,
        0,
        second,
        snapshotOf(second, { clients: { cursor: second + 1 }, series: [callsOf({}, second + 1, 8, { 'http.429': 2 })] }),
      )
  return aggregate
}

test('the last seconds show the rate, the percentiles, the failures and the clients', () => {
  const live = runOf(10, 2).recent(5)
  expect(live).toMatchObject({
    second: 9,
    seconds: 5,
    callsPerSecond: 20,
    failedPerSecond: 4,
    clients: 20,
    clientsByKind: { cursor: 20 },
  })
  expect(live.errors).toEqual({ 'http.429': 20 })
  expect(live.p50).toBeCloseTo(8, 0)
  expect(live.p99).toBeCloseTo(10, 0)
  expect(live.tools.get('echo')).toMatchObject({ callsPerSecond: 20, failed: 20 })
  expect(live.sinceStart).toEqual({ calls: 200, failed: 40, droppedStarts: 0 })
})

test('before the first snapshot there is nothing to show', () => {
  expect(new RunAggregate().recent(5)).toMatchObject({ second: -1, seconds: 0, callsPerSecond: 0, clients: 0, p50: null })
})

test('at the start the rate is that of the seconds there were', () => {
  expect(runOf(2, 1).recent(10)).toMatchObject({ seconds: 2, callsPerSecond: 10 })
})

test('a second that some shard has yet to report on is not shown as a drop', () => {
  const aggregate = runOf(10, 2)
  aggregate.add(0, 0, 10, snapshotOf(10, { clients: { cursor: 11 } }))
  expect(aggregate.recent(5)).toMatchObject({ second: 9, callsPerSecond: 20, clients: 20 })
  aggregate.add(1, 0, 10, snapshotOf(10, { clients: { cursor: 11 } }))
  expect(aggregate.recent(5)).toMatchObject({ second: 10, callsPerSecond: 16, clients: 22 })
})

test('a shard that went silent is left out after a second', () => {
  const aggregate = runOf(10, 2)
  for (const second of [10, 11]) aggregate.add(0, 0, second, snapshotOf(second, { clients: { cursor: 5 } }))
  expect(aggregate.recent(1)).toMatchObject({ second: 11, clients: 5 })
})
