import type { Warehouses } from '../compute/warehouses.ts'
import type { QueryHistory } from '../history/query-history.ts'

/** The warehouse behind the wire: sessions that run Snowflake SQL. */
export interface WarehouseEngine {
  readonly warehouses: Warehouses
  readonly history: QueryHistory
  /**
   * Opens a session. As in Snowflake, a database, schema or warehouse that does not exist is left unset (null in the context).
   * Throws {@link SnowflakeError} 390189 for a role that does not exist, 001008 for a parameter with a value it cannot have.
   */
  openSession(init: SessionInit): Promise<EngineSession>
  /** Interrupts what runs, closes all sessions and lets go of the files. */
  close(): Promise<void>
}

/** What a client names when it signs in; names as Snowflake stores them, so upper case where the client did not quote them. */
export interface SessionInit {
  readonly user: string
  readonly role?: string
  readonly warehouse?: string
  readonly database?: string
  readonly schema?: string
  /** Session parameters by upper-case name, set as `ALTER SESSION` would; the session leaves out those it does not know. */
  readonly parameters?: ReadonlyMap<string, ParameterValue>
}

/** What unqualified names mean in a session, and on whose behalf it acts. */
export interface SessionContext {
  readonly database: string | null
  readonly schema: string | null
  readonly warehouse: string | null
  readonly role: string
  readonly user: string
}

export type ParameterValue = string | number | boolean

/** A value for `?` or `:1`, as drivers send it. */
export interface Bind {
  /** `FIXED`, `TEXT`, `REAL`, `BOOLEAN`, `DATE`, `TIME`, `TIMESTAMP_NTZ`, `TIMESTAMP_LTZ`, `TIMESTAMP_TZ`, `BINARY`, `VARIANT`. */
  readonly type: string
  /** In the text encoding of the wire; an array where the statement shall run once for each element. */
  readonly value: string | null | readonly (string | null)[]
}

/** One client's session: its context, parameters, variables, transaction and temporary objects. Statements run one after the other. */
export interface EngineSession {
  readonly context: SessionContext
  /** Session parameters by upper-case name. */
  readonly parameters: ReadonlyMap<string, ParameterValue>
  /**
   * Runs one statement, after those already given to this session. Throws {@link SnowflakeError}; an abort of the signal interrupts
   * the statement, which then throws 000604. The result's batches may be read while later statements run.
   */
  execute(sql: string, options: ExecuteOptions): Promise<StatementResult>
  /** Rolls back, drops the session's temporary objects and closes its connection. */
  close(): Promise<void>
}

export interface ExecuteOptions {
  readonly queryId: string
  readonly binds: readonly Bind[]
  readonly signal: AbortSignal
  /** Finds out the columns without running the statement. */
  readonly describeOnly: boolean
  /** Awaited while the statement holds its place in the warehouse, before it runs; what it throws is how the statement ends. */
  readonly beforeRun?: (signal: AbortSignal) => Promise<void>
}

export interface ResultColumn {
  readonly name: string
  /** Lower case, as on the wire: `fixed real text boolean date time timestamp_ntz timestamp_ltz timestamp_tz binary variant object array`. */
  readonly type: string
  readonly precision: number | null
  readonly scale: number | null
  readonly length: number | null
  readonly nullable: boolean
  readonly database: string
  readonly schema: string
  readonly table: string
}

/** A row of cells in Snowflake's wire text encoding. */
export type WireRow = readonly (string | null)[]

export interface StatementResult {
  /** Snowflake's number for the kind of statement: 0x1000 for SELECT, 0x3100 for INSERT, 0x6000 for DDL, … */
  readonly statementTypeId: number
  readonly columns: readonly ResultColumn[]
  readonly rowCount: number
  /** About a thousand rows each. May be read more than once. */
  readonly batches: () => Iterable<readonly WireRow[]>
}
