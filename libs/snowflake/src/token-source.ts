import { readFileSync } from 'node:fs'
import { CodedError } from '@squall/errors'
import { snowflakeErrors } from './errors.ts'
import type { TokenSource } from './snowflake-options.ts'

/**
 * The token that is valid now.
 * @throws CodedError SNOWFLAKE_SIGN_IN_FAILED where its file is gone or empty.
 */
export function readToken(source: TokenSource): string {
  if (typeof source === 'string') return source
  try {
    const token = readFileSync(source.path, 'utf8').trim()
    if (token !== '') return token
    throw new Error('the file is empty')
  } catch (cause) {
    const message = `no token could be read from ${source.path}: ${(cause as Error).message}`
    throw new CodedError(snowflakeErrors.SNOWFLAKE_SIGN_IN_FAILED, { message })
  }
}
