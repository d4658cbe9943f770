import { CodedError } from '@squall/errors'
import { shownTarget } from '@squall/load-plan'
import { Redis } from 'ioredis'
import { fabricErrors } from '../errors.ts'

const connectTimeoutMs = 5_000
/** A connection over which nothing comes back for so long is broken up and made anew: a partition closes no socket. */
const silenceMs = 4_000

/**
 * Opens connections to a Redis that is there and fit. They come back by themselves when it was away, and commands wait for that.
 * @throws CodedError FABRIC_REDIS_UNREACHABLE, FABRIC_REDIS_REFUSED, FABRIC_REDIS_UNFIT
 */
export async function openRedis(url: string): Promise<Redis> {
  await checkRedis(url)
  const redis = new Redis(url, {
    connectTimeout: connectTimeoutMs,
    socketTimeout: silenceMs,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(50 * times, 500),
  })
  return heedErrors(redis)
}

/** Another connection like it, for commands that wait. */
export function anotherConnection(redis: Redis): Redis {
  return heedErrors(redis.duplicate())
}

// What went wrong is dealt with where a command waits for it; without a listener every failed attempt would be printed.
function heedErrors(redis: Redis): Redis {
  return redis.on('error', () => undefined)
}

async function checkRedis(url: string): Promise<void> {
  const shown = shownTarget(url)
  if (!/^rediss?:\/\//.test(url) || !URL.canParse(url))
    throw new CodedError(fabricErrors.FABRIC_REDIS_UNREACHABLE, { message: `${shown} is not the address of a Redis` })
  const probe = new Redis(url, {
    lazyConnect: true,
    connectTimeout: connectTimeoutMs,
    commandTimeout: connectTimeoutMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  let trouble: Error | undefined
  probe.on('error', (error: Error) => void (trouble ??= error))
  try {
    await probe.connect()
    checkFitness(await probe.info(), shown)
    await probe.ping()
  } catch (error) {
    if (error instanceof CodedError) throw error
    throw describe(trouble ?? (error as Error), shown)
  } finally {
    probe.disconnect()
  }
}

function describe(cause: Error, shown: string): CodedError {
  const isRefused = /NOAUTH|WRONGPASS|NOPERM|invalid password/i.test(cause.message)
  const says = isRefused ? 'does not let this machine in' : 'cannot be reached'
  return new CodedError(isRefused ? fabricErrors.FABRIC_REDIS_REFUSED : fabricErrors.FABRIC_REDIS_UNREACHABLE, {
    message: `${shown} ${says}: ${reasonOf(cause)}`,
    cause,
  })
}

/** Several addresses of one name fail with an error that has no words of its own. */
const reasonOf = (error: Error): string =>
  error.message !== ''
    ? error.message
    : error instanceof AggregateError
      ? String((error.errors as Error[])[0]?.message)
      : error.name

const oldest = 7

/** @throws CodedError FABRIC_REDIS_UNFIT with everything that is wrong. */
export function checkFitness(info: string, shown: string): void {
  const fact = (name: string): string => new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(info)?.[1] ?? ''
  const problems = []
  // Valkey says both its own version and the Redis it stands in for.
  const version = fact('valkey_version') || fact('redis_version')
  if (Number.parseInt(version, 10) < oldest)
    problems.push({ where: `${shown} version`, value: version, expected: 'Redis 7 or later, or Valkey' })
  const policy = fact('maxmemory_policy')
  if (policy !== 'noeviction') {
    const hint = 'any other lets Redis throw away the run while it goes on'
    problems.push({ where: `${shown} maxmemory-policy`, value: policy, expected: 'noeviction', hint })
  }
  const role = fact('role')
  if (role !== 'master') problems.push({ where: `${shown} role`, value: role, expected: 'a master: a replica takes no writes' })
  if (problems.length > 0)
    throw new CodedError(fabricErrors.FABRIC_REDIS_UNFIT, { message: `${shown} cannot hold a fabric together`, problems })
}
