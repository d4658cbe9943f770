import { expect, test } from 'vitest'
import { LossLedger } from './loss-ledger.ts'
import { demoSnapshot } from './test/demo-snapshot.ts'

const snapshot = (shard: number, second: number) =>
  ({ type: 'snapshot', shard, epoch: 1, sequence: second, snapshot: demoSnapshot(second) }) as const

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
  ledger.note(snapshot(1, 4))
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
  ledger.note(snapshot(0, 9))
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

test('an event of a shard that was never started is a defect', () => {
  expect(() => new LossLedger(1).note(snapshot(1, 0))).toThrow('there is no shard 1')
})
