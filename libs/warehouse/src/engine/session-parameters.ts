import type { Token } from '@squall/snowflake-sql'
import type { ParameterValue } from './engine.ts'
import { SnowflakeError } from './snowflake-error.ts'
import { placeOf } from './snowflake-errors.ts'

/** Session parameters and their defaults. Most only travel to the client and back; TIMEZONE and STATEMENT_TIMEOUT_IN_SECONDS act. */
export const defaultParameters: Readonly<Record<string, ParameterValue>> = {
  AUTOCOMMIT: true,
  BINARY_OUTPUT_FORMAT: 'HEX',
  CLIENT_SESSION_KEEP_ALIVE: false,
  CLIENT_SESSION_KEEP_ALIVE_HEARTBEAT_FREQUENCY: 3_600,
  // Larger array binds would be uploaded to a stage, and there are no stages here.
  CLIENT_STAGE_ARRAY_BINDING_THRESHOLD: 1_000_000_000,
  CLIENT_TELEMETRY_ENABLED: false,
  DATE_OUTPUT_FORMAT: 'YYYY-MM-DD',
  ERROR_ON_NONDETERMINISTIC_MERGE: true,
  JSON_INDENT: 2,
  JS_TREAT_INTEGER_AS_BIGINT: false,
  LOCK_TIMEOUT: 43_200,
  MULTI_STATEMENT_COUNT: 1,
  QUERY_CONTEXT_CACHE_SIZE: 5,
  QUERY_TAG: '',
  QUOTED_IDENTIFIERS_IGNORE_CASE: false,
  ROWS_PER_RESULTSET: 0,
  STATEMENT_QUEUED_TIMEOUT_IN_SECONDS: 0,
  STATEMENT_TIMEOUT_IN_SECONDS: 172_800,
  STRICT_JSON_OUTPUT: false,
  TIMESTAMP_DAY_IS_ALWAYS_24H: false,
  TIMESTAMP_INPUT_FORMAT: 'AUTO',
  TIMESTAMP_LTZ_OUTPUT_FORMAT: '',
  TIMESTAMP_NTZ_OUTPUT_FORMAT: 'YYYY-MM-DD HH24:MI:SS.FF3',
  TIMESTAMP_OUTPUT_FORMAT: 'YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM',
  TIMESTAMP_TYPE_MAPPING: 'TIMESTAMP_NTZ',
  TIMESTAMP_TZ_OUTPUT_FORMAT: '',
  TIMEZONE: 'Etc/UTC',
  TIME_OUTPUT_FORMAT: 'HH24:MI:SS',
  TRANSACTION_ABORT_ON_ERROR: false,
  TRANSACTION_DEFAULT_ISOLATION_LEVEL: 'READ COMMITTED',
  USE_CACHED_RESULT: true,
  WEEK_OF_YEAR_POLICY: 0,
  WEEK_START: 0,
}

/**
 * Turns a parameter's text into the type of its default.
 * Throws 001006 for a parameter nobody knows, 001008 for a value of the wrong type.
 */
export function parseParameter(name: string, text: string, token?: Token): ParameterValue {
  const known = defaultParameters[name]
  const invalid = (code: string, message: string): SnowflakeError =>
    new SnowflakeError(code, '22023', `SQL compilation error:\n${message}`, placeOf(token))
  if (known === undefined) throw invalid('001006', `invalid parameter '${name}'`)
  if (typeof known === 'string') return text
  if (typeof known === 'boolean' && /^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true'
  if (typeof known === 'number' && /^\d+$/.test(text)) return Number(text)
  throw invalid('001008', `invalid value [${text}] for parameter '${name}'`)
}
