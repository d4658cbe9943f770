import type { DuckDBConnection, DuckDBMaterializedResult } from '@duckdb/node-api'
import type { Clock } from '@squall/time'
import { canceled } from './snowflake-errors.ts'

/** Runs DuckDB SQL to its end, or interrupts it when the signal aborts, which throws 000604. */
export async function runDuckDb(
  connection: DuckDBConnection,
  sql: string,
  signal: AbortSignal,
  clock: Clock,
): Promise<DuckDBMaterializedResult> {
  if (signal.aborted) throw canceled(signal.reason)
  const interruption = interruptOnAbort(connection, signal, clock)
  try {
    const result = await connection.run(sql)
    if (signal.aborted) throw canceled(signal.reason)
    return result
  } catch (error) {
    throw signal.aborted ? canceled(error) : error
  } finally {
    interruption.stop()
  }
}

const repeatAfterMs = 20

/** An interrupt that comes between two phases of a statement is lost in DuckDB, so it is repeated until the statement has ended. */
function interruptOnAbort(connection: DuckDBConnection, signal: AbortSignal, clock: Clock): { stop(): void } {
  let timer: { cancel(): void } | undefined
  const interrupt = (): void => {
    connection.interrupt()
    timer = clock.at(clock.monotonicMs() + repeatAfterMs, interrupt)
  }
  signal.addEventListener('abort', interrupt, { once: true })
  return {
    stop: () => {
      signal.removeEventListener('abort', interrupt)
      timer?.cancel()
    },
  }
}
