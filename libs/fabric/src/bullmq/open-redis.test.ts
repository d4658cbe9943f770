import { RedisServer, freePort } from '@squall/testing'
import { expect, test } from 'vitest'
import { checkFitness, openRedis } from './open-redis.ts'

const rejection = async (url: string) =>
  openRedis(url).then(
    (redis) => redis.disconnect(),
    (error: unknown) => error,
  )

test('a Redis that is not there is told with its address, without its password', async () => {
  const port = await freePort()
  expect(await rejection(`redis://:geheim@127.0.0.1:${port}`)).toMatchObject({
    code: 'FABRIC_REDIS_UNREACHABLE',
    message: expect.stringMatching(/^redis:\/\/\*\*\*@127\.0\.0\.1:\d+ cannot be reached: .*ECONNREFUSED/) as string,
    exitCode: 9,
  })
  expect(await rejection('http://127.0.0.1')).toMatchObject({ message: 'http://127.0.0.1 is not the address of a Redis' })
})

test('a password that is missing or wrong is told as that; the right one lets in', async () => {
  await using redis = await RedisServer.start('--requirepass', 'geheim')
  const refused = { code: 'FABRIC_REDIS_REFUSED', message: expect.stringContaining('does not let this machine in') as string }
  expect(await rejection(redis.url)).toMatchObject(refused)
  expect(await rejection(`redis://:falsch@127.0.0.1:${redis.port}`)).toMatchObject(refused)
  expect(await rejection(`redis://:geheim@127.0.0.1:${redis.port}`)).toBeUndefined()
})

test('a Redis that may forget is refused', async () => {
  await using redis = await RedisServer.start('--maxmemory-policy', 'allkeys-lru')
  expect(await rejection(redis.url)).toMatchObject({
    code: 'FABRIC_REDIS_UNFIT',
    problems: [{ value: 'allkeys-lru', expected: 'noeviction' }],
  })
})

const check = (info: string) => () => checkFitness(info, 'redis://r')

test('everything that is wrong with a Redis is told at once', () => {
  expect(check('redis_version:7.0.15\r\nmaxmemory_policy:noeviction\r\nrole:master\r\n')).not.toThrow()
  expect(check('redis_version:7.2.4\r\nvalkey_version:8.1.0\r\nmaxmemory_policy:noeviction\r\nrole:master\r\n')).not.toThrow()
  expect(check('redis_version:6.2.1\r\nmaxmemory_policy:volatile-ttl\r\nrole:slave\r\n')).toThrow(
    expect.objectContaining({
      problems: [
        expect.objectContaining({ value: '6.2.1' }),
        expect.objectContaining({ value: 'volatile-ttl' }),
        expect.objectContaining({ value: 'slave' }),
      ],
    }) as Error,
  )
})
