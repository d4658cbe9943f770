import { RedisServer } from '@squall/testing'
import { systemClock } from '@squall/time'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { lockRun, type LockOptions } from './controller-lock.ts'

const key = 'squall:run:1:controller'

async function connect(): Promise<Redis> {
  const server = await RedisServer.start()
  onTestFinished(() => server[Symbol.asyncDispose]())
  const redis = new Redis(server.url)
  onTestFinished(() => redis.disconnect())
  return redis
}

const options = (redis: Redis, onLost: LockOptions['onLost'] = () => undefined): LockOptions => ({
  redis,
  key,
  onLost,
  clock: systemClock,
  signal: new AbortController().signal,
})

test('a controller that was away while another one took its run finds that out', async () => {
  const redis = await connect()
  const { promise, resolve } = Promise.withResolvers<unknown>()
  const lock = await lockRun(options(redis, resolve))
  await redis.set(key, 'somebody else')
  expect(await promise).toMatchObject({ code: 'FABRIC_OTHER_CONTROLLER' })
  await lock.release()
  expect(await redis.get(key)).toBe('somebody else')
})

test('a lock that Redis lost is taken anew, and one that is released is free', async () => {
  const redis = await connect()
  const lock = await lockRun(options(redis))
  await redis.del(key)
  await expect.poll(() => redis.exists(key)).toBe(1)
  await lock.release()
  expect(await redis.exists(key)).toBe(0)
  await (await lockRun(options(redis))).release()
})
