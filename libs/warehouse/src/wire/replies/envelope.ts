import type { SnowflakeError } from '../../engine/snowflake-error.ts'

/** What every reply of the protocol is wrapped in; always sent with HTTP status 200. */
export interface Envelope<Data = unknown> {
  readonly success: boolean
  readonly code: string | null
  readonly message: string | null
  readonly data: Data
}

export function toSuccess<Data>(data: Data): Envelope<Data> {
  return { success: true, code: null, message: null, data }
}

/** @param queryId of the statement that failed, where it was one. */
export function toFailure(error: SnowflakeError, queryId?: string): Envelope {
  const { code, message, sqlState, line, position } = error
  const place = line === undefined ? {} : { line, pos: position }
  const data = { errorCode: code, sqlState, queryId, internalError: false, type: 'COMPILATION', age: 0, ...place }
  return { success: false, code, message, data }
}
