import { CodedError } from '@squall/errors'
import { fabricErrors } from '../errors.ts'

/** Whether Redis itself answered with an error, rather than being away. */
export const isRefusal = (error: unknown): error is Error => error instanceof Error && error.name === 'ReplyError'

/** What went wrong with Redis, in its own words. */
export function reasonOf(error: Error): string {
  const first = innerErrors(error)[0]
  return first instanceof Error ? first.message : error.message === '' ? error.name : error.message
}

/** Several addresses of one name fail with an error that has no words of its own; so does a transaction. */
function innerErrors(error: Error): readonly unknown[] {
  if (error instanceof AggregateError) return error.errors
  // What ioredis tells of a transaction that was thrown away.
  if ('previousErrors' in error && Array.isArray(error.previousErrors)) return error.previousErrors
  return []
}

const isFull = (reason: string): boolean => /^(OOM|MISCONF)\b/.test(reason)
const isForbidden = (reason: string): boolean => /^NOPERM\b|can't run this command or subcommand/.test(reason)

/** An answer of Redis that keeps a fabric from working, as a person should read it; anything else as it is. */
export function toRedisError(error: unknown, shown: string): unknown {
  if (!isRefusal(error)) return error
  const reason = reasonOf(error)
  if (isFull(reason))
    return new CodedError(fabricErrors.FABRIC_REDIS_FULL, { message: `${shown} takes nothing more: ${reason}`, cause: error })
  if (isForbidden(reason))
    return new CodedError(fabricErrors.FABRIC_REDIS_RIGHTS, {
      message: `${shown} forbids its user something: ${reason}`,
      cause: error,
    })
  return new CodedError(fabricErrors.FABRIC_REDIS_UNFIT, { message: `${shown} refuses: ${reason}`, cause: error })
}
