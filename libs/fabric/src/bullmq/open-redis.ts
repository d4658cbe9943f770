import { CodedError } from '@squall/errors'
import { shownTarget } from '@squall/load-plan'
import { Redis } from 'ioredis'
import { fabricErrors } from '../errors.ts'
import { checkRights } from './check-rights.ts'
import { isRefusal, reasonOf, toRedisError } from './redis-trouble.ts'

const connectTimeoutMs = 5_000
/** A connection over which nothing comes back for so long is broken up and made anew: a partition closes no socket. */
const silenceMs = 4_000

/**
 * Opens connections to a Redis that is there and fit. They come back by themselves when it was away, and commands wait for that.
 * @throws CodedError FABRIC_REDIS_UNREACHABLE, FABRIC_REDIS_REFUSED, FABRIC_REDIS_UNFIT, FABRIC_REDIS_RIGHTS, FABRIC_REDIS_FULL
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
    await checkRights(probe, shown)
  } catch (error) {
    if (error instanceof CodedError) throw error
    throw describe(trouble ?? (error as Error), shown)
  } finally {
    probe.disconnect()
  }
}

function describe(cause: Error, shown: string): unknown {
  const reason = reasonOf(cause)
  if (/^(NOAUTH|WRONGPASS)|invalid password/i.test(reason))
    return new CodedError(fabricErrors.FABRIC_REDIS_REFUSED, {
      message: `${shown} does not let this machine in: ${reason}`,
      cause,
    })
  if (isRefusal(cause)) return toRedisError(cause, shown)
  const known = misunderstandings.find(({ isIt }) => isIt(cause, shown))
  return new CodedError(fabricErrors.FABRIC_REDIS_UNREACHABLE, {
    message: `${shown} cannot be reached: ${known?.says ?? reason}`,
    cause,
    ...(known && { hint: known.hint }),
  })
}

interface Misunderstanding {
  readonly isIt: (cause: NodeJS.ErrnoException, shown: string) => boolean
  /** Instead of the words of the error. */
  readonly says?: string
  readonly hint: string
}

const bothSchemes = 'A port with TLS is rediss://, one without is redis://.'
/** Somebody is there, and still no connection comes about. */
const misunderstandings: readonly Misunderstanding[] = [
  {
    isIt: ({ code = '' }) => /CERT|SIGNATURE|ISSUER/.test(code),
    hint: "Name the authority that signed the server's certificate in NODE_EXTRA_CA_CERTS=FILE (PEM), and the server as its certificate does.",
  },
  { isIt: ({ code = '' }) => code.startsWith('ERR_SSL'), says: 'what answers there speaks no TLS', hint: bothSchemes },
  {
    isIt: ({ code }, shown) => code === 'ETIMEDOUT' && shown.startsWith('rediss:'),
    hint: `Nobody answered in time. ${bothSchemes}`,
  },
  {
    isIt: ({ code, message }) => code === 'ECONNRESET' || message === 'Connection is closed.',
    says: 'what answers there hung up',
    hint: bothSchemes,
  },
  {
    isIt: ({ message }) => message.startsWith('Protocol error'),
    says: 'what answers there is no Redis',
    hint: 'Mend the address: redis://HOST:PORT, where a Redis 7 or Valkey listens.',
  },
]

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
