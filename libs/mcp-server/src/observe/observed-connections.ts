import { CodedError } from '@squall/errors'
import type { Lease } from '@squall/pool'
import type { SnowflakeConnection, Statement, StatementResult } from '@squall/snowflake'
import type { Clock } from '@squall/time'
import { currentContext, type RequestContext } from '../request-context.ts'
import type { Connections } from '../snowflake/connections.ts'
import type { PoolWait, StatementRecord } from './call-record.ts'

/** Told of everything that happens between the server and Snowflake. */
export interface ConnectionWatcher {
  waited(wait: PoolWait): void
  ran(statement: StatementRecord): void
  held(durationMs: number): void
  /** A statement ended after the call it was for had. */
  readonly ranLate?: ((context: RequestContext, statement: StatementRecord) => void) | undefined
}

/**
 * Stands in front of the pool, and notes every wait and every statement: for the watcher, and in the record of the call it was for.
 * Whatever runs a statement for a call goes through here, so nothing runs unseen.
 */
export function observeConnections(connections: Connections, clock: Clock, watcher: ConnectionWatcher): Connections {
  return {
    stats: () => connections.stats(),
    async acquire(options) {
      const startedMs = clock.monotonicMs()
      try {
        return observeLease(await connections.acquire(options), clock, watcher)
      } finally {
        const wait = { startedMs, durationMs: clock.monotonicMs() - startedMs }
        currentContext()?.record.waitedForSession(wait)
        watcher.waited(wait)
      }
    },
  }
}

function observeLease(lease: Lease<SnowflakeConnection>, clock: Clock, watcher: ConnectionWatcher): Lease<SnowflakeConnection> {
  const sinceMs = clock.monotonicMs()
  const end = (how: () => Promise<void>): Promise<void> => {
    watcher.held(clock.monotonicMs() - sinceMs)
    return how()
  }
  const release = (): Promise<void> => end(() => lease.release())
  return {
    resource: observeConnection(lease.resource, clock, watcher),
    release,
    discard: () => end(() => lease.discard()),
    [Symbol.asyncDispose]: release,
  }
}

function observeConnection(connection: SnowflakeConnection, clock: Clock, watcher: ConnectionWatcher): SnowflakeConnection {
  return {
    run: (statement) => observeRun(connection, statement, clock, watcher),
    context: () => connection.context(),
    isUp: () => connection.isUp(),
    heartbeat: () => connection.heartbeat(),
    reset: () => connection.reset(),
    close: () => connection.close(),
  }
}

async function observeRun(
  connection: SnowflakeConnection,
  statement: Statement,
  clock: Clock,
  watcher: ConnectionWatcher,
): Promise<StatementResult> {
  const startedMs = clock.monotonicMs()
  const note = (end: Pick<StatementRecord, 'outcome' | 'code' | 'queryId' | 'rows'>): void => {
    const record = { sql: statement.sql, startedMs, durationMs: clock.monotonicMs() - startedMs, ...end }
    const context = currentContext()
    if (context?.record.hasEnded === true) watcher.ranLate?.(context, record)
    else context?.record.ranStatement(record)
    watcher.ran(record)
  }
  try {
    const result = await connection.run(statement)
    note({ outcome: 'ok', queryId: result.queryId, rows: result.rows.length })
    return result
  } catch (error) {
    note({ outcome: 'failed', code: error instanceof CodedError ? error.code : undefined, queryId: queryIdOf(error) })
    throw error
  }
}

function queryIdOf(error: unknown): string | undefined {
  const id = error instanceof CodedError && 'queryId' in error ? error.queryId : undefined
  return typeof id === 'string' ? id : undefined
}
