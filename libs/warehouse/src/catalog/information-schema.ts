import type { DuckDBConnection } from '@duckdb/node-api'
import type { Token } from '@squall/snowflake-sql'
import { doesNotExist } from '../engine/snowflake-errors.ts'
import { quoteName, quoteText } from '../translate/quote.ts'
import type { Relation } from '../translate/scope.ts'
import { systemDatabase } from './system-database.ts'
import type { Catalog, DatabaseInfo, SchemaInfo, TableInfo } from './catalog.ts'

type Row = Readonly<Record<string, string | number | Date | null>>

interface View {
  readonly columns: Readonly<Record<string, 'VARCHAR' | 'BIGINT' | 'TIMESTAMPTZ'>>
  /** The column that says which database a row belongs to; nothing where every database shows all rows. */
  readonly databaseColumn: string | undefined
  readonly rows: (catalog: Catalog) => Iterable<Row>
}

/** The views each INFORMATION_SCHEMA has, by name. */
const views: Readonly<Record<string, View>> = {
  DATABASES: {
    databaseColumn: undefined,
    columns: {
      DATABASE_NAME: 'VARCHAR',
      DATABASE_OWNER: 'VARCHAR',
      IS_TRANSIENT: 'VARCHAR',
      COMMENT: 'VARCHAR',
      CREATED: 'TIMESTAMPTZ',
      LAST_ALTERED: 'TIMESTAMPTZ',
      RETENTION_TIME: 'BIGINT',
      TYPE: 'VARCHAR',
    },
    *rows(catalog) {
      for (const { name, comment, createdOn, isReadOnly } of catalog.databases.values()) {
        yield {
          DATABASE_NAME: name,
          DATABASE_OWNER: 'SYSADMIN',
          IS_TRANSIENT: 'NO',
          COMMENT: comment,
          CREATED: createdOn,
          LAST_ALTERED: createdOn,
          RETENTION_TIME: 1,
          TYPE: isReadOnly ? 'IMPORTED DATABASE' : 'STANDARD',
        }
      }
    },
  },
  SCHEMATA: {
    databaseColumn: 'CATALOG_NAME',
    columns: {
      CATALOG_NAME: 'VARCHAR',
      SCHEMA_NAME: 'VARCHAR',
      SCHEMA_OWNER: 'VARCHAR',
      IS_TRANSIENT: 'VARCHAR',
      RETENTION_TIME: 'BIGINT',
      CREATED: 'TIMESTAMPTZ',
      LAST_ALTERED: 'TIMESTAMPTZ',
      COMMENT: 'VARCHAR',
    },
    *rows(catalog) {
      for (const database of catalog.databases.values()) {
        for (const { name, createdOn, comment } of schemasWithInformationSchema(database)) {
          yield {
            CATALOG_NAME: database.name,
            SCHEMA_NAME: name,
            SCHEMA_OWNER: 'SYSADMIN',
            IS_TRANSIENT: 'NO',
            RETENTION_TIME: 1,
            CREATED: createdOn,
            LAST_ALTERED: createdOn,
            COMMENT: comment,
          }
        }
      }
    },
  },
  TABLES: {
    databaseColumn: 'TABLE_CATALOG',
    columns: {
      TABLE_CATALOG: 'VARCHAR',
      TABLE_SCHEMA: 'VARCHAR',
      TABLE_NAME: 'VARCHAR',
      TABLE_OWNER: 'VARCHAR',
      TABLE_TYPE: 'VARCHAR',
      IS_TRANSIENT: 'VARCHAR',
      CLUSTERING_KEY: 'VARCHAR',
      RETENTION_TIME: 'BIGINT',
      CREATED: 'TIMESTAMPTZ',
      LAST_ALTERED: 'TIMESTAMPTZ',
      COMMENT: 'VARCHAR',
    },
    *rows(catalog) {
      for (const [database, schema, table] of allTables(catalog)) {
        yield {
          ...place(database, schema, table),
          TABLE_OWNER: 'SYSADMIN',
          TABLE_TYPE: table.kind === 'VIEW' ? 'VIEW' : 'BASE TABLE',
          IS_TRANSIENT: table.kind === 'TRANSIENT' ? 'YES' : 'NO',
          CLUSTERING_KEY: null,
          RETENTION_TIME: table.kind === 'VIEW' ? null : 1,
          CREATED: table.createdOn,
          LAST_ALTERED: table.createdOn,
          COMMENT: table.comment,
        }
      }
    },
  },
  VIEWS: {
    databaseColumn: 'TABLE_CATALOG',
    columns: {
      TABLE_CATALOG: 'VARCHAR',
      TABLE_SCHEMA: 'VARCHAR',
      TABLE_NAME: 'VARCHAR',
      TABLE_OWNER: 'VARCHAR',
      VIEW_DEFINITION: 'VARCHAR',
      IS_UPDATABLE: 'VARCHAR',
      IS_SECURE: 'VARCHAR',
      CREATED: 'TIMESTAMPTZ',
      LAST_ALTERED: 'TIMESTAMPTZ',
      COMMENT: 'VARCHAR',
    },
    *rows(catalog) {
      for (const [database, schema, table] of allTables(catalog)) {
        if (table.kind !== 'VIEW') continue
        yield {
          ...place(database, schema, table),
          TABLE_OWNER: 'SYSADMIN',
          VIEW_DEFINITION: table.text,
          IS_UPDATABLE: 'NO',
          IS_SECURE: 'NO',
          CREATED: table.createdOn,
          LAST_ALTERED: table.createdOn,
          COMMENT: table.comment,
        }
      }
    },
  },
  COLUMNS: {
    databaseColumn: 'TABLE_CATALOG',
    columns: {
      TABLE_CATALOG: 'VARCHAR',
      TABLE_SCHEMA: 'VARCHAR',
      TABLE_NAME: 'VARCHAR',
      COLUMN_NAME: 'VARCHAR',
      ORDINAL_POSITION: 'BIGINT',
      COLUMN_DEFAULT: 'VARCHAR',
      IS_NULLABLE: 'VARCHAR',
      DATA_TYPE: 'VARCHAR',
      CHARACTER_MAXIMUM_LENGTH: 'BIGINT',
      NUMERIC_PRECISION: 'BIGINT',
      NUMERIC_SCALE: 'BIGINT',
      COMMENT: 'VARCHAR',
    },
    *rows(catalog) {
      for (const [database, schema, table] of allTables(catalog)) {
        for (const [index, { name, type, isNullable, defaultValue, comment }] of table.columns.entries()) {
          const [, dataType = type, first = null, second = null] = /^(\w+)(?:\((\d+)(?:,(\d+))?\))?$/.exec(type) ?? []
          yield {
            ...place(database, schema, table),
            COLUMN_NAME: name,
            ORDINAL_POSITION: index + 1,
            COLUMN_DEFAULT: defaultValue,
            IS_NULLABLE: isNullable ? 'YES' : 'NO',
            DATA_TYPE: dataType === 'VARCHAR' ? 'TEXT' : dataType,
            CHARACTER_MAXIMUM_LENGTH: dataType === 'VARCHAR' ? first : null,
            NUMERIC_PRECISION: dataType === 'NUMBER' ? first : null,
            NUMERIC_SCALE: dataType === 'NUMBER' ? second : null,
            COMMENT: comment,
          }
        }
      }
    },
  },
}

function place(database: DatabaseInfo, schema: SchemaInfo, table: TableInfo): Row {
  return { TABLE_CATALOG: database.name, TABLE_SCHEMA: schema.name, TABLE_NAME: table.name }
}

function* allTables(catalog: Catalog): Generator<readonly [DatabaseInfo, SchemaInfo, TableInfo]> {
  for (const database of catalog.databases.values()) {
    for (const schema of database.schemas.values()) for (const table of schema.tables.values()) yield [database, schema, table]
  }
}

/** A database's schemas and the one nobody made. */
export function schemasWithInformationSchema(database: DatabaseInfo): readonly Omit<SchemaInfo, 'tables'>[] {
  const own = {
    name: 'INFORMATION_SCHEMA',
    comment: 'Views describing the contents of schemas in this database',
    createdOn: database.createdOn,
  }
  return [own, ...database.schemas.values()]
}

/** The DuckDB relation behind `DATABASE.INFORMATION_SCHEMA.NAME`. Throws 002003 where the schema has no such view. */
export function informationSchemaRelation(database: string, name: string, token: Token): Relation {
  const view = views[name]
  if (!view) throw doesNotExist('Object', `${database}.INFORMATION_SCHEMA.${name}`, token)
  if (name === 'TABLES') return tablesWithSizes(database)
  const filter = view.databaseColumn === undefined ? '' : ` WHERE ${view.databaseColumn} = ${quoteText(database)}`
  return { sql: `(SELECT * FROM ${tableName(name)}${filter})`, alias: `AS ${quoteName(name)}` }
}

/** DuckDB knows how many rows each table has; how many bytes they take nobody does. */
function tablesWithSizes(database: string): Relation {
  const sizes = `(SELECT schema_name, table_name, estimated_size FROM duckdb_tables() WHERE database_name = ${quoteText(database)})`
  const sql = `(SELECT T.*, S.estimated_size AS ROW_COUNT, CAST(NULL AS BIGINT) AS BYTES FROM ${tableName('TABLES')} T
    LEFT JOIN ${sizes} S ON S.schema_name = T.TABLE_SCHEMA AND S.table_name = T.TABLE_NAME WHERE T.TABLE_CATALOG = ${quoteText(database)})`
  return { sql, alias: 'AS "TABLES"' }
}

function tableName(view: string): string {
  return `"${systemDatabase}".main.${quoteName(`INFORMATION_SCHEMA.${view}`)}`
}

/** Copies of the catalogue in DuckDB, brought up to date before somebody reads them. */
export class InformationSchema {
  readonly #connection: DuckDBConnection
  readonly #catalog: Catalog
  #copiedVersion = -1
  #refreshing: Promise<void> = Promise.resolve()

  constructor(connection: DuckDBConnection, catalog: Catalog) {
    this.#connection = connection
    this.#catalog = catalog
  }

  /** Makes the copies show what the catalogue holds now. */
  async refresh(): Promise<void> {
    this.#refreshing = this.#refreshing.then(() => this.#copy())
    await this.#refreshing
  }

  async #copy(): Promise<void> {
    if (this.#copiedVersion === this.#catalog.version) return
    const version = this.#catalog.version
    const statements = Object.entries(views).map(([name, view]) => renderTable(name, view, this.#catalog))
    await this.#connection.run(`BEGIN; ${statements.join('; ')}; COMMIT`)
    this.#copiedVersion = version
  }
}

function renderTable(name: string, { columns, rows }: View, catalog: Catalog): string {
  const definition = Object.entries(columns).map(([column, type]) => `${column} ${type}`)
  const values = [...rows(catalog)].map(
    (row) =>
      `(${Object.keys(columns)
        .map((column) => renderValue(row[column]))
        .join(', ')})`,
  )
  const insert = values.length === 0 ? '' : `; INSERT INTO ${tableName(name)} VALUES ${values.join(', ')}`
  return `CREATE OR REPLACE TABLE ${tableName(name)} (${definition.join(', ')})${insert}`
}

function renderValue(value: string | number | Date | null | undefined): string {
  if (value === null || value === undefined) return 'NULL'
  if (value instanceof Date) return quoteText(value.toISOString())
  return typeof value === 'number' ? String(value) : quoteText(value)
}
