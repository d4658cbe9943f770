import type { Lease, PoolStats } from '@squall/pool'
import type { SnowflakeConnection } from '@squall/snowflake'

/** Where sessions in Snowflake come from; `SessionPool` is one. */
export interface Connections {
  /** Waits for a session of one's own. Throws POOL_WAIT_TIMEOUT, POOL_QUEUE_FULL, POOL_DRAINING, or what opening one throws. */
  acquire(options: { readonly signal?: AbortSignal; readonly timeoutMs?: number }): Promise<Lease<SnowflakeConnection>>
  stats(): PoolStats
}
