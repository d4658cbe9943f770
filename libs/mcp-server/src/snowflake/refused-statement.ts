import { SnowflakeQueryError } from '@squall/snowflake'

/** What Snowflake said of a statement it did not run, with the statement as it was sent: a place in it can be shown. */
export class RefusedStatement extends SnowflakeQueryError {
  readonly sql: string

  constructor(failure: SnowflakeQueryError, sql: string) {
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
  }
}
