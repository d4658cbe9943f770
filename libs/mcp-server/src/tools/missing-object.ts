import { CodedError, nearestNames } from '@squall/errors'
import { SnowflakeQueryError, type StatementResult } from '@squall/snowflake'
import { mcpServerErrors } from '../errors.ts'
import type { Reader } from '../snowflake/reader.ts'
import { mostRows } from './arguments.ts'
import { toSql, toText } from './object-name.ts'
import { columnReader } from './result-columns.ts'

/** The object a tool was asked for, by its parts as Snowflake stores them. */
export interface Wanted {
  readonly database: string
  readonly schema?: string | undefined
  readonly view?: string
  /** A table or a view. */
  readonly object?: string
}

// Object does not exist or not authorized; a database or schema that does not.
const doesNotExist: ReadonlySet<string> = new Set(['002003', '002043', '090105'])

export function isMissing(error: unknown): boolean {
  return error instanceof SnowflakeQueryError && doesNotExist.has(error.snowflakeCode)
}

/**
 * Runs work; where Snowflake answers that an object does not exist, finds out which part of its name is wrong and throws an
 * error that names what is most like it.
 */
export async function explainMissing<T>(reader: Reader, wanted: Wanted, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isMissing(error)) throw error
    throw (await findMissing(reader, wanted)) ?? error
  }
}

/** Which part of a name is wrong, and what is most like it; undefined where all of it exists. */
export async function findMissing(reader: Reader, wanted: Wanted): Promise<CodedError | undefined> {
  const { database, schema, view, object } = wanted
  const databases = await names(reader, 'SHOW DATABASES')
  if (!databases.includes(database)) return missing('Database', toText(database), database, databases, 'list_databases')
  if (schema === undefined) return undefined
  const schemas = await names(reader, `SHOW SCHEMAS IN DATABASE ${toSql(database)}`)
  if (!schemas.includes(schema)) return missing('Schema', toText(database, schema), schema, schemas, 'list_schemas')
  if (view !== undefined) {
    const views = await names(reader, `SHOW VIEWS IN SCHEMA ${toSql(database, schema)}`)
    return views.includes(view) ? undefined : missing('View', toText(database, schema, view), view, views, 'list_views')
  }
  if (object === undefined) return undefined
  const objects = await names(reader, `SHOW OBJECTS IN SCHEMA ${toSql(database, schema)}`)
  const lister = 'list_tables and list_views'
  return objects.includes(object) ? undefined : missing('Object', toText(database, schema, object), object, objects, lister)
}

async function names(reader: Reader, sql: string): Promise<string[]> {
  const result: StatementResult = await reader.read(sql, { maxRows: mostRows })
  return result.rows.map(columnReader(result, 'name'))
}

function missing(kind: string, name: string, wanted: string, existing: readonly string[], lister: string): CodedError {
  const nearest = nearestNames(wanted, existing)
  const choices = nearest.length > 0 ? `Did you mean ${nearest.join(', ')}?` : `There are: ${listSome(existing)}.`
  return new CodedError(mcpServerErrors.MCP_NO_SUCH_OBJECT, {
    message: `${kind} ${name} does not exist, or this server may not read it. ${choices}`,
    hint: `Call ${lister} to see all that exist.`,
  })
}

const mostListed = 20

function listSome(existing: readonly string[]): string {
  if (existing.length === 0) return 'none'
  const rest = existing.length - mostListed
  return existing.slice(0, mostListed).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}
