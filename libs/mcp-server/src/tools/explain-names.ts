import { CodedError, nearestNames } from '@squall/errors'
import type { Place, SnowflakeQueryError } from '@squall/snowflake'
import { parseObjectName, tableNames } from '@squall/sql-policy'
import type { Reader } from '../snowflake/reader.ts'
import { RefusedStatement } from '../snowflake/refused-statement.ts'
import { mostRows } from './arguments.ts'
import { findMissing, isMissing } from './missing-object.ts'
import { toSql } from './object-name.ts'
import { columnReader } from './result-columns.ts'

/**
 * Runs a statement somebody wrote; where Snowflake does not know a name in it, adds to the error what that name is most like.
 * What cannot be found out is left out: the error is Snowflake's own in any case.
 */
export async function explainNames<T>(reader: Reader, sql: string, place: Place, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof RefusedStatement)) throw error
    const hint = await findHint(reader, sql, place, error)
    throw hint === undefined ? error : new RefusedStatement(error, error.sql, hint)
  }
}

const invalidIdentifier = '000904'

async function findHint(reader: Reader, sql: string, place: Place, error: SnowflakeQueryError): Promise<string | undefined> {
  try {
    if (error.snowflakeCode === invalidIdentifier) return await hintForColumn(reader, sql, place, error)
    return isMissing(error) ? await hintForObject(reader, place, error) : undefined
  } catch (secondary) {
    // Looking for a better word must not hide the first one.
    if (secondary instanceof CodedError && !isOver(secondary)) return undefined
    throw secondary
  }
}

/** Where the call itself has ended, that is what counts. */
function isOver({ code }: CodedError): boolean {
  return code === 'SNOWFLAKE_QUERY_CANCELLED' || code === 'SNOWFLAKE_SESSION_LOST'
}

async function hintForObject(reader: Reader, place: Place, { message }: SnowflakeQueryError): Promise<string | undefined> {
  const [, kind = '', name] = /(Object|Table|View|Schema|Database) '([^']+)' does not exist/i.exec(message) ?? []
  if (name === undefined) return undefined
  const parts = parseObjectName(name, 'query')
  const found = await findMissing(reader, toWanted(kind.toLowerCase(), parts, reader.place(place)))
  return found && `${found.message} ${found.hint}`
}

function toWanted(
  kind: string,
  parts: readonly string[],
  { database: homeDatabase, schema: homeSchema }: Place,
): Parameters<typeof findMissing>[1] {
  if (kind === 'database') return { database: parts.at(-1) ?? '' }
  if (kind === 'schema') return { database: parts.at(-2) ?? homeDatabase ?? '', schema: parts.at(-1) }
  const object = parts.at(-1) ?? ''
  return { database: parts.at(-3) ?? homeDatabase ?? '', schema: parts.at(-2) ?? homeSchema, object }
}

/** Tables whose columns are looked at for one wrong name. */
const mostTables = 3

async function hintForColumn(
  reader: Reader,
  sql: string,
  place: Place,
  { message }: SnowflakeQueryError,
): Promise<string | undefined> {
  const [, name] = /invalid identifier '([^']+)'/i.exec(message) ?? []
  const wanted = name === undefined ? undefined : parseObjectName(name, 'query', 4).at(-1)
  if (wanted === undefined) return undefined
  const columns = new Set<string>()
  for (const table of tableNames(sql).slice(0, mostTables)) {
    const result = await reader.read(`DESCRIBE TABLE ${toSql(...table)}`, { maxRows: mostRows, context: place })
    for (const column of result.rows.map(columnReader(result, 'name'))) columns.add(column)
  }
  const nearest = nearestNames(wanted, [...columns])
  if (nearest.length > 0) return `Did you mean the column ${nearest.join(', ')}?`
  return columns.size === 0 ? undefined : `The columns are: ${[...columns].slice(0, mostListed).join(', ')}.`
}

const mostListed = 40
