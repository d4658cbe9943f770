export interface SnowflakeErrorPlace {
  /** Counted from 1. */
  readonly line: number
  /** Counted from 0. */
  readonly position: number
}

/**
 * An error as Snowflake reports it to a client: a six-digit code, an SQL state, a text in Snowflake's words.
 * It is an answer, not a failure of the program, and so stands outside the catalogue of coded errors.
 */
export class SnowflakeError extends Error {
  override readonly name = 'SnowflakeError'
  /** `002003`, `001003`, … */
  readonly code: string
  readonly sqlState: string
  readonly line: number | undefined
  readonly position: number | undefined

  constructor(code: string, sqlState: string, message: string, place?: SnowflakeErrorPlace, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.sqlState = sqlState
    this.line = place?.line
    this.position = place?.position
  }
}
