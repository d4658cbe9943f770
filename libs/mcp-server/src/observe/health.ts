import type { PoolStats } from '@squall/pool'
import type { BreakerStats } from '../pipeline/snowflake-breakers.ts'

export const healthStatuses = ['healthy', 'degraded', 'unhealthy', 'draining'] as const

/**
 * `healthy` serves as it should; `degraded` serves, but something is wrong; `unhealthy` cannot serve; `draining` takes no new calls.
 * The reasons say what is wrong.
 */
export type HealthStatus = (typeof healthStatuses)[number]

/** Something that is wrong, and how bad that is. */
export interface HealthReason {
  /** For programs: `snowflake_unreachable`. */
  readonly code: string
  readonly status: Exclude<HealthStatus, 'healthy'>
  /** For people. */
  readonly message: string
}

/** Looks at one thing; undefined where it is well. */
export type HealthCheck = () => HealthReason | undefined

/** What serves as Snowflake. */
export interface Backend {
  readonly kind: 'embedded' | 'account'
  /** The account identifier; `LOCAL` for the embedded Snowflake. */
  readonly account: string
  /** Whether it is known to be down; a plain account is known only by what calls meet. */
  readonly state: () => 'up' | 'restarting' | 'down'
  /** Said for people: why it is down, or what it is. */
  readonly detail: () => string
}

export interface HealthSources {
  readonly backend: Backend
  readonly pool: () => PoolStats
  readonly isDraining: () => boolean
  /** Further things to look at. */
  readonly checks?: readonly HealthCheck[]
}

export interface Health {
  readonly status: () => HealthStatus
  /** Everything that is wrong now; empty where the server is healthy. */
  readonly reasons: () => readonly HealthReason[]
  /** Notes whether Snowflake could be reached; `undefined` says nothing about it. */
  readonly contact: (reached: boolean | undefined) => void
}

/** This many calls in a row that could not reach Snowflake, and the server says so. */
const unhealthyAfter = 3

/** Judges the server by its backend's state, by what the last calls met, and by further checks. */
export function createHealth({ backend, pool, isDraining, checks = [] }: HealthSources): Health {
  let unreachedInARow = 0
  const all: readonly HealthCheck[] = [
    () => (isDraining() ? { code: 'draining', status: 'draining', message: 'The server is stopping.' } : undefined),
    () => checkBackend(backend),
    () => checkContact(unreachedInARow),
    () => checkPool(pool()),
    ...checks,
  ]
  const reasons = (): readonly HealthReason[] => all.flatMap((check) => check() ?? [])
  return {
    reasons,
    contact(reached) {
      if (reached !== undefined) unreachedInARow = reached ? 0 : unreachedInARow + 1
    },
    status() {
      const found = new Set(reasons().map(({ status }) => status))
      return healthStatuses.findLast((status) => status !== 'healthy' && found.has(status)) ?? 'healthy'
    },
  }
}

function checkBackend({ state, detail }: Backend): HealthReason | undefined {
  if (state() === 'up') return undefined
  return { code: 'snowflake_down', status: 'unhealthy', message: `Snowflake is ${state()}: ${detail()}.` }
}

function checkContact(unreachedInARow: number): HealthReason | undefined {
  if (unreachedInARow === 0) return undefined
  return {
    code: 'snowflake_unreachable',
    status: unreachedInARow >= unhealthyAfter ? 'unhealthy' : 'degraded',
    message: `The last ${unreachedInARow === 1 ? 'call' : `${unreachedInARow} calls`} could not reach Snowflake.`,
  }
}

/** While it is open calls are refused at once; it lets one through to try as soon as its time is over. */
export function checkBreaker({ state, openedTotal }: Pick<BreakerStats, 'state' | 'openedTotal'>): HealthReason | undefined {
  if (state === 'closed') return undefined
  const message = `Calls are kept from Snowflake, which did not answer: the breaker is ${state}, opened ${openedTotal} times so far.`
  return { code: 'breaker_open', status: 'degraded', message }
}

function checkPool({ waiting, max }: PoolStats): HealthReason | undefined {
  if (waiting <= max) return undefined
  const message = `${waiting} calls wait for one of ${max} sessions in Snowflake.`
  return { code: 'pool_exhausted', status: 'degraded', message }
}
