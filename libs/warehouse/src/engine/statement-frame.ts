import type { DuckDBMaterializedResult } from '@duckdb/node-api'
import type { Statement } from '@squall/snowflake-sql'
import type { Clock } from '@squall/time'
import type { Access } from '../access/access.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { InformationSchema } from '../catalog/information-schema.ts'
import type { Warehouses } from '../compute/warehouses.ts'
import type { KeptResults } from '../history/kept-results.ts'
import type { QueryHistory } from '../history/query-history.ts'
import type { NodeCursor } from '../translate/node-cursor.ts'
import type { Scope } from '../translate/scope.ts'
import type { ExecuteOptions, StatementResult } from './engine.ts'
import type { SessionState } from './session-state.ts'
import type { WriteLocks } from './write-locks.ts'

/** What all sessions of an engine share. */
export interface EngineParts {
  readonly catalog: Catalog
  readonly informationSchema: InformationSchema
  readonly locks: WriteLocks
  readonly access: Access
  readonly warehouses: Warehouses
  readonly history: QueryHistory
  readonly results: KeptResults
  readonly clock: Clock
}

/** One statement on its way: what it says, who says it, and what it may touch. */
export interface StatementFrame extends EngineParts {
  readonly statement: Statement
  /** At the statement's first node. */
  readonly cursor: NodeCursor
  readonly scope: Scope
  readonly session: SessionState
  readonly options: ExecuteOptions
  /** Runs DuckDB SQL as part of this statement; it can be canceled. */
  readonly run: (sql: string) => Promise<DuckDBMaterializedResult>
}

/** What runs one kind of statement. */
export type Command = (frame: StatementFrame) => Promise<StatementResult>
