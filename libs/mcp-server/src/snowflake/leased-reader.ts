import { CodedError } from '@squall/errors'
import type { Gate, GatePlace, Verdict } from '@squall/sql-policy'
import type { Place, SnowflakeConnection, Statement, StatementResult } from '@squall/snowflake'
import { mcpServerErrors } from '../errors.ts'
import type { Reader, ReadOptions, TransactionEnd } from './reader.ts'

/** What bounds each statement of a call. */
export interface StatementLimits {
  readonly queryTimeoutMs: number
  readonly maxRows: number
  readonly maxResultBytes: number
}

export interface LeasedReaderOptions {
  readonly connection: SnowflakeConnection
  readonly checkReadOnly: Gate
  readonly limits: StatementLimits
  readonly requestId: string
  readonly signal: AbortSignal
  /** Told of a statement the gate did not let through. */
  readonly onRefused: (sql: string) => void
}

/** Reads through one session. The statements it makes itself (BEGIN, COMMIT, ROLLBACK) are fixed texts. */
export class LeasedReader implements Reader {
  readonly #options: LeasedReaderOptions

  constructor(options: LeasedReaderOptions) {
    this.#options = options
  }

  check(sql: string, context?: Place): void {
    const verdict = this.#options.checkReadOnly(sql, this.#placeOf(context))
    if (verdict.allowed) return
    this.#options.onRefused(sql)
    throw notReadOnly(verdict)
  }

  async read(sql: string, { maxRows, context }: ReadOptions = {}): Promise<StatementResult> {
    this.check(sql, context)
    const { maxRows: mostRows, maxResultBytes } = this.#options.limits
    const limits = { maxRows: Math.min(maxRows ?? mostRows, mostRows), maxBytes: maxResultBytes }
    return this.#run({ sql, ...limits, ...(context !== undefined && { context }) })
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

  #run(statement: Pick<Statement, 'sql'> & Partial<Statement>): Promise<StatementResult> {
    const { connection, limits, requestId, signal } = this.#options
    const defaults = { context: 'anywhere', timeoutMs: limits.queryTimeoutMs, maxRows: 1 } as const
    return connection.run({ ...defaults, queryTag: requestId, signal, ...statement })
  }
}

function notReadOnly({ reason, hint, position }: Extract<Verdict, { allowed: false }>): CodedError {
  const where = position === undefined ? '' : ` (at character ${position + 1} of the query)`
  return new CodedError(mcpServerErrors.MCP_NOT_READ_ONLY, {
    message: `Only SELECT/WITH/SHOW/DESCRIBE/EXPLAIN queries are allowed. ${reason}${where}`,
    hint,
  })
}
