import { CodedError } from '@squall/errors'
import type { Clock } from '@squall/time'
import { snowflakeErrors } from './errors.ts'

/** The end of a statement's time, or of its caller's interest, as one signal whose reason is the error to report. */
export interface StatementLimit extends Disposable {
  readonly signal: AbortSignal
}

/** Starts the time of a statement. Dispose of it when the statement is over. */
export function startLimit(timeoutMs: number, signal: AbortSignal | undefined, clock: Clock): StatementLimit {
  const ended = new AbortController()
  const onAbort = (): void => {
    ended.abort(new CodedError(snowflakeErrors.SNOWFLAKE_QUERY_CANCELLED, { cause: signal?.reason }))
  }
  const onTimeout = (): void => {
    const message = `the statement took longer than its limit of ${timeoutMs} ms and was cancelled`
    ended.abort(new CodedError(snowflakeErrors.SNOWFLAKE_QUERY_TIMEOUT, { message }))
  }
  if (signal?.aborted === true) onAbort()
  signal?.addEventListener('abort', onAbort, { once: true })
  const timer = clock.at(clock.monotonicMs() + timeoutMs, onTimeout)
  const dispose = (): void => {
    timer.cancel()
    signal?.removeEventListener('abort', onAbort)
  }
  return { signal: ended.signal, [Symbol.dispose]: dispose }
}
