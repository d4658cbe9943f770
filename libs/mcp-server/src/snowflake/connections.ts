import type { Lease, PoolStats } from '@squall/pool'
import type { FairClient } from '@squall/session'
import type { SnowflakeConnection } from '@squall/snowflake'

export interface AcquireConnection {
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs?: number
  /** For whom, so that each client has its turn. */
  readonly client?: FairClient
  /** Better than any other, where it is free. */
  readonly preferred?: SnowflakeConnection | undefined
}

/** Where sessions in Snowflake come from; `SessionPool` is one. */
export interface Connections {
  /** Waits for a session of one's own. Throws POOL_WAIT_TIMEOUT, POOL_QUEUE_FULL, POOL_DRAINING, or what opening one throws. */
  acquire(options: AcquireConnection): Promise<Lease<SnowflakeConnection>>
  stats(): PoolStats
}
