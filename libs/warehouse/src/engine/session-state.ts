import type { DuckDBConnection } from '@duckdb/node-api'
import type { Access } from '../access/access.ts'
import type { TableInfo } from '../catalog/catalog.ts'
import type { ParameterValue } from './engine.ts'
import { SessionQueries } from '../history/session-queries.ts'
import type { SessionTransaction } from './session-transaction.ts'
import { defaultParameters } from './session-parameters.ts'

/** A value set by SET. */
export interface SessionVariable {
  /** In DuckDB's SQL. */
  readonly literal: string
  /** In the wire's text. */
  readonly value: string | null
  /** As on the wire: `fixed`, `text`, … */
  readonly type: string
}

/** What one session remembers between statements. */
export class SessionState {
  readonly id: string
  readonly user: string
  readonly connection: DuckDBConnection
  database: string | null = null
  schema: string | null = null
  warehouse: string | null = null
  role: string
  /** Whether the privileges of all the user's roles count. */
  hasSecondaryRoles = false
  readonly access: Access
  readonly parameters = new Map<string, ParameterValue>(Object.entries(defaultParameters))
  /** By upper-case name. */
  readonly variables = new Map<string, SessionVariable>()
  /** Temporary tables and views by `temporaryKey`. Only this session sees them. */
  readonly temporaryTables = new Map<string, TableInfo>()
  /** The one that is open. */
  transaction: SessionTransaction | undefined
  transactionCount = 0
  readonly queries = new SessionQueries()

  constructor(id: string, user: string, role: string, connection: DuckDBConnection, access: Access) {
    this.id = id
    this.user = user
    this.role = role
    this.connection = connection
    this.access = access
  }
}

/** Temporary tables of one name may exist in many schemas, so the schema is part of the key, and of the table's name in DuckDB. */
export function temporaryKey(database: string, schema: string, table: string): string {
  return JSON.stringify([database, schema, table])
}
