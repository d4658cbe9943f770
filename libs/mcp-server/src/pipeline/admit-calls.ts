import { CodedError } from '@squall/errors'
import {
  CallLimiter,
  FairTurnstile,
  type CallLimiterLimits,
  type LimitReached,
  type Pass,
  type Session,
  type TurnstileStats,
} from '@squall/session'
import type { Clock } from '@squall/time'
import { scopeOfTool } from '../access/tool-scopes.ts'
import { mcpServerErrors } from '../errors.ts'
import type { RequestContext } from '../request-context.ts'
import type { CallOutcome } from '../tool-result.ts'
import { shareOf } from './share-of.ts'
import type { SnowflakeBreakers } from './snowflake-breakers.ts'
import type { Stage } from './stage.ts'

export interface AdmissionLimits {
  /** Calls that run at once. */
  readonly maxConcurrent: number
  /** The same for one client, and for one principal; three quarters of all where absent. */
  readonly maxConcurrentPerClient?: number | undefined
  /** Calls that wait for their turn; more are turned away at once. */
  readonly maxQueued: number
  /** The same for one client, and for one principal; three quarters of all where absent. */
  readonly maxQueuedPerClient?: number | undefined
  /** How long a call may wait for its turn. */
  readonly queueTimeoutMs: number
  readonly rates: CallLimiterLimits
}

export interface AdmissionStats {
  readonly turnstile: TurnstileStats
  readonly limitsReached: Readonly<Record<LimitReached['limit'], number>>
  readonly breakerRefusals: number
}

export interface Admission {
  readonly stage: Stage
  readonly running: () => number
  readonly queued: () => number
  readonly stats: () => AdmissionStats
}

const shortestRetryMs = 1000
const longestRetryMs = 30_000

/**
 * Lets calls in: within the rates and quotas of their client and of all, while Snowflake answers, and so many at once; the others wait,
 * in fair order. A call that need not wait costs a few counters.
 */
export function createAdmission(clock: Clock, limits: AdmissionLimits, breakers: SnowflakeBreakers): Admission {
  const limiter = new CallLimiter(clock, limits.rates)
  const runningPerClient = limits.maxConcurrentPerClient ?? shareOf(limits.maxConcurrent)
  const waitingPerClient = limits.maxQueuedPerClient ?? shareOf(limits.maxQueued)
  const bounds = {
    running: limits.maxConcurrent,
    runningPerPrincipal: runningPerClient,
    runningPerClient,
    waiting: limits.maxQueued,
    waitingPerPrincipal: waitingPerClient,
    waitingPerClient,
  }
  const turnstile = new FairTurnstile(clock, () => bounds)

  const waitForTurn = async ({ signal }: RequestContext, { client }: Session): Promise<Pass | CallOutcome> => {
    const end = await turnstile.wait(client, { timeoutMs: limits.queueTimeoutMs, signal })
    if (end.kind === 'entered') return end.pass
    if (end.kind === 'aborted') return { kind: 'cancelled' }
    const retryAfterMs = Math.min(Math.max(turnstile.estimateWaitMs(), shortestRetryMs), longestRetryMs)
    if (end.kind === 'timeout') return waitedTooLong(limits.queueTimeoutMs, retryAfterMs)
    return overloaded(end.whose === 'client' ? `${waitingPerClient} calls of this client wait` : fullness(limits), retryAfterMs)
  }

  const stage: Stage = async (context, next) => {
    const { session, signal } = context
    if (signal.aborted) return { kind: 'cancelled' }
    if (session === undefined) throw new TypeError('a call is admitted as part of a session')
    const reached = limiter.admit(accountOf(session), scopeOfTool(context.tool) === 'read' ? 'read' : 'query')
    if (reached !== undefined) return limitReached(reached)
    if (breakers.refusal(session) !== undefined) return refusedByBreaker(breakers, session)
    const pass = turnstile.tryEnter(session.client) ?? (await waitForTurn(context, session))
    if ('kind' in pass) return pass
    try {
      // It may have opened while the call waited.
      if (!breakers.enter(context, session)) return refusedByBreaker(breakers, session)
      return await next()
    } finally {
      breakers.leave(context)
      turnstile.leave(pass)
    }
  }

  let breakerRefusals = 0
  const refusedByBreaker = (from: SnowflakeBreakers, session: Session): CallOutcome => {
    breakerRefusals += 1
    const retryAfterMs = from.refusal(session) ?? shortestRetryMs
    return { kind: 'refused', status: 503, retryAfterMs, error: CodedError.refusal(mcpServerErrors.MCP_SNOWFLAKE_UNAVAILABLE) }
  }

  return {
    stage,
    running: () => turnstile.running,
    queued: () => turnstile.waiting,
    stats: () => ({ turnstile: turnstile.stats(), limitsReached: { ...limiter.reachedTotal }, breakerRefusals }),
  }
}

/**
 * Whose limits a call counts against: its principal's, or, where everybody is the same principal, its session's. Without a session
 * too nobody can tell whose call it is, and only the limits of all hold.
 */
function accountOf({ id, isImplicit, facts: { owner } }: Session): string | undefined {
  if (!owner.isShared) return owner.account ?? owner.id
  return isImplicit ? undefined : id
}

const limitNames: Readonly<Record<LimitReached['limit'], string>> = {
  client_rate: 'Rate limit exceeded: this client sends more calls than it may.',
  client_quota: 'Quota exceeded: this client has used up its calls of this period.',
  total_rate: 'Rate limit exceeded: all clients together send more calls than the server takes.',
  total_quota: 'Quota exceeded: all clients together have used up the calls of this period.',
}

function limitReached({ limit, retryAfterMs }: LimitReached): CallOutcome {
  const definition = limit.endsWith('quota') ? mcpServerErrors.MCP_QUOTA_EXCEEDED : mcpServerErrors.MCP_RATE_LIMITED
  return { kind: 'refused', status: 429, retryAfterMs, error: CodedError.refusal(definition, { message: limitNames[limit] }) }
}

function fullness({ maxConcurrent, maxQueued }: AdmissionLimits): string {
  return `${maxConcurrent} calls run and ${maxQueued} wait`
}

function overloaded(what: string, retryAfterMs: number): CallOutcome {
  const message = `The server is busy: ${what}, which is all it takes.`
  return { kind: 'refused', status: 429, retryAfterMs, error: CodedError.refusal(mcpServerErrors.MCP_OVERLOADED, { message }) }
}

function waitedTooLong(queueTimeoutMs: number, retryAfterMs: number): CallOutcome {
  const message = `The call waited ${queueTimeoutMs / 1000} s for its turn and never started.`
  return { kind: 'refused', status: 429, retryAfterMs, error: CodedError.refusal(mcpServerErrors.MCP_QUEUE_TIMEOUT, { message }) }
}
