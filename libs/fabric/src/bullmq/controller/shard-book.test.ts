import type { CodedError } from '@squall/errors'
import { GeneratorRecorder } from '@squall/metrics'
import { expect, test } from 'vitest'
import type { FabricEvent } from '../../fabric.ts'
import { ShardBook } from './shard-book.ts'

function keep(shards = 1) {
  const events: FabricEvent[] = []
  const told: string[] = []
  const refusals: CodedError[] = []
  const book = new ShardBook(shards, {
    onEvent: (event) => events.push(event),
    onReady: () => told.push('ready'),
    onEnded: () => told.push('ended'),
    onRefusal: (error) => refusals.push(error),
    onNotice: (text) => told.push(text),
  })
  book.take('a', { type: 'joined', host: 'one', workers: 1, cores: 2 })
  book.take('b', { type: 'joined', host: 'two', workers: 2, cores: 2 })
  return { book, events, told, refusals }
}

const ofShard = { shard: 0, epoch: 1 }
const refusal = { code: 'X', message: 'too hot', hint: 'cool it', exitCode: 2 } as const

test('a shard that another agent takes was interrupted, once, and only its new holder decides its end', () => {
  const { book, events, told } = keep()
  book.take('a', { type: 'taken', ...ofShard })
  book.take('a', { type: 'ready', ...ofShard })
  book.started()
  book.take('b', { type: 'taken', shard: 0, epoch: 2 })
  book.take('a', { type: 'interrupted', ...ofShard, cause: 'late word' })
  book.take('a', { type: 'finished', ...ofShard, snapshots: 3 })
  expect(book.isOver).toBe(false)
  book.take('b', { type: 'finished', shard: 0, epoch: 2, snapshots: 4 })
  book.take('b', { type: 'lost', shard: 0, epoch: 2, cause: 'afterwards' })
  expect(events).toEqual([
    { type: 'shard-interrupted', shard: 0, epoch: 1, cause: 'agent a was lost' },
    { type: 'shard-finished', shard: 0, epoch: 2, snapshots: 4 },
  ])
  expect(told).toEqual([
    'agent a has joined: 1 worker on 2 cores',
    'agent b has joined: 2 workers on 2 cores',
    'ready',
    'shard 0 stands still: agent a was lost',
    'agent b takes over shard 0',
    'ended',
  ])
  expect(book.agents()).toEqual([
    { id: 'a', host: 'one', workers: 1, cores: 2, shards: [0], holds: [], isLost: false },
    { id: 'b', host: 'two', workers: 2, cores: 2, shards: [0], holds: [], isLost: false },
  ])
})

test('a run does not begin with a share of an agent that has just lost another one, until that is taken too', () => {
  const { book, told } = keep(2)
  for (const shard of [0, 1]) book.take('a', { type: 'taken', shard, epoch: 1 })
  book.take('a', { type: 'ready', shard: 1, epoch: 1 })
  book.take('b', { type: 'taken', shard: 0, epoch: 2 })
  book.take('b', { type: 'ready', shard: 0, epoch: 2 })
  expect(book.isReady).toBe(false)
  expect(book.unready).toMatchObject([{ where: 'shard 1' }])
  book.take('b', { type: 'taken', shard: 1, epoch: 2 })
  book.take('b', { type: 'ready', shard: 1, epoch: 2 })
  expect([book.isReady, told.at(-1)]).toEqual([true, 'ready'])
})

test('an agent that is heard of again is believed again: the word that it gave its share back came late', () => {
  const { book, told } = keep(2)
  for (const shard of [0, 1]) book.take('a', { type: 'taken', shard, epoch: 1 })
  book.take('a', { type: 'ready', shard: 1, epoch: 1 })
  book.take('b', { type: 'taken', shard: 0, epoch: 2 })
  book.take('b', { type: 'ready', shard: 0, epoch: 2 })
  expect(told).not.toContain('ready')
  book.take('a', { type: 'interrupted', shard: 0, epoch: 1, cause: 'its generator died' })
  expect([book.isReady, told.at(-1)]).toEqual([true, 'ready'])
})

test('a share that was given back before the start is ready again when its next holder says so', () => {
  const { book } = keep()
  book.take('a', { type: 'taken', ...ofShard })
  book.take('a', { type: 'ready', ...ofShard })
  book.take('a', { type: 'interrupted', ...ofShard, cause: 'agent a was stopped' })
  expect(book.isReady).toBe(false)
  book.take('b', { type: 'taken', shard: 0, epoch: 2 })
  book.take('b', { type: 'ready', shard: 0, epoch: 2 })
  expect(book.isReady).toBe(true)
})

test('whoever tells numbers of a shard holds it, though the word that it took it is gone', () => {
  const { book, events } = keep()
  book.started()
  const health = { cpuMs: 1, wallMs: 1_000, rssBytes: 1, eventLoopUtilization: 0, eventLoopDelay: new Uint8Array() }
  const snapshot = new GeneratorRecorder().takeSnapshot(300, health)
  book.take('b', { type: 'snapshot', shard: 0, epoch: 2, sequence: 9, snapshot })
  expect([book.orphans, book.agents()[1]?.holds]).toEqual([[], [0]])
  book.take('a', { type: 'snapshot', shard: 0, epoch: 1, sequence: 99, snapshot })
  book.take('a', { type: 'finished', ...ofShard, snapshots: 100 })
  expect(book.agents()[1]?.holds).toEqual([0])
  expect(events.map(({ type, epoch }) => [type, epoch])).toEqual([
    ['snapshot', 2],
    ['snapshot', 1],
  ])
})

test('an agent that gives its shard back says why itself', () => {
  const { book, events } = keep()
  book.started()
  book.take('a', { type: 'taken', ...ofShard })
  book.take('a', { type: 'interrupted', ...ofShard, cause: 'agent a was stopped' })
  expect(book.orphans).toEqual([0])
  book.take('b', { type: 'taken', shard: 0, epoch: 2 })
  expect(events).toMatchObject([{ type: 'shard-interrupted', cause: 'agent a was stopped' }])
  expect(book.orphans).toEqual([])
})

test('what refuses before the start fails the run; later it is one shard', () => {
  const before = keep()
  before.book.take('a', { type: 'refused', ...refusal })
  before.book.take('a', { type: 'unprepared', ...ofShard, ...refusal })
  expect(before.refusals).toMatchObject([
    { code: 'X', exitCode: 2 },
    { message: 'too hot', hint: 'cool it' },
  ])
  const after = keep()
  after.book.started()
  after.book.take('c', { type: 'refused', ...refusal })
  after.book.take('a', { type: 'unprepared', ...ofShard, ...refusal })
  expect(after.refusals).toEqual([])
  expect(after.told).toContain('too hot')
  expect(after.events).toMatchObject([{ type: 'shard-lost', cause: 'too hot' }])
})

test('who comes and goes is told, and whose shards are nobody s is known', () => {
  const { book, told, events } = keep(2)
  book.take('a', { type: 'taken', ...ofShard })
  book.take('b', { type: 'taken', shard: 1, epoch: 1 })
  book.seen(new Set(['b']))
  book.seen(new Set(['b']))
  expect(book.orphans).toEqual([0])
  expect(book.membersLeft).toEqual(['b'])
  book.seen(new Set(['a', 'b']))
  book.take('b', { type: 'released' })
  book.seen(new Set(['a']))
  expect(told.slice(2)).toEqual(['agent a is gone; shard 0 of 2 waits for another agent', 'agent a is back', 'agent b has left'])
  expect(book.membersLeft).toEqual(['a'])
  book.loseRest('did not end in time')
  book.loseRest('again')
  expect(events).toMatchObject([
    { type: 'shard-lost', shard: 0, epoch: 1, cause: 'did not end in time' },
    { type: 'shard-lost', shard: 1 },
  ])
})

test('a shard that there is not is somebody else s doing', () => {
  const { book } = keep()
  expect(() => book.take('a', { type: 'ready', shard: 7, epoch: 1 })).toThrow('there is no shard 7')
})

test('who held several shards leaves all of them behind', () => {
  const { book, told } = keep(4)
  for (const shard of [0, 2, 3]) book.take('a', { type: 'taken', shard, epoch: 1 })
  book.take('b', { type: 'taken', shard: 1, epoch: 1 })
  expect(book.agents().map(({ holds }) => holds)).toEqual([[0, 2, 3], [1]])
  book.take('b', { type: 'lost', shard: 1, epoch: 1, cause: 'generator killed' })
  book.seen(new Set())
  expect(told.slice(2)).toEqual([
    'shard 1 is lost: generator killed',
    'agent a is gone; shards 0, 2 and 3 of 4 wait for another agent',
    'agent b is gone, without a share',
  ])
})

test("a shard that heard of the start too late is told of, unless it is somebody else's by then", () => {
  const { book, events, told } = keep()
  book.take('a', { type: 'taken', ...ofShard })
  book.take('a', { type: 'ready', ...ofShard })
  book.started()
  book.take('a', { type: 'late', ...ofShard, cause: 'it was frozen' })
  book.take('b', { type: 'taken', shard: 0, epoch: 2 })
  book.take('a', { type: 'late', ...ofShard, cause: 'again' })
  expect(events).toEqual([
    { type: 'shard-late', ...ofShard, cause: 'it was frozen' },
    { type: 'shard-interrupted', ...ofShard, cause: 'agent a was lost' },
  ])
  expect(told).toContain('shard 0 begins late: it was frozen')
})
