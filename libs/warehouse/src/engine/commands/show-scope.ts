import { mayEnter } from '../../access/require-privilege.ts'
import { toSecurable } from '../../access/role.ts'
import type { DatabaseInfo, SchemaInfo, TableInfo } from '../../catalog/catalog.ts'
import { requireDatabase, requireSchema } from '../name-resolution.ts'
import { noCurrentDatabase, noCurrentSchema } from '../snowflake-errors.ts'
import type { StatementFrame } from '../statement-frame.ts'
import type { ShowPlace } from './show-request.ts'

/** A schema with the database it is in. */
export interface PlacedSchema {
  readonly database: DatabaseInfo
  readonly schema: SchemaInfo
}

/** A table or view with the schema it is in. */
export interface PlacedTable extends PlacedSchema {
  readonly table: TableInfo
}

/** The databases a SHOW looks into: those of the account, the named one, or the session's. */
export function databasesIn(place: ShowPlace | undefined, frame: StatementFrame): readonly DatabaseInfo[] {
  const { catalog, session } = frame
  if (place?.name) return [requireDatabase(catalog, place.name.parts.at(-1) ?? '', place.name.token)]
  if (place && place.kind !== 'ACCOUNT' && session.database === null) throw noCurrentDatabase('SHOW')
  const isWholeAccount = place?.kind === 'ACCOUNT' || session.database === null
  return isWholeAccount
    ? [...catalog.databases.values()].filter(({ name }) => mayEnter(session, name))
    : [requireDatabase(catalog, session.database ?? '')]
}

/** The schemas a SHOW TABLES, VIEWS or COLUMNS looks into. A name alone may be a schema of the session's database, or a database. */
export function schemasIn(place: ShowPlace | undefined, frame: StatementFrame): readonly PlacedSchema[] {
  const { session, catalog } = frame
  const name = place?.name
  const [last = '', database] = name?.parts.toReversed() ?? []
  const isSchemaOfSession = session.database !== null && catalog.schema(session.database, last) !== undefined
  if (place?.kind === 'SCHEMA' || (name && place.kind === 'NAME' && (database !== undefined || isSchemaOfSession))) {
    const schema = name ? last : session.schema
    const inDatabase = database ?? session.database
    if (inDatabase === null) throw noCurrentDatabase('SHOW', name?.token)
    if (schema === null) throw noCurrentSchema('SHOW', name?.token)
    return schema === 'INFORMATION_SCHEMA' && catalog.database(inDatabase)
      ? []
      : [
          {
            database: requireDatabase(catalog, inDatabase, name?.token),
            schema: requireSchema(catalog, inDatabase, schema, name?.token),
          },
        ]
  }
  return databasesIn(place, frame).flatMap((found) =>
    [...found.schemas.values()]
      .filter(({ name: schema }) => mayEnter(session, found.name, schema))
      .map((schema) => ({ database: found, schema })),
  )
}

/** Tables and views in those schemas, the session's temporary ones included, sorted as Snowflake sorts them. */
export function tablesIn(place: ShowPlace | undefined, frame: StatementFrame): readonly PlacedTable[] {
  const tables = schemasIn(place, frame).flatMap(({ database, schema }) => {
    const temporary = [...frame.session.temporaryTables].flatMap(([key, table]) =>
      key === JSON.stringify([database.name, schema.name, table.name]) ? [table] : [],
    )
    const visible = [...schema.tables.values()].filter((table) =>
      frame.access.sees(frame.session, toSecurable(database.name, schema.name, table)),
    )
    return [...visible, ...temporary].map((table) => ({ database, schema, table }))
  })
  return tables.toSorted(
    (a, b) =>
      compare(a.database.name, b.database.name) || compare(a.schema.name, b.schema.name) || compare(a.table.name, b.table.name),
  )
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
