import { expect, test } from 'vitest'
import { LossLedger } from './loss-ledger.ts'
import { demoSnapshot } from './test/demo-snapshot.ts'

const snapshot = (shard: number, second: number, sequence = second) =>
  ({ type: 'snapshot', shard, epoch: 1, sequence, snapshot: demoSnapshot(second) }) as const

test('shards that finished and sent what they announced lost nothing', () => {
  const ledger = new LossLedger(2)
  for (const shard of [0, 1]) {
    ledger.note(snapshot(shard, 0))
    ledger.note({ type: 'shard-finished', shard, epoch: 1, snapshots: 1 })
  }
  expect(ledger.loss(10)).toEqual({ shardSeconds: 0, snapshots: 0, gaps: [] })
  expect(ledger.agents('here', false).map(({ state }) => state)).toEqual(['finished', 'finished'])
  expect(ledger.agents('here', true)[1]).toEqual({ id: 'generator-1', host: 'here', shards: [1], state: 'stopped' })
})

test('a lost shard is a gap from its last number to the end', () => {
  const ledger = new LossLedger(3)
  ledger.note(snapshot(1, 0))
  ledger.note(snapshot(1, 4, 1))
  ledger.note({ type: 'shard-lost', shard: 1, epoch: 1, cause: 'killed by SIGKILL' })
  ledger.note({ type: 'shard-lost', shard: 2, epoch: 1, cause: 'did not end in time' })
  expect(ledger.loss(10)).toEqual({
    shardSeconds: 15,
    snapshots: 0,
    gaps: [
      { shard: 1, fromSecond: 5, toSecond: 10, cause: 'killed by SIGKILL' },
      { shard: 2, fromSecond: 0, toSecond: 10, cause: 'did not end in time' },
    ],
  })
  expect(ledger.agents('here', false).map(({ state }) => state)).toEqual(['finished', 'lost', 'lost'])
})

test('a shard that is lost after its last second is still told of', () => {
  const ledger = new LossLedger(1)
  ledger.note(snapshot(0, 9, 0))
  ledger.note({ type: 'shard-lost', shard: 0, epoch: 1, cause: 'crashed' })
  expect(ledger.loss(10)).toMatchObject({ shardSeconds: 0, gaps: [{ fromSecond: 10, toSecond: 10 }] })
})

test('snapshots that were announced and never came are counted; one that came twice counts once', () => {
  const ledger = new LossLedger(1)
  ledger.note(snapshot(0, 0))
  ledger.note(snapshot(0, 0), false)
  ledger.note({ type: 'shard-finished', shard: 0, epoch: 1, snapshots: 3 })
  expect(ledger.loss(10).snapshots).toBe(2)
})

test('snapshots that must have been made before one that came are missed, of each generator of a shard, whatever it says in the end', () => {
  const ledger = new LossLedger(2)
  ledger.note(snapshot(0, 5))
  ledger.note(snapshot(0, 6))
  ledger.note(snapshot(1, 3))
  ledger.note({ type: 'shard-interrupted', shard: 1, epoch: 1, cause: 'agent a was lost' })
  ledger.note({ ...snapshot(1, 4, 1), epoch: 2 })
  expect(ledger.loss(10).snapshots).toBe(5 + 3 + 1)
  ledger.note({ type: 'shard-finished', shard: 0, epoch: 1, snapshots: 8 })
  ledger.note({ type: 'shard-finished', shard: 1, epoch: 2, snapshots: 2 })
  expect(ledger.loss(10).snapshots).toBe(6 + 3 + 1)
  for (const second of [2, 1, 0]) ledger.note(snapshot(1, second))
  expect(ledger.loss(10).snapshots).toBe(6 + 1)
})

test('an event of a shard that was never started is a defect', () => {
  expect(() => new LossLedger(1).note(snapshot(1, 0))).toThrow('there is no shard 1')
})

/** Of a generator that began with a second: shard 0's first one with the run. */
const ofEpoch = (epoch: number, second: number, { wallMs = 1_000, fromSecond = 0 } = {}) => {
  const made = demoSnapshot(second)
  const generator = { ...made.generator, wallMs }
  return { type: 'snapshot', shard: 0, epoch, sequence: second - fromSecond, snapshot: { ...made, generator } } as const
}
const interrupted = { type: 'shard-interrupted', shard: 0, epoch: 1, cause: 'agent a was lost' } as const

test('a shard that is taken over lacks the seconds between its generators', () => {
  const ledger = new LossLedger(1)
  for (const second of [0, 1, 2]) ledger.note(ofEpoch(1, second))
  ledger.note(interrupted)
  for (const second of [8, 9]) ledger.note(ofEpoch(2, second, { fromSecond: 8 }))
  ledger.note({ type: 'shard-finished', shard: 0, epoch: 2, snapshots: 2 })
  expect(ledger.loss(10)).toEqual({
    shardSeconds: 5,
    snapshots: 0,
    gaps: [{ shard: 0, fromSecond: 3, toSecond: 8, cause: 'agent a was lost' }],
  })
})

test('numbers that a lost generator had sent make its gap smaller, even when they come late; half a second does not', () => {
  const ledger = new LossLedger(1)
  ledger.note(ofEpoch(1, 0))
  ledger.note(interrupted)
  ledger.note(ofEpoch(2, 8))
  ledger.note(ofEpoch(1, 1))
  ledger.note(ofEpoch(1, 2, { wallMs: 400 }))
  expect(ledger.loss(9).gaps).toEqual([{ shard: 0, fromSecond: 2, toSecond: 8, cause: 'agent a was lost' }])
})

test('a shard that nobody took over, or that was taken over after its end, lacks its rest', () => {
  const ledger = new LossLedger(1)
  ledger.note(ofEpoch(1, 0))
  ledger.note(interrupted)
  expect(ledger.loss(10).gaps).toMatchObject([{ fromSecond: 1, toSecond: 10, cause: 'agent a was lost' }])
  ledger.note({ type: 'shard-lost', shard: 0, epoch: 1, cause: 'no other agent took it over' })
  expect(ledger.loss(10).gaps).toMatchObject([{ fromSecond: 1, toSecond: 10, cause: 'agent a was lost' }])
  expect(ledger.loss(1).gaps).toMatchObject([{ fromSecond: 1, toSecond: 1, cause: 'no other agent took it over' }])
})

test('the numbers of each generator are held against what it made itself', () => {
  const ledger = new LossLedger(1)
  for (const second of [0, 1, 2]) ledger.note(ofEpoch(1, second))
  ledger.note(interrupted)
  ledger.note(ofEpoch(2, 3, { fromSecond: 3 }))
  ledger.note({ type: 'shard-finished', shard: 0, epoch: 2, snapshots: 2 })
  expect(ledger.loss(3).snapshots).toBe(1)
})

test('a generator that slept through its lease lacks the seconds it slept, whatever it says when it wakes', () => {
  const ledger = new LossLedger(1)
  for (const second of [0, 1, 2]) ledger.note(ofEpoch(1, second))
  ledger.note(interrupted)
  ledger.note(ofEpoch(2, 8))
  ledger.note(ofEpoch(1, 3, { wallMs: 9_400 }))
  ledger.note(ofEpoch(1, 13, { wallMs: 40 }))
  expect(ledger.loss(20).gaps).toEqual([{ shard: 0, fromSecond: 3, toSecond: 8, cause: 'agent a was lost' }])
})

test('a shard that heard of the start too late lacks the seconds before its first one', () => {
  const ledger = new LossLedger(1)
  ledger.note({ type: 'shard-late', shard: 0, epoch: 1, cause: 'agent a heard of the start 4.2 s late' })
  expect(ledger.hasUnfinishedShards).toBe(true)
  for (const second of [5, 6]) ledger.note(ofEpoch(1, second, { fromSecond: 5 }))
  ledger.note({ type: 'shard-finished', shard: 0, epoch: 1, snapshots: 2 })
  expect(ledger.hasUnfinishedShards).toBe(false)
  expect(ledger.loss(7)).toEqual({
    shardSeconds: 5,
    snapshots: 0,
    gaps: [{ shard: 0, fromSecond: 0, toSecond: 5, cause: 'agent a heard of the start 4.2 s late' }],
  })
})

test('a shard that is lost again before it told of a whole second lacks each second once, and its first cause stays', () => {
  const ledger = new LossLedger(1)
  for (const second of [0, 1, 2]) ledger.note(ofEpoch(1, second))
  ledger.note(interrupted)
  ledger.note({ ...interrupted, epoch: 2, cause: 'agent b was lost' })
  expect(ledger.loss(20)).toMatchObject({ shardSeconds: 17, gaps: [{ fromSecond: 3, toSecond: 20, cause: 'agent a was lost' }] })
  ledger.note(ofEpoch(3, 12, { fromSecond: 12 }))
  expect(ledger.loss(13).gaps).toEqual([{ shard: 0, fromSecond: 3, toSecond: 12, cause: 'agent a was lost' }])
  // What the second one told comes late.
  ledger.note(ofEpoch(2, 8, { fromSecond: 8 }))
  expect(ledger.loss(13).gaps).toEqual([
    { shard: 0, fromSecond: 3, toSecond: 8, cause: 'agent a was lost' },
    { shard: 0, fromSecond: 9, toSecond: 12, cause: 'agent b was lost' },
  ])
})

test('a shard that was taken over after its end was not made to its end', () => {
  const ledger = new LossLedger(1)
  for (const second of [0, 1, 2]) ledger.note(ofEpoch(1, second))
  expect(ledger.hasUnfinishedShards).toBe(false)
  ledger.note(interrupted)
  ledger.note({ type: 'shard-finished', shard: 0, epoch: 2, snapshots: 0 })
  expect(ledger.hasUnfinishedShards).toBe(true)
})
