import type { Cell } from './cell.ts'

export type Bind = string | number | boolean | null

/** One statement to run, and its limits. */
export interface Statement {
  readonly sql: string
  /** Values for `?` or `:1` in the text. */
  readonly binds?: readonly Bind[]
  /**
   * Where unqualified names are looked up, by the names Snowflake stores; a schema alone is one of the session's own database.
   * The session goes there first unless it stands there already, and runs the next statement where it stood before. A statement
   * that runs alike `anywhere`, as all its names are whole, never moves the session.
   */
  readonly context?: Place | 'anywhere'
  /** Seen in Snowflake's query history. */
  readonly queryTag?: string
  /** The statement is cancelled in Snowflake when it, reading its rows included, takes longer. */
  readonly timeoutMs: number
  /** Rows given back at most. */
  readonly maxRows: number
  /**
   * The query id of an earlier statement of the same user, in whatever session: its result is read again as Snowflake keeps it, and
   * `sql` is not run. Snowflake keeps results for a day; then, or where it never had it, this is SNOWFLAKE_QUERY_FAILED.
   */
  readonly resultOf?: string
  /** The first row given back, from 0, by default; those before it are not fetched. */
  readonly firstRow?: number
  /** Characters of one cell given back at most; longer text, and JSON longer as text, is cut and ends in an ellipsis. */
  readonly maxCellChars?: number
  /** Size of the rows as JSON text in bytes, at most; a row that would pass it is left out, with all after it. */
  readonly maxBytes?: number
  /** Cancels the statement in Snowflake. */
  readonly signal?: AbortSignal
}

export interface Place {
  readonly database?: string | undefined
  readonly schema?: string | undefined
}

export interface Column {
  readonly name: string
  /** As Snowflake writes it: `NUMBER(38,0)`, `TEXT(16777216)`, `TIMESTAMP_NTZ(9)`. */
  readonly type: string
  readonly nullable: boolean
}

export interface StatementResult {
  readonly queryId: string
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
  /** Exact: true when and only when Snowflake had more rows behind these. */
  readonly truncated: boolean
  /** How many cells were cut; absent where none was. */
  readonly cutCells?: number
  /** Where the session stands after the statement. */
  readonly context: SessionContext
}

export interface SessionContext {
  readonly database: string | null
  readonly schema: string | null
  readonly role: string | null
  readonly warehouse: string | null
}
