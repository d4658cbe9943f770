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
  readonly schema: string
  readonly view?: string
}

// Object does not exist or not authorized; a database or schema that does not.
const doesNotExist: ReadonlySet<string> = new Set(['002003', '002043', '090105'])

/**
 * Runs work; where Snowflake answers that an object does not exist, finds out which part of its name is wrong and throws an
 * error that names what is most like it.
 */
export async function explainMissing<T>(reader: Reader, wanted: Wanted, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof SnowflakeQueryError) || !doesNotExist.has(error.snowflakeCode)) throw error
    throw (await explain(reader, wanted)) ?? error
  }
}

async function explain(reader: Reader, { database, schema, view }: Wanted): Promise<CodedError | undefined> {
  const databases = await names(reader, 'SHOW DATABASES')
  if (!databases.includes(database)) return missing('Database', toText(database), database, databases, 'list_databases')
  const schemas = await names(reader, `SHOW SCHEMAS IN DATABASE ${toSql(database)}`)
  if (!schemas.includes(schema)) return missing('Schema', toText(database, schema), schema, schemas)
  if (view === undefined) return undefined
  const views = await names(reader, `SHOW VIEWS IN SCHEMA ${toSql(database, schema)}`)
  return views.includes(view) ? undefined : missing('View', toText(database, schema, view), view, views, 'list_views')
}

async function names(reader: Reader, sql: string): Promise<string[]> {
  const result: StatementResult = await reader.read(sql, { maxRows: mostRows })
  return result.rows.map(columnReader(result, 'name'))
}

function missing(kind: string, name: string, wanted: string, existing: readonly string[], lister?: string): CodedError {
  const nearest = nearestNames(wanted, existing)
  const choices = nearest.length > 0 ? `Did you mean ${nearest.join(', ')}?` : `There are: ${listSome(existing)}.`
  return new CodedError(mcpServerErrors.MCP_NO_SUCH_OBJECT, {
    message: `${kind} ${name} does not exist, or this server may not read it. ${choices}`,
    hint: lister === undefined ? 'Choose one of those that exist.' : `Call ${lister} to see all that exist.`,
  })
}

const mostListed = 20

function listSome(existing: readonly string[]): string {
  if (existing.length === 0) return 'none'
  const rest = existing.length - mostListed
  return existing.slice(0, mostListed).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}
