import type { Token, TokenNode } from '@squall/snowflake-sql'
import type { SessionContext } from '../engine/engine.ts'

/** A name as written: its parts in the spelling Snowflake stores, an omitted one (`db..t`) empty. */
export interface ObjectName {
  readonly parts: readonly string[]
  readonly token: Token
}

/** DuckDB SQL for a table, and the name it goes by where the statement gives it none. */
export interface Relation {
  readonly sql: string
  /** With the word AS; absent where the table's own name serves. */
  readonly alias?: string
}

/** A call of INFORMATION_SCHEMA.QUERY_HISTORY or one of its relatives; its arguments are SQL. */
export interface HistoryRequest {
  readonly by: 'ALL' | 'SESSION' | 'USER' | 'WAREHOUSE'
  readonly arguments: ReadonlyMap<string, string>
}

/** What the translation of one statement needs to know of the session around it. */
export interface TranslationSession {
  readonly context: SessionContext
  readonly sessionId: string
  /** Of the open transaction. */
  readonly transactionId: string | null
  /** What stands for a table or view in a FROM clause. Throws 002003 where there is none. */
  resolveRelation(name: ObjectName): Relation
  readonly hasSecondaryRoles: boolean
  /** The roles the user may use. */
  availableRoles(): readonly string[]
  /** The id of a statement of this session: -1 the newest, 1 the first. */
  lastQueryId(position: number): string | null
  /** The rows of an earlier statement. Throws 000709 where there are none for this user. */
  resultScan(queryId: string, token: Token): Relation
  /** Lines of the query history. */
  queryHistory(request: HistoryRequest): Relation
  /** DuckDB literal for a session variable. Throws where it is not set. */
  variableLiteral(name: string, token: Token): string
  /** DuckDB literal for a `?` or `:1`. Throws where no value was sent. */
  bindLiteral(token: Token): string
  /** The text GET_DDL gives. Throws 002003 where there is no such object. */
  objectDdl(kind: string, name: string, token: Token): string
  /** Makes the statement wait before it runs, as SYSTEM$WAIT does. */
  delayStatement(seconds: number): void
}

/** Where a piece of SQL stands: the session, the text, the common table expressions in sight, and how its parts are translated. */
export interface Scope {
  readonly session: TranslationSession
  readonly source: string
  readonly commonTables: ReadonlySet<string>
  /** Whether the query's columns go to the client, so that a TIMESTAMP_TZ among them needs its offset. */
  readonly isOutermost?: boolean
  query(nodes: readonly TokenNode[], scope: Scope): string
  expression(nodes: readonly TokenNode[], scope: Scope): string
  /** What stands after FROM or USING. */
  relations(nodes: readonly TokenNode[], scope: Scope): string
}
