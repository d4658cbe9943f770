import type { PoolStats } from '@squall/pool'

export const healthStatuses = ['healthy', 'degraded', 'unhealthy', 'draining'] as const

/**
 * `healthy` serves as it should; `degraded` serves, but calls wait for sessions in Snowflake, or the last one could not reach it;
 * `unhealthy` cannot serve, as Snowflake is out of reach; `draining` takes no new calls.
 */
export type HealthStatus = (typeof healthStatuses)[number]

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
}

export interface Health {
  readonly status: () => HealthStatus
  /** Notes whether Snowflake could be reached; `undefined` says nothing about it. */
  readonly contact: (reached: boolean | undefined) => void
}

/** This many calls in a row that could not reach Snowflake, and the server says so. */
const unhealthyAfter = 3

/** Judges the server by its backend's state and by what the last calls met. */
export function createHealth({ backend, pool, isDraining }: HealthSources): Health {
  let unreachedInARow = 0
  return {
    contact(reached) {
      if (reached !== undefined) unreachedInARow = reached ? 0 : unreachedInARow + 1
    },
    status() {
      if (isDraining()) return 'draining'
      if (backend.state() !== 'up' || unreachedInARow >= unhealthyAfter) return 'unhealthy'
      return unreachedInARow > 0 || pool().waiting > pool().max ? 'degraded' : 'healthy'
    },
  }
}
