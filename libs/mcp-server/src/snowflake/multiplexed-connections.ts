import type { PoolStats } from '@squall/pool'
import { ConnectionMultiplexer, type FairClient, type MultiplexerStats } from '@squall/session'
import type { SnowflakeConnection } from '@squall/snowflake'
import type { Clock } from '@squall/time'
import { shareOf } from '../pipeline/share-of.ts'
import type { AcquireConnection, Connections } from './connections.ts'

export interface MultiplexingLimits {
  /** Sessions in Snowflake that one client, or one principal, may use at once; three quarters of the pool where absent. */
  readonly maxLeasesPerClient?: number | undefined
  /** Calls that wait for a session at most. */
  readonly maxConcurrent: number
  readonly acquireTimeoutMs: number
}

export interface MultiplexedConnections extends Connections {
  readonly multiplexer: () => MultiplexerStats
}

/** Whoever is served for nobody in particular. */
const nobody: FairClient = { id: '', principal: '', weight: 1, isShared: true }

/** Stands in front of the pool: calls wait for its sessions in fair order, and no client has all of them. */
export function multiplexConnections(connections: Connections, clock: Clock, limits: MultiplexingLimits): MultiplexedConnections {
  const { max } = connections.stats()
  const runningPerClient = limits.maxLeasesPerClient ?? shareOf(max)
  // Calls were let in already: the limit of calls in the server is the limit here.
  const waiting = limits.maxConcurrent
  const bounds = {
    running: max,
    runningPerPrincipal: runningPerClient,
    runningPerClient,
    waiting,
    waitingPerPrincipal: waiting,
    waitingPerClient: waiting,
  }
  const multiplexer = new ConnectionMultiplexer<SnowflakeConnection, AcquireConnection>({
    clock,
    limits: () => bounds,
    acquire: (connection, request) => connections.acquire({ ...request, ...connection }),
  })
  return {
    acquire(request) {
      const { client = nobody, signal, timeoutMs = limits.acquireTimeoutMs } = request
      return multiplexer.acquireForRequest(client, { signal, timeoutMs }, request)
    },
    stats: () => withWaits(connections.stats(), multiplexer.stats()),
    multiplexer: () => multiplexer.stats(),
  }
}

/** To who asks about the pool, a call that waits for its turn waits for a session. */
function withWaits(pool: PoolStats, { waiting, timeoutsTotal, abortsTotal, fullTotal, waitedMs }: MultiplexerStats): PoolStats {
  const { count, total, max } = pool.waitMs
  return {
    ...pool,
    waiting: pool.waiting + waiting,
    acquireTimeouts: pool.acquireTimeouts + timeoutsTotal,
    acquireAborts: pool.acquireAborts + abortsTotal,
    queueFull: pool.queueFull + fullTotal,
    waitMs: { count, total: total + waitedMs.total, max: Math.max(max, waitedMs.max) },
  }
}
