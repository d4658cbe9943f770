import { randomUUID } from 'node:crypto'
import { CodedError } from '@squall/errors'
import type { Redis } from 'ioredis'
import { fabricErrors } from '../errors.ts'
import { reasonOf, toRedisError } from './redis-trouble.ts'

/** One command of each kind that a fabric lives by, on keys of their own, which go by themselves. */
function trials(): readonly (readonly string[])[] {
  const place = `squall:check:${randomUUID()}`
  const key = (name: string): string => `${place}:${name}`
  return [
    ['set', key('text'), '1', 'PX', '1000', 'NX'],
    ['get', key('text')],
    ['mget', key('text')],
    ['exists', key('text')],
    ['hset', key('hash'), 'field', '1'],
    ['hget', key('hash'), 'field'],
    ['hgetall', key('hash')],
    ['hdel', key('hash'), 'field'],
    ['sadd', key('set'), '1'],
    ['smembers', key('set')],
    ['sismember', key('set'), '1'],
    ['srem', key('set'), '1'],
    ['xadd', key('stream'), '*', 'field', '1'],
    ['xread', 'COUNT', '1', 'STREAMS', key('stream'), '0'],
    ['xrevrange', key('stream'), '+', '-', 'COUNT', '1'],
    ['zadd', key('sorted'), '1', '1'],
    ['lpush', key('list'), '1'],
    ['eval', 'return 1', '0'],
    ['time'],
    ['pexpire', key('stream'), '1000'],
    ['unlink', key('text'), key('stream'), key('sorted'), key('list')],
  ]
}

/**
 * Makes sure that this user of Redis may do what a fabric does, before anybody relies on it.
 * @throws CodedError FABRIC_REDIS_RIGHTS with every command that is refused, FABRIC_REDIS_FULL
 */
export async function checkRights(redis: Redis, shown: string): Promise<void> {
  const tried = trials()
  const answers = await redis.pipeline(tried.map((command) => [...command])).exec()
  const refused = tried.flatMap(([name = ''], index) => {
    const error = answers?.[index]?.[0]
    return error ? [{ name, error }] : []
  })
  const [first] = refused
  if (first === undefined) return
  const told = toRedisError(first.error, shown)
  if (!(told instanceof CodedError) || told.code !== fabricErrors.FABRIC_REDIS_RIGHTS.code) throw told
  const commands = refused.filter(({ error }) => !isAboutKeys(error)).map(({ name }) => name.toUpperCase())
  throw new CodedError(fabricErrors.FABRIC_REDIS_RIGHTS, {
    message: `${shown} does not let its user do what a fabric does`,
    problems: [
      ...(refused.some(({ error }) => isAboutKeys(error))
        ? [{ where: 'its keys', value: reasonOf(first.error), expected: 'leave to read and write those that begin with squall:' }]
        : []),
      ...(commands.length > 0 ? [{ where: 'its commands', expected: `leave to use ${commands.join(', ')}` }] : []),
    ],
  })
}

const isAboutKeys = (error: Error): boolean => /\bkeys?\b/.test(error.message)
