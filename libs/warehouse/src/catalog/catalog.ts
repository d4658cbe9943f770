/** A column as SHOW, DESCRIBE and INFORMATION_SCHEMA tell it. */
export interface ColumnInfo {
  readonly name: string
  /** In Snowflake's words: `NUMBER(12,2)`, `VARCHAR(16777216)`. */
  readonly type: string
  readonly isNullable: boolean
  readonly defaultValue: string | null
  readonly comment: string | null
}

export interface TableInfo {
  readonly name: string
  readonly kind: 'TABLE' | 'TEMPORARY' | 'TRANSIENT' | 'VIEW' | 'TEMPORARY VIEW'
  readonly columns: readonly ColumnInfo[]
  readonly comment: string
  readonly createdOn: Date
  /** The CREATE statement of a view, as its author wrote it. */
  readonly text: string | null
  /** The DuckDB SQL that names it. */
  readonly duckName: string
}

/** Whether only the session that made it sees it. */
export function isTemporary({ kind }: TableInfo): boolean {
  return kind === 'TEMPORARY' || kind === 'TEMPORARY VIEW'
}

export function isView({ kind }: TableInfo): boolean {
  return kind === 'VIEW' || kind === 'TEMPORARY VIEW'
}

export interface SchemaInfo {
  readonly name: string
  readonly comment: string
  readonly createdOn: Date
  readonly tables: Map<string, TableInfo>
}

export interface DatabaseInfo {
  readonly name: string
  readonly comment: string
  readonly origin: string
  readonly createdOn: Date
  /** A share of read-only files: nothing can be made or changed in it. */
  readonly isReadOnly: boolean
  readonly schemas: Map<string, SchemaInfo>
}

/** Everything that exists, for all sessions; kept in step with DuckDB by those who create and drop. */
export class Catalog {
  readonly databases = new Map<string, DatabaseInfo>()
  #version = 0

  /** Grows with every change, so that copies know when they are stale. */
  get version(): number {
    return this.#version
  }

  markChanged(): void {
    this.#version += 1
  }

  database(name: string): DatabaseInfo | undefined {
    return this.databases.get(name)
  }

  schema(database: string, schema: string): SchemaInfo | undefined {
    return this.databases.get(database)?.schemas.get(schema)
  }

  table(database: string, schema: string, table: string): TableInfo | undefined {
    return this.schema(database, schema)?.tables.get(table)
  }

  addDatabase(database: Omit<DatabaseInfo, 'schemas'>): DatabaseInfo {
    const added: DatabaseInfo = { ...database, schemas: new Map() }
    this.databases.set(added.name, added)
    this.markChanged()
    return added
  }

  addSchema(database: DatabaseInfo, schema: Omit<SchemaInfo, 'tables'>): SchemaInfo {
    const added: SchemaInfo = { ...schema, tables: new Map() }
    database.schemas.set(added.name, added)
    this.markChanged()
    return added
  }

  addTable(schema: SchemaInfo, table: TableInfo): void {
    schema.tables.set(table.name, table)
    this.markChanged()
  }

  dropTable(schema: SchemaInfo, name: string): void {
    schema.tables.delete(name)
    this.markChanged()
  }

  dropSchema(database: DatabaseInfo, name: string): void {
    database.schemas.delete(name)
    this.markChanged()
  }

  dropDatabase(name: string): void {
    this.databases.delete(name)
    this.markChanged()
  }
}
