import { RedisServer } from '@squall/testing'
import { systemClock } from '@squall/time'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { runKeys } from '../keys.ts'
import { Seal } from '../seal.ts'
import { deadManMs, keptEventsOf } from '../timings.ts'
import { Outbox } from './outbox.ts'

const keys = runKeys('r')

async function startOutbox(mostBytes?: number) {
  const server = await RedisServer.start()
  onTestFinished(() => server[Symbol.asyncDispose]())
  const redis = new Redis(server.url, { maxRetriesPerRequest: null, retryStrategy: () => 20 })
  redis.on('error', () => undefined)
  onTestFinished(() => redis.disconnect())
  await redis.xadd(keys.events, '*', 'begins', 'r')
  const seal = new Seal(undefined)
  const outbox = new Outbox({ redis, keys, seal, clock: systemClock, agent: 'a', ...(mostBytes !== undefined && { mostBytes }) })
  const received = async (): Promise<unknown[]> => {
    const entries = await redis.xrangeBuffer(keys.events, '-', '+')
    return entries.slice(1).map(([, fields]) => seal.open(fields[5] ?? Buffer.alloc(0), keys.events))
  }
  return { server, redis, outbox, received }
}

const samples = (epoch: number) => ({ type: 'samples', shard: 0, epoch, samples: [] }) as const
const finished = { type: 'finished', shard: 0, epoch: 1, snapshots: 0 } as const

test('letters arrive in order, and a shard that is over is marked with its last one', async () => {
  const { redis, outbox, received } = await startOutbox()
  for (let epoch = 1; epoch <= 250; epoch++) outbox.send(samples(epoch))
  outbox.send(finished, 0)
  await outbox.flushed()
  expect(await received()).toEqual([...Array.from({ length: 250 }, (_, index) => samples(index + 1)), finished])
  expect(await redis.smembers(keys.done)).toEqual(['0'])
})

test('while Redis is away the oldest numbers go first, and words of a shard never', async () => {
  const { server, outbox, received } = await startOutbox(1_000)
  await server.kill()
  outbox.send({ type: 'taken', shard: 0, epoch: 1 })
  for (let epoch = 1; epoch <= 500; epoch++) outbox.send(samples(epoch))
  outbox.send(finished, 0)
  await server.start()
  await outbox.flushed()
  const letters = await received()
  expect(letters[0]).toEqual({ type: 'taken', shard: 0, epoch: 1 })
  expect(letters.at(-2)).toEqual(samples(500))
  expect(letters.at(-1)).toEqual(finished)
  expect(letters.length).toBeLessThan(150)
})

test('a thousand generators may go on without a controller until they stop by themselves, and nothing of it goes', () => {
  const wordsOfEach = 5
  expect(keptEventsOf(1_000)).toBeGreaterThan(1_000 * (deadManMs / 1000 + wordsOfEach))
  expect(keptEventsOf(12)).toBeGreaterThan(12 * 3_600)
})

test('an outbox whose connection was given up keeps nobody waiting', async () => {
  const { redis, outbox } = await startOutbox()
  redis.disconnect()
  outbox.send(finished)
  await outbox.flushed()
  expect(redis.status).toBe('end')
})
