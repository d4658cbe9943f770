import type { Token } from '@squall/snowflake-sql'
import { SnowflakeError, type SnowflakeErrorPlace } from './snowflake-error.ts'

/** Where a token stands, in the terms of Snowflake's messages. */
export function placeOf(token: Token | undefined): SnowflakeErrorPlace | undefined {
  return token && { line: token.line, position: token.column }
}

const prefix = 'SQL compilation error:'

function located(place: SnowflakeErrorPlace | undefined): string {
  return place ? `${prefix} error line ${place.line} at position ${place.position}` : prefix
}

/** The text ended too early. Where it ends only those know who have the whole text; see `toSnowflakeError`. */
export class UnexpectedEnd extends Error {
  override readonly name = 'UnexpectedEnd'
}

/** 001003: the text is not SQL. Without a token, it ended too early. */
export function syntaxError(token: Token | undefined): Error {
  return token ? unexpectedAt(token.text.slice(0, 80), token.line, token.column) : new UnexpectedEnd()
}

/** 001003 at a place. */
export function unexpectedAt(text: string, line: number, position: number, cause?: unknown): SnowflakeError {
  const message = `${prefix}\nsyntax error line ${line} at position ${position} unexpected '${text}'.`
  return new SnowflakeError('001003', '42000', message, { line, position }, cause)
}

/** 001003 with a reason in other words, where DuckDB refused what our own reading let pass. */
export function compilationError(reason: string, place?: SnowflakeErrorPlace, cause?: unknown): SnowflakeError {
  return new SnowflakeError('001003', '42000', `${located(place)}\n${reason}`, place, cause)
}

/** 000002: Snowflake has it, this emulator does not. */
export function unsupportedFeature(feature: string, token?: Token, cause?: unknown): SnowflakeError {
  return new SnowflakeError('000002', '0A000', `Unsupported feature '${feature}'.`, placeOf(token), cause)
}

export type ObjectKind = 'Object' | 'Table' | 'View' | 'Schema' | 'Database' | 'Warehouse' | 'Role'

/** 002003: no such thing, or none the role may see; Snowflake does not tell which. */
export function doesNotExist(kind: ObjectKind, name: string, token?: Token, cause?: unknown): SnowflakeError {
  const sqlState = kind === 'Database' || kind === 'Schema' || kind === 'Role' || kind === 'Warehouse' ? '02000' : '42S02'
  const message = `${prefix}\n${kind} '${name}' does not exist or not authorized.`
  return new SnowflakeError('002003', sqlState, message, placeOf(token), cause)
}

/** 002043: the object named by `USE` or `DESCRIBE` does not exist. */
export function operationCannotBePerformed(token?: Token): SnowflakeError {
  const message = `${prefix}\nObject does not exist, or operation cannot be performed.`
  return new SnowflakeError('002043', '02000', message, placeOf(token))
}

/** 002002: the name is taken. */
export function alreadyExists(name: string, token?: Token): SnowflakeError {
  return new SnowflakeError('002002', '42710', `${prefix}\nObject '${name}' already exists.`, placeOf(token))
}

/** 000904: no such column. */
export function invalidIdentifier(name: string, place?: SnowflakeErrorPlace, cause?: unknown): SnowflakeError {
  return new SnowflakeError('000904', '42000', `${located(place)}\ninvalid identifier '${name}'`, place, cause)
}

/** 002140: no such function. */
export function unknownFunction(name: string, place?: SnowflakeErrorPlace, cause?: unknown): SnowflakeError {
  return new SnowflakeError('002140', '42601', `${prefix}\nUnknown function ${name}`, place, cause)
}

/** 090105: an unqualified name, and no database to look in. */
export function noCurrentDatabase(action: string, token?: Token): SnowflakeError {
  const message = `Cannot perform ${action}. This session does not have a current database. Call 'USE DATABASE', or use a qualified name.`
  return new SnowflakeError('090105', '22000', message, placeOf(token))
}

/** 090106: an unqualified name, and no schema to look in. */
export function noCurrentSchema(action: string, token?: Token): SnowflakeError {
  const message = `Cannot perform ${action}. This session does not have a current schema. Call 'USE SCHEMA', or use a qualified name.`
  return new SnowflakeError('090106', '22000', message, placeOf(token))
}

/** 002211: a session variable nobody has set. */
export function unsetVariable(name: string, token?: Token): SnowflakeError {
  const place = placeOf(token)
  return new SnowflakeError('002211', '02000', `${located(place)}\nSession variable '$${name}' does not exist`, place)
}

/** 002049: a placeholder without a value. */
export function bindNotSet(token?: Token): SnowflakeError {
  const place = placeOf(token)
  return new SnowflakeError('002049', '42601', `${located(place)}\nBind variable ${token?.text ?? '?'} not set.`, place)
}

/** 000604: somebody canceled the statement. */
export function canceled(cause?: unknown): SnowflakeError {
  return new SnowflakeError('000604', '57014', 'SQL execution canceled', undefined, cause)
}

/** 000630: no place in the warehouse within the session's STATEMENT_QUEUED_TIMEOUT_IN_SECONDS. */
export function queuedTooLong(seconds: number): SnowflakeError {
  const message = `Statement was queued for longer than its timeout of ${seconds} second(s) and was canceled.`
  return new SnowflakeError('000630', '57014', message)
}

/** 000709: no such statement, or none of this user, or its result is no longer kept; which, nobody is told. */
export function statementNotFound(queryId: string, token?: Token): SnowflakeError {
  return new SnowflakeError('000709', '02000', `Statement ${queryId} not found`, placeOf(token))
}
