import { CodedError } from '@squall/errors'
import { snowflakeErrors } from './errors.ts'

/** What Snowflake said of a statement it did not run. */
export interface QueryFailure {
  /** Snowflake's own error number, six digits: `002003`. */
  readonly snowflakeCode: string
  /** Five characters of the SQL standard: `42S02`. */
  readonly sqlState?: string
  readonly message: string
  readonly queryId?: string
  /** Line in the statement as it was sent, from 1. */
  readonly line?: number
  /** Characters from the start of that line, from 0. */
  readonly position?: number
  readonly cause?: unknown
}

/** SNOWFLAKE_QUERY_FAILED, with what Snowflake said: what a model needs to mend its statement. */
export class SnowflakeQueryError extends CodedError {
  readonly snowflakeCode: string
  readonly sqlState: string | undefined
  readonly queryId: string | undefined
  readonly line: number | undefined
  readonly position: number | undefined

  constructor(failure: QueryFailure) {
    super(snowflakeErrors.SNOWFLAKE_QUERY_FAILED, { message: failure.message, cause: failure.cause })
    this.snowflakeCode = failure.snowflakeCode
    this.sqlState = failure.sqlState
    this.queryId = failure.queryId
    this.line = failure.line
    this.position = failure.position
  }
}
