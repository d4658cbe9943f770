import type { RunOutcome } from '@squall/controller'
import { CodedError } from '@squall/errors'
import { fabricErrors } from '@squall/fabric'
import { sleep, type Clock } from '@squall/time'
import type { Launch } from './run-registry.ts'

type Launcher = (launch: Launch) => Promise<RunOutcome>

export interface Patience {
  readonly clock: Clock
  /** For how long a Redis is waited for. */
  readonly patienceMs: number
  readonly retryMs: number
}

/** As long as machines are waited for; a run that goes on at its agents meanwhile is kept in Redis for a day. */
export const redisPatience = { patienceMs: 600_000, retryMs: 1_000 }

/**
 * Lets runs wait while Redis cannot be reached: one that was not announced yet, or goes on at its agents, loses nothing by that. What else goes wrong ends
 * them, and so does a Redis that stays away.
 */
export function launchPatiently(launch: Launcher, patience: Patience): Launcher {
  const { clock, patienceMs, retryMs } = patience
  return async (run) => {
    const untilMs = clock.monotonicMs() + patienceMs
    for (;;) {
      try {
        return await launch(run)
      } catch (error) {
        if (!isRedisAway(error)) throw error
        if (clock.monotonicMs() + retryMs > untilMs) throw gaveUp(error, run, patienceMs)
        run.onWaiting(`${error.message}; it is waited for, ${inMinutes(patienceMs)} at most`)
      }
      await sleep(clock, retryMs, run.stopping)
    }
  }
}

export const isRedisAway = (error: unknown): error is CodedError =>
  error instanceof CodedError && error.code === fabricErrors.FABRIC_REDIS_UNREACHABLE.code

function gaveUp(cause: CodedError, { id, resume }: Launch, patienceMs: number): CodedError {
  const { FABRIC_REDIS_UNREACHABLE } = fabricErrors
  const message = `${cause.message}; it was waited for, ${inMinutes(patienceMs)} long`
  const hint = `The run is in Redis for a day: once that is back, squall run PACK --fabric … --resume ${id} takes it over.`
  return new CodedError(FABRIC_REDIS_UNREACHABLE, { message, cause, ...(resume && { hint }) })
}

const inMinutes = (ms: number): string => `${ms / 60_000} minutes`
