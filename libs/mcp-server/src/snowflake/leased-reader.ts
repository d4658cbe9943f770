import type { Gate, GatePlace } from '@squall/sql-policy'
import {
  SnowflakeQueryError,
  type Place,
  type SnowflakeConnection,
  type Statement,
  type StatementResult,
} from '@squall/snowflake'
import { requireReadOnly } from './read-only-gate.ts'
import type { Page, Reader, ReadOptions, TransactionEnd } from './reader.ts'
import { RefusedStatement } from './refused-statement.ts'

/** What bounds each statement of a call. */
export interface StatementLimits {
  readonly queryTimeoutMs: number
  readonly maxRows: number
  readonly maxResultBytes: number
  readonly maxCellChars: number
}

export interface LeasedReaderOptions {
  readonly connection: SnowflakeConnection
  readonly checkReadOnly: Gate
  readonly limits: StatementLimits
  readonly requestId: string
  readonly signal: AbortSignal
  /** Told of a statement the gate did not let through. */
  readonly onRefused: (sql: string) => void
  /** Told of each statement that Snowflake answered. */
  readonly onStatement: (queryId: string) => void
}

/** Reads through one session. The statements it makes itself (BEGIN, COMMIT, ROLLBACK) are fixed texts. */
export class LeasedReader implements Reader {
  readonly #options: LeasedReaderOptions

  constructor(options: LeasedReaderOptions) {
    this.#options = options
  }

  check(sql: string, context?: Place): void {
    requireReadOnly(this.#options.checkReadOnly(sql, this.#placeOf(context)), sql, this.#options.onRefused)
  }

  allows(sql: string): boolean {
    return this.#options.checkReadOnly(sql, {}).allowed
  }

  place(context: Place): Place {
    const { database, schema } = this.#placeOf(context)
    return { database: database ?? undefined, schema: schema ?? undefined }
  }

  async read(sql: string, { maxRows, context, binds, timeoutMs = Infinity }: ReadOptions = {}): Promise<StatementResult> {
    this.check(sql, context)
    return this.#run({
      sql,
      ...this.#bounds(maxRows),
      timeoutMs: Math.min(timeoutMs, this.#options.limits.queryTimeoutMs),
      ...(context !== undefined && { context }),
      ...(binds !== undefined && { binds }),
    })
  }

  readOn(queryId: string, { firstRow, maxRows }: Page): Promise<StatementResult> {
    return this.#run({ sql: '', resultOf: queryId, firstRow, ...this.#bounds(maxRows) })
  }

  async inTransaction<T>(end: TransactionEnd, work: () => Promise<T>): Promise<T> {
    await this.#run({ sql: 'BEGIN' })
    // Where the work fails the transaction stays open, and the pool closes or cleans a session with an open transaction.
    const result = await work()
    await this.#run({ sql: end === 'commit' ? 'COMMIT' : 'ROLLBACK' })
    return result
  }

  /** Where the names of a statement will be looked up. Whoever asks for a database without a schema gets its PUBLIC one. */
  #placeOf(context: Place | undefined): GatePlace {
    if (context === undefined) return {}
    const home = this.#options.connection.context()
    const { database = home.database, schema = context.database === undefined ? home.schema : 'PUBLIC' } = context
    return { database, schema }
  }

  #bounds(maxRows: number | undefined): Pick<Statement, 'maxRows' | 'maxBytes' | 'maxCellChars'> {
    const { maxRows: mostRows, maxResultBytes: maxBytes, maxCellChars } = this.#options.limits
    return { maxRows: Math.min(maxRows ?? mostRows, mostRows), maxBytes, maxCellChars }
  }

  async #run(statement: Pick<Statement, 'sql'> & Partial<Statement>): Promise<StatementResult> {
    const { connection, limits, requestId, signal, onStatement } = this.#options
    const defaults = { context: 'anywhere', timeoutMs: limits.queryTimeoutMs, maxRows: 1 } as const
    try {
      const result = await connection.run({ ...defaults, queryTag: requestId, signal, ...statement })
      onStatement(result.queryId)
      return result
    } catch (error) {
      throw error instanceof SnowflakeQueryError ? new RefusedStatement(error, statement.sql) : error
    }
  }
}
