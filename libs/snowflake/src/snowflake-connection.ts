import type { SessionContext, Statement, StatementResult } from './statement.ts'

/** One session in Snowflake. Runs one statement at a time. */
export interface SnowflakeConnection {
  /**
   * Runs one statement to its end, its limits or its cancellation.
   * @throws CodedError SNOWFLAKE_QUERY_FAILED (a `SnowflakeQueryError`), SNOWFLAKE_QUERY_TIMEOUT, SNOWFLAKE_QUERY_CANCELLED,
   *   SNOWFLAKE_SESSION_LOST, SNOWFLAKE_UNREACHABLE, SNOWFLAKE_BAD_VALUE.
   */
  run(statement: Statement): Promise<StatementResult>
  /** Database, schema, role and warehouse as the session stands. */
  context(): SessionContext
  /** Whether the session is believed alive; costs nothing and may be out of date. */
  isUp(): boolean
  /** Asks Snowflake whether the session is alive. Never throws; bounded in time. */
  heartbeat(): Promise<boolean>
  /** Brings the session back to how it was born; false where that cannot be proven. Never throws. */
  reset(): Promise<boolean>
  /** Ends the session in Snowflake. Never throws; bounded in time. */
  close(): Promise<void>
}
