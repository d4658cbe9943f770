import type { Cell, StatementResult } from '@squall/snowflake'
import { quoteLiteral } from '@squall/sql-policy'
import type { Reader } from '../snowflake/reader.ts'
import { RefusedStatement } from '../snowflake/refused-statement.ts'
import { isMissing } from '../tools/missing-object.ts'
import { toSql } from '../tools/object-name.ts'
import { columnReader, numberReader } from '../tools/result-columns.ts'
import { allowedDatabases, showPlaces } from './show-places.ts'
import { withDetail, type DetailLevel, type FoundObject, type ObjectKind } from './found-object.ts'

/** What is looked for, and where. */
export interface Search {
  /** A pattern of LIKE, or a regular expression. */
  readonly pattern: string
  readonly kinds: ReadonlySet<ObjectKind>
  /** All that the role sees where absent. */
  readonly database: string | undefined
  readonly detail: DetailLevel
  readonly limit: number
}

export interface SearchResult {
  readonly objects: readonly FoundObject[]
  /** There are more than the limit. */
  readonly truncated: boolean
  /** Databases there was no time for. */
  readonly notSearched: readonly string[]
}

/** One statement to ask, and how its rows read. */
interface Source {
  readonly sql: string
  readonly toObject: (result: StatementResult) => (row: readonly Cell[]) => FoundObject | undefined
}

/** Searches with SHOW … LIKE, which needs no warehouse: a statement for schemas, one for tables and views, one for columns. */
export async function searchByLike(reader: Reader, search: Search): Promise<SearchResult> {
  const objects: FoundObject[] = []
  const places = search.database === undefined ? await showPlaces(reader) : [`DATABASE ${toSql(search.database)}`]
  for (const source of places.flatMap((place) => showSources(search, place))) {
    if (objects.length > search.limit) break
    const result = await reader.read(source.sql, { maxRows: search.limit + 1 })
    objects.push(...found(result, source))
  }
  return bounded(objects, search.limit, [])
}

function showSources({ pattern, kinds, detail, limit }: Search, place: string): Source[] {
  const rest = (bound: boolean): string => `LIKE ${quoteLiteral(pattern)} IN ${place}${bound ? ` LIMIT ${limit + 1}` : ''}`
  const wantsBoth = kinds.has('table') && kinds.has('view')
  return [
    ...(kinds.has('schema') ? [{ sql: `SHOW SCHEMAS ${rest(true)}`, toObject: readSchema(detail) }] : []),
    // Both come in one answer; of one kind alone the statement for it says more.
    ...(wantsBoth && detail !== 'full' ? [{ sql: `SHOW OBJECTS ${rest(true)}`, toObject: readObject(detail) }] : []),
    ...(kinds.has('table') && !(wantsBoth && detail !== 'full')
      ? [{ sql: `SHOW TABLES ${rest(true)}`, toObject: readTable('table', detail) }]
      : []),
    ...(kinds.has('view') && !(wantsBoth && detail !== 'full')
      ? [{ sql: `SHOW VIEWS ${rest(true)}`, toObject: readTable('view', detail) }]
      : []),
    ...(kinds.has('column') ? [{ sql: `SHOW COLUMNS ${rest(false)}`, toObject: readColumn(detail) }] : []),
  ]
}

/** Databases that a search by regular expression looks through: each costs a query. */
const mostDatabases = 30

/**
 * Searches with REGEXP_LIKE in each database's INFORMATION_SCHEMA: a regular expression of a stranger is run by Snowflake, never here,
 * where it could stop everything.
 */
export async function searchByRegex(reader: Reader, search: Search): Promise<SearchResult> {
  const databases = search.database === undefined ? await allowedDatabases(reader) : [search.database]
  const objects: FoundObject[] = []
  let searched = 0
  for (const database of databases.slice(0, mostDatabases)) {
    if (objects.length > search.limit) break
    for (const source of regexSources(search, database)) {
      // Snowflake's expressions must match a whole text.
      const binds = [`.*(${search.pattern}).*`]
      const result = await mendPattern(() => reader.read(source.sql, { maxRows: search.limit + 1, binds }))
      objects.push(...found(result, source))
    }
    searched += 1
  }
  return bounded(objects, search.limit, databases.slice(searched))
}

/** The statement is ours: what Snowflake does not take can only be the pattern. */
async function mendPattern<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof RefusedStatement) || isMissing(error)) throw error
    throw new RefusedStatement(
      error,
      error.sql,
      'Mend the pattern: it must be a regular expression as Snowflake knows them (POSIX).',
    )
  }
}

function regexSources({ kinds, detail, limit }: Search, database: string): Source[] {
  const ask = (columns: string, view: string, name: string, order: string, also = ''): string =>
    `SELECT ${columns} FROM ${toSql(database)}.INFORMATION_SCHEMA.${view} ` +
    `WHERE REGEXP_LIKE(${name}, ?, 'i')${also} ORDER BY ${order} LIMIT ${limit + 1}`
  const ofKind = kinds.has('table') && kinds.has('view') ? '' : ` AND TABLE_TYPE ${kinds.has('view') ? '' : 'NOT '}LIKE '%VIEW'`
  const schemas = 'CATALOG_NAME AS "database_name", SCHEMA_NAME AS "name", COMMENT AS "comment", CREATED AS "created_on"'
  const place = 'TABLE_CATALOG AS "database_name", TABLE_SCHEMA AS "schema_name"'
  const tables = `${place}, TABLE_NAME AS "name", TABLE_TYPE AS "kind", COMMENT AS "comment", CREATED AS "created_on"`
  const columns = `${place}, TABLE_NAME AS "table_name", COLUMN_NAME AS "column_name", DATA_TYPE AS "data_type", COMMENT AS "comment"`
  return [
    ...(kinds.has('schema')
      ? [{ sql: ask(schemas, 'SCHEMATA', 'SCHEMA_NAME', 'SCHEMA_NAME'), toObject: readSchema(detail) }]
      : []),
    ...(kinds.has('table') || kinds.has('view')
      ? [{ sql: ask(tables, 'TABLES', 'TABLE_NAME', 'TABLE_SCHEMA, TABLE_NAME', ofKind), toObject: readObject(detail) }]
      : []),
    ...(kinds.has('column')
      ? [
          {
            sql: ask(columns, 'COLUMNS', 'COLUMN_NAME', 'TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION'),
            toObject: readColumn(detail),
          },
        ]
      : []),
  ]
}

function found(result: StatementResult, { toObject }: Source): FoundObject[] {
  const read = toObject(result)
  return result.rows.flatMap((row) => read(row) ?? [])
}

function bounded(objects: readonly FoundObject[], limit: number, notSearched: readonly string[]): SearchResult {
  return { objects: objects.slice(0, limit), truncated: objects.length > limit, notSearched }
}

function readSchema(detail: DetailLevel): Source['toObject'] {
  return (result) => {
    const [database, name, comment, createdOn] = readers(result, 'database_name', 'name', 'comment', 'created_on')
    return (row) => withDetail('schema', [database(row), name(row)], { comment: comment(row), createdOn: createdOn(row) }, detail)
  }
}

/** A row of SHOW OBJECTS or INFORMATION_SCHEMA.TABLES, whose kind stands in a column. */
function readObject(detail: DetailLevel): Source['toObject'] {
  return (result) => {
    const [kind] = readers(result, 'kind')
    const [asTable, asView] = [readTable('table', detail)(result), readTable('view', detail)(result)]
    return (row) => (/view/i.test(kind(row)) ? asView(row) : asTable(row))
  }
}

function readTable(kind: 'table' | 'view', detail: DetailLevel): Source['toObject'] {
  return (result) => {
    const [database, schema, name] = readers(result, 'database_name', 'schema_name', 'name')
    const [comment, createdOn] = readers(result, 'comment', 'created_on')
    const rows = numberReader(result, 'rows')
    return (row) => {
      const count = rows(row)
      const facts = { comment: comment(row), createdOn: createdOn(row), ...(count !== undefined && { rows: count }) }
      return withDetail(kind, [database(row), schema(row), name(row)], facts, detail)
    }
  }
}

function readColumn(detail: DetailLevel): Source['toObject'] {
  return (result) => {
    const [database, schema, table, name] = readers(result, 'database_name', 'schema_name', 'table_name', 'column_name')
    const [type, comment] = readers(result, 'data_type', 'comment')
    return (row) => {
      const facts = { type: typeName(type(row)), comment: comment(row) }
      return withDetail('column', [database(row), schema(row), table(row), name(row)], facts, detail)
    }
  }
}

/** SHOW COLUMNS describes types as JSON, INFORMATION_SCHEMA names them. */
function typeName(text: string): string {
  return /^\{.*"type":"(\w+)"/.exec(text)?.[1] ?? text
}

type Read = ReturnType<typeof columnReader>

/** One reader for each name, in their order. */
function readers<const Names extends readonly string[]>(result: StatementResult, ...names: Names): { [K in keyof Names]: Read } {
  // `map` forgets the length of a tuple.
  return names.map((name) => columnReader(result, name)) as { [K in keyof Names]: Read }
}
