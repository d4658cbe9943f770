import type { Bind, Place, StatementResult } from '@squall/snowflake'

export interface ReadOptions {
  /** Where unqualified names are looked up, by the names Snowflake stores. Absent where the statement names everything in full. */
  readonly context?: Place
  /** Values for `?` in the statement. */
  readonly binds?: readonly Bind[]
  /** Rows at most; the server's own limit where absent. */
  readonly maxRows?: number
  /** How long the statement may take; never longer than the server's own limit. */
  readonly timeoutMs?: number | undefined
}

/** Which rows of an earlier result to read. */
export interface Page {
  readonly firstRow: number
  readonly maxRows: number
}

export type TransactionEnd = 'commit' | 'rollback'

/** A tool's way to Snowflake: one leased session, behind the read-only gate, for the time of one call. */
export interface Reader {
  /**
   * Asks the read-only gate alone.
   * @param context where the statement will look up unqualified names, as in `read`.
   * @throws CodedError MCP_NOT_READ_ONLY
   */
  check(sql: string, context?: Place): void
  /** Whether the gate would let a statement pass that names everything in full; it is not run, and counts as no refusal. */
  allows(sql: string): boolean
  /** Where the names of a statement are looked up that runs in this context: there, or where the session stands. */
  place(context: Place): Place
  /**
   * Runs one statement that only reads.
   * @throws CodedError MCP_NOT_READ_ONLY where the gate does not know it to be harmless, and all that a connection's `run` throws.
   */
  read(sql: string, options?: ReadOptions): Promise<StatementResult>
  /** Reads on in the result of a statement that passed the gate before, as Snowflake keeps it. The statement is not run again. */
  readOn(queryId: string, page: Page): Promise<StatementResult>
  /** Runs work between BEGIN and COMMIT or ROLLBACK. */
  inTransaction<T>(end: TransactionEnd, work: () => Promise<T>): Promise<T>
}

/** Lends a session to work that only reads. Work may run twice, where Snowflake lost the first session under it. */
export type WithReader = <T>(work: (reader: Reader) => Promise<T>) => Promise<T>
