import type { SessionContext, Statement, StatementResult } from './statement.ts'

/**
 * One session in Snowflake. Runs one statement at a time.
 *
 * **Clean or not.** `reset` answers whether the next user finds the session as it was born, and what that rests on is:
 * - Queries, SHOW, DESCRIBE and EXPLAIN leave nothing behind, by their text (`statementEffect`). They cost no round trip.
 * - Where the session stands (database, schema) Snowflake tells with each reply. A session that moved goes back before the next
 *   statement that needs it, so a reset costs nothing, and users who work in the same place never pay for moving.
 *   One that was born without a database cannot go back: there a statement that names no place is SNOWFLAKE_SESSION_LOST.
 * - A transaction that `BEGIN` opened is rolled back by `reset`.
 * - Role and warehouse must be those of birth in every reply.
 * - After anything else, or when a statement may still be running, nothing is proven and `reset` says no.
 * - Snowflake itself keeps the last result of a session, and nothing clears it: a statement that asks for it by LAST_QUERY_ID is
 *   refused once the session had another user. A result can always be read by its own query id, which nobody can guess.
 */
export interface SnowflakeConnection {
  /**
   * Runs one statement to its end, its limits or its cancellation.
   * @throws CodedError SNOWFLAKE_QUERY_FAILED (a `SnowflakeQueryError`), SNOWFLAKE_QUERY_TIMEOUT, SNOWFLAKE_QUERY_CANCELLED,
   *   SNOWFLAKE_SESSION_LOST, SNOWFLAKE_UNREACHABLE, SNOWFLAKE_BAD_VALUE, SNOWFLAKE_FILES_REFUSED,
   *   SNOWFLAKE_LAST_RESULT_REFUSED.
   */
  run(statement: Statement): Promise<StatementResult>
  /** Where the next statement runs that does not say otherwise. */
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
