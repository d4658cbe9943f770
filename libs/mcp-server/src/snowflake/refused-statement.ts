import { SnowflakeQueryError } from '@squall/snowflake'

/** What Snowflake said of a statement it did not run, with the statement as it was sent: a place in it can be shown. */
export class RefusedStatement extends SnowflakeQueryError {
  readonly sql: string
  override readonly hint: string

  /** @param hint how to mend it, where more is known than what Snowflake said. */
  constructor(failure: SnowflakeQueryError, sql: string, hint = failure.hint) {
    const { snowflakeCode, message, sqlState, queryId, line, position, cause } = failure
    super({
      snowflakeCode,
      message,
      ...(sqlState !== undefined && { sqlState }),
      ...(queryId !== undefined && { queryId }),
      ...(line !== undefined && { line }),
      ...(position !== undefined && { position }),
      cause,
    })
    this.sql = sql
    this.hint = hint
  }
}
