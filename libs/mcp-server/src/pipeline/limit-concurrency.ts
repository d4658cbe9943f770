import { CodedError } from '@squall/errors'
import type { Clock } from '@squall/time'
import { mcpServerErrors } from '../errors.ts'
import type { CallOutcome } from '../tool-result.ts'
import type { Stage } from './stage.ts'

export interface ConcurrencyLimits {
  /** Calls that run at once. */
  readonly maxConcurrent: number
  /** Calls that wait for their turn; more are turned away at once. */
  readonly maxQueued: number
  /** How long a call may wait for its turn. */
  readonly queueTimeoutMs: number
}

export interface ConcurrencyLimiter {
  readonly stage: Stage
  readonly running: () => number
  readonly queued: () => number
}

interface Waiter {
  readonly admit: () => void
}

const retryAfterMs = 1000

/** Bounds how many calls run at once; the others wait in order, for a bounded time, in a bounded queue. */
export function createConcurrencyLimiter(clock: Clock, limits: ConcurrencyLimits): ConcurrencyLimiter {
  let running = 0
  // A Set keeps the order of arrival and forgets one that gave up in constant time.
  const queue = new Set<Waiter>()

  const admitNext = (): void => {
    const [first] = queue
    if (first === undefined) running -= 1
    else {
      queue.delete(first)
      first.admit()
    }
  }

  const waitForTurn = (signal: AbortSignal): Promise<'admitted' | 'timeout' | 'cancelled'> =>
    new Promise((resolve) => {
      const settle = (how: 'admitted' | 'timeout' | 'cancelled'): void => {
        queue.delete(waiter)
        timer.cancel()
        signal.removeEventListener('abort', cancel)
        resolve(how)
      }
      const waiter: Waiter = { admit: () => settle('admitted') }
      const cancel = (): void => settle('cancelled')
      const timer = clock.at(clock.monotonicMs() + limits.queueTimeoutMs, () => settle('timeout'))
      signal.addEventListener('abort', cancel, { once: true })
      queue.add(waiter)
    })

  const stage: Stage = async ({ signal }, next) => {
    if (signal.aborted) return { kind: 'cancelled' }
    if (running < limits.maxConcurrent) running += 1
    else {
      if (queue.size >= limits.maxQueued) return overloaded(limits)
      const how = await waitForTurn(signal)
      if (how === 'timeout') return waitedTooLong(limits)
      if (how === 'cancelled') return { kind: 'cancelled' }
    }
    try {
      return await next()
    } finally {
      admitNext()
    }
  }
  return { stage, running: () => running, queued: () => queue.size }
}

function overloaded({ maxConcurrent, maxQueued }: ConcurrencyLimits): CallOutcome {
  const message = `The server is busy: ${maxConcurrent} calls run and ${maxQueued} wait, which is all it takes.`
  return { kind: 'refused', status: 429, retryAfterMs, error: new CodedError(mcpServerErrors.MCP_OVERLOADED, { message }) }
}

function waitedTooLong({ queueTimeoutMs }: ConcurrencyLimits): CallOutcome {
  const message = `The call waited ${queueTimeoutMs / 1000} s for its turn and never started.`
  return { kind: 'refused', status: 429, retryAfterMs, error: new CodedError(mcpServerErrors.MCP_QUEUE_TIMEOUT, { message }) }
}
