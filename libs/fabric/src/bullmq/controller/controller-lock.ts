import { randomUUID } from 'node:crypto'
import { CodedError } from '@squall/errors'
import { sleep, type Clock } from '@squall/time'
import type { Redis } from 'ioredis'
import { fabricErrors } from '../../errors.ts'
import { isRefusal } from '../redis-trouble.ts'
import { controllerGoneMs } from '../timings.ts'

/** Holds a run for one controller alone; agents see by it that there is one. */
export interface ControllerLock {
  /** Gives the run free. */
  release(): Promise<void>
}

const renewEveryMs = 1_000
const retryEveryMs = 250
/** Extends the lock where it is ours, takes it where it is nobody's. Returns whose it is. */
const renewScript = `
local holder = redis.call('GET', KEYS[1])
if holder == false or holder == ARGV[1] then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) return 1 end
return 0`
const releaseScript = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`

export interface LockOptions {
  readonly redis: Redis
  readonly key: string
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Told where another controller took the run, because this one was away for too long. */
  readonly onLost: (error: CodedError) => void
  /** Told of each attempt to keep the run that Redis refused, and with nothing once it takes one again. */
  readonly onRefused?: (error: Error | undefined) => void
}

/**
 * Takes a run. A controller that died holds it for a few seconds more.
 * @throws CodedError FABRIC_OTHER_CONTROLLER; the signal's reason.
 */
export async function lockRun({ redis, key, clock, signal, onLost, onRefused }: LockOptions): Promise<ControllerLock> {
  const token = randomUUID()
  const renew = async (): Promise<boolean> => (await redis.eval(renewScript, 1, key, token, controllerGoneMs)) === 1
  const untilMs = clock.monotonicMs() + controllerGoneMs + retryEveryMs
  while (!(await renew())) {
    if (clock.monotonicMs() >= untilMs) throw otherController()
    await sleep(clock, retryEveryMs, signal)
  }
  const ending = new AbortController()
  const hold = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      await sleep(clock, renewEveryMs, ending.signal)
      try {
        if (!(await renew())) return onLost(otherController())
        onRefused?.(undefined)
      } catch (error) {
        if (!isRefusal(error)) throw error
        onRefused?.(error)
      }
    }
  }
  // Ends with the sleep that is broken off, or with the connection.
  void hold().catch(() => undefined)
  return {
    release: async () => {
      ending.abort(new Error('released'))
      await redis.eval(releaseScript, 1, key, token)
    },
  }
}

const otherController = (): CodedError => new CodedError(fabricErrors.FABRIC_OTHER_CONTROLLER)
