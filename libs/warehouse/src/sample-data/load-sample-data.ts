import type { DuckDBConnection } from '@duckdb/node-api'
import type { Catalog, ColumnInfo } from '../catalog/catalog.ts'
import { toSnowflakeType } from '../catalog/snowflake-type.ts'
import type { EngineSession, WarehouseEngine } from '../engine/engine.ts'
import { quoteName, quoteText } from '../translate/quote.ts'
import type { SampleFiles } from './prepare-sample-data.ts'
import type { SampleDatabase, SampleSchema } from './sample-database.ts'
import { sampleDatabases } from './sample-databases.ts'

/** When the sample data says it was made: a fixed day, so that two starts show the same. */
const createdOn = new Date('2026-01-05T08:00:00Z')

/**
 * Attaches the files and enters everything in the catalogue. A share is read in place; other databases are copied to memory, where
 * sessions may change them until the program ends. Views are made by a session from their Snowflake SQL.
 */
export async function loadSampleData(
  files: SampleFiles,
  connection: DuckDBConnection,
  engine: WarehouseEngine,
  catalog: Catalog,
): Promise<void> {
  for (const database of sampleDatabases) await attach(database, files.get(database.name) ?? '', connection)
  const columns = await readAllColumns(connection)
  for (const database of sampleDatabases) enter(database, catalog, columns)
  const session = await engine.openSession({ user: 'SAMPLE_DATA' })
  try {
    for (const { name, schemas } of sampleDatabases) {
      for (const schema of schemas) {
        await createViews(name, schema, session)
        backdateViews(name, schema, catalog)
      }
    }
  } finally {
    await session.close()
  }
}

async function attach({ name, isShare }: SampleDatabase, file: string, connection: DuckDBConnection): Promise<void> {
  if (isShare) {
    await connection.run(`ATTACH ${quoteText(file)} AS ${quoteName(name)} (READ_ONLY)`)
    return
  }
  const source = quoteName(`file of ${name}`)
  await connection.run(
    `ATTACH ${quoteText(file)} AS ${source} (READ_ONLY); ATTACH ':memory:' AS ${quoteName(name)}; COPY FROM DATABASE ${source} TO ${quoteName(name)}; DETACH ${source}`,
  )
}

/** Columns by database, schema and table. */
type AllColumns = ReadonlyMap<string, ColumnInfo[]>

const keyOf = (...names: readonly string[]): string => JSON.stringify(names)

async function readAllColumns(connection: DuckDBConnection): Promise<AllColumns> {
  const columns = new Map<string, ColumnInfo[]>()
  const reader = await connection.runAndReadAll(
    'SELECT database_name, schema_name, table_name, column_name, data_type, is_nullable FROM duckdb_columns() ORDER BY table_oid, column_index',
  )
  for (const [database, schema, table, name, type, nullable] of reader.getRows()) {
    const key = keyOf(String(database), String(schema), String(table))
    const list = columns.get(key) ?? []
    columns.set(key, list)
    list.push({
      name: String(name),
      type: toSnowflakeType(String(type)),
      isNullable: nullable === true,
      defaultValue: null,
      comment: null,
    })
  }
  return columns
}

function enter({ name, comment, origin, isShare, schemas }: SampleDatabase, catalog: Catalog, columns: AllColumns): void {
  const database = catalog.addDatabase({ name, comment, origin, createdOn, isReadOnly: isShare })
  for (const { name: schemaName, comment: schemaComment, tables } of schemas) {
    const schema = catalog.addSchema(database, { name: schemaName, comment: schemaComment, createdOn })
    for (const table of tables) {
      catalog.addTable(schema, {
        name: table.name,
        kind: 'TABLE',
        columns: columns.get(keyOf(name, schemaName, table.name)) ?? [],
        comment: table.comment,
        createdOn,
        text: null,
        duckName: [name, schemaName, table.name].map(quoteName).join('.'),
      })
    }
  }
}

/** The views were made just now, but belong to the data. */
function backdateViews(database: string, { name, views }: SampleSchema, catalog: Catalog): void {
  const schema = catalog.schema(database, name)
  for (const { name: view } of views) {
    const made = schema?.tables.get(view)
    if (schema && made) catalog.addTable(schema, { ...made, createdOn })
  }
}

async function createViews(database: string, { name: schema, views }: SampleSchema, session: EngineSession): Promise<void> {
  for (const { name, comment, query } of views) {
    const sql = `CREATE OR REPLACE VIEW ${database}.${schema}.${name} COMMENT = ${quoteText(comment)} AS\n${query};`
    await session.execute(sql, {
      queryId: `sample-view-${name}`,
      binds: [],
      signal: new AbortController().signal,
      describeOnly: false,
    })
  }
}
