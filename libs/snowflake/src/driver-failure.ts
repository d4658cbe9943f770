import { CodedError } from '@squall/errors'
import type { ErrorDefinition } from '@squall/errors'
import { snowflakeErrors } from './errors.ts'
import { SnowflakeQueryError } from './query-error.ts'

/** What the driver's errors carry, all of it optional and of uncertain type. */
interface DriverFailure {
  readonly name: string
  readonly message: string
  readonly code: string
  readonly sqlState: string | undefined
  readonly data: Readonly<Record<string, unknown>>
}

/** Tokens expired or invalid, sessions gone, and the driver's own word that it is not signed in. */
const lostSessionCodes = new Set(['390104', '390111', '390112', '390114', '390195', '390303', '390318', '407001', '407002'])
const cancelledCode = '000604'
const timeoutCode = '000630'
/** Node's own codes of connections that did not come about. */
const networkCode = /^(?:ECONN|ENET|EHOST|ENOTFOUND|EAI_|ETIMEDOUT|EPIPE|CERT_|DEPTH_|UNABLE_TO_)/
const networkFailures = new Set(['NetworkError', 'RequestFailedError', 'LargeResultSetError'])

/** Why signing in failed, in our own words and codes. */
export function signInFailure(error: unknown): CodedError {
  const failure = readFailure(error)
  const definition =
    networkFailures.has(failure.name) || networkCode.test(failure.code)
      ? snowflakeErrors.SNOWFLAKE_UNREACHABLE
      : failure.name === 'MissingParameterError' || failure.name === 'InvalidParameterError'
        ? snowflakeErrors.SNOWFLAKE_BAD_OPTIONS
        : snowflakeErrors.SNOWFLAKE_SIGN_IN_FAILED
  return coded(definition, failure)
}

/** Why a statement failed, in our own words and codes. */
export function statementFailure(error: unknown): CodedError {
  if (error instanceof CodedError) return error
  const failure = readFailure(error)
  if (lostSessionCodes.has(failure.code)) return coded(snowflakeErrors.SNOWFLAKE_SESSION_LOST, failure)
  if (networkFailures.has(failure.name)) return coded(snowflakeErrors.SNOWFLAKE_UNREACHABLE, failure)
  if (failure.code === cancelledCode) return coded(snowflakeErrors.SNOWFLAKE_QUERY_CANCELLED, failure)
  if (failure.code === timeoutCode) return coded(snowflakeErrors.SNOWFLAKE_QUERY_TIMEOUT, failure)
  return failure.name === 'OperationFailedError' ? queryFailure(failure) : coded(snowflakeErrors.SNOWFLAKE_BAD_VALUE, failure)
}

function queryFailure({ code, sqlState, message, data, ...rest }: DriverFailure): SnowflakeQueryError {
  const { queryId, line, pos } = data
  return new SnowflakeQueryError({
    snowflakeCode: code,
    message,
    ...(sqlState !== undefined && { sqlState }),
    ...(typeof queryId === 'string' && { queryId }),
    ...(isPlace(line) && { line }),
    ...(isPlace(pos) && { position: pos }),
    cause: bareCause({ code, sqlState, message, data, ...rest }),
  })
}

/** Snowflake sends -1 for a place it does not know. */
function isPlace(value: unknown): value is number {
  return typeof value === 'number' && value >= 0
}

function coded(definition: ErrorDefinition, failure: DriverFailure): CodedError {
  const code = failure.code === '' ? '' : ` (${failure.code})`
  return new CodedError(definition, { message: `${failure.message}${code}`, cause: bareCause(failure) })
}

/** The driver's error object holds the request with its tokens; only what is safe to log goes on. */
function bareCause({ name, message, code }: DriverFailure): Error {
  return Object.assign(new Error(message), { name, code })
}

function readFailure(error: unknown): DriverFailure {
  const { name, message, code, sqlState, data } = toRecord(error)
  return {
    name: typeof name === 'string' ? name : 'Error',
    message: typeof message === 'string' && message !== '' ? message : 'the driver gave no reason',
    code: typeof code === 'string' || typeof code === 'number' ? String(code) : '',
    sqlState: typeof sqlState === 'string' ? sqlState : undefined,
    data: toRecord(data),
  }
}

function toRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...named(value), ...value } : {}
}

/** `name` and `message` of an error are not its own enumerable properties. */
function named(value: object): Readonly<Record<string, unknown>> {
  return value instanceof Error ? { name: value.name, message: value.message } : {}
}
