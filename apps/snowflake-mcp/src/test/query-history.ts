// Reads what the embedded Snowflake says of statements, over a connection of its own, for tests.
import { connectSnowflake, type SnowflakeConnection, type SnowflakeOptions } from '@squall/snowflake'
import { vi } from 'vitest'

export interface QueryHistory {
  /** Waits until the newest statement with this word in it is in one of these states; gives back its state and error code. */
  until(mark: string, ...states: readonly string[]): Promise<readonly [state: string, code: unknown]>
  close(): Promise<void>
}

export async function openQueryHistory(options: SnowflakeOptions): Promise<QueryHistory> {
  const connection: SnowflakeConnection = await connectSnowflake(options)
  const read = async (mark: string): Promise<readonly [string, unknown] | undefined> => {
    const sql = `SELECT EXECUTION_STATUS, ERROR_CODE FROM TABLE(TEST_DB.INFORMATION_SCHEMA.QUERY_HISTORY(RESULT_LIMIT => 1000))
      WHERE CONTAINS(QUERY_TEXT, ?) AND NOT CONTAINS(QUERY_TEXT, 'QUERY_HISTORY') ORDER BY START_TIME DESC LIMIT 1`
    const { rows } = await connection.run({ sql, binds: [mark], timeoutMs: 10_000, maxRows: 1 })
    // EXECUTION_STATUS is text.
    const [row] = rows
    return row && [row[0] as string, row[1]]
  }
  return {
    until: (mark, ...states) =>
      vi.waitFor(
        async () => {
          const found = await read(mark)
          if (found === undefined || !states.includes(found[0])) throw new Error(`${mark}: ${found?.join(' ') ?? 'not there'}`)
          return found
        },
        { timeout: 15_000, interval: 30 },
      ),
    close: () => connection.close(),
  }
}
