// Every kind of state a session can have: how a client leaves its mark in it, and how anybody sees that the mark is there.
import { CodedError } from '@squall/errors'
import type { SnowflakeConnection, StatementResult } from '@squall/snowflake'

/** One client's statements in the session it leases, each counted. */
export interface Hands {
  readonly connection: SnowflakeConnection
  /** Different for each lease: what this client leaves can be told from what others left. */
  readonly mark: string
  readonly run: (
    sql: string,
    options?: { readonly database?: string; readonly cancelAfterMs?: number },
  ) => Promise<StatementResult | undefined>
}

export interface StateKind {
  /** Changes the session. */
  readonly leave: (hands: Hands) => Promise<unknown>
  /** What of others is seen in a session that was just leased; nothing where it is as it was born. */
  readonly look: (hands: Hands) => Promise<string | undefined>
}

const here = async ({ run }: Hands): Promise<string | undefined> => {
  const result = await run('SELECT CURRENT_DATABASE(), CURRENT_SCHEMA(), CURRENT_ROLE(), CURRENT_WAREHOUSE()')
  const seen = result?.rows[0]?.map(String).join('.')
  return seen === 'TEST_DB.PUBLIC.SYSADMIN.COMPUTE_WH' ? undefined : `stands at ${seen}`
}

/** The rows of SHOW as text, without those every new session has. */
const shown = async ({ run }: Hands, sql: string, isOwn: (row: readonly unknown[]) => boolean): Promise<string | undefined> => {
  const result = await run(sql)
  const strange = result?.rows.filter((row) => !isOwn(row)).map((row) => row.slice(0, 3).map(String).join('='))
  return strange?.length === 0 ? undefined : `${sql}: ${strange?.join(', ') ?? 'no answer'}`
}

/** Set for every session by its connection. */
const parametersOfBirth = new Set(['STRICT_JSON_OUTPUT'])

export const stateKinds = {
  database: { leave: ({ run }) => run('USE DATABASE ANALYTICS_DB'), look: here },
  schema: { leave: ({ run }) => run('USE SCHEMA STAGING_DB.REPORTING'), look: here },
  role: { leave: ({ run }) => run('USE ROLE ANALYST'), look: here },
  warehouse: { leave: ({ run }) => run('USE WAREHOUSE ANALYTICS_WH'), look: here },
  parameter: {
    leave: ({ run, mark }) =>
      run(`ALTER SESSION SET QUERY_TAG = '${mark}', TIMEZONE = 'Asia/Tokyo', JS_TREAT_INTEGER_AS_BIGINT = TRUE`),
    look: (hands) => shown(hands, 'SHOW PARAMETERS', ([key, , , level]) => level === '' || parametersOfBirth.has(String(key))),
  },
  variable: {
    leave: ({ run, mark }) => run(`SET MARK = '${mark}'`),
    look: (hands) => shown(hands, 'SHOW VARIABLES', () => false),
  },
  temporary: {
    leave: ({ run, mark }) => run(`CREATE OR REPLACE TEMPORARY TABLE TEST_DB.PUBLIC.MARK_TABLE AS SELECT '${mark}' AS MARK`),
    look: async ({ run }) => {
      const result = await run('SELECT MARK FROM TEST_DB.PUBLIC.MARK_TABLE')
      return result && `a temporary table of ${JSON.stringify(result.rows[0]?.[0])}`
    },
  },
  transaction: {
    async leave({ run, mark }) {
      await run('BEGIN')
      await run(`INSERT INTO TEST_DB.PUBLIC.ISOLATION_MARKS VALUES ('${mark}')`)
    },
    look: async ({ run }) => {
      const result = await run('SELECT MARK FROM TEST_DB.PUBLIC.ISOLATION_MARKS')
      return result?.rows.length === 0 ? undefined : `a row of an open transaction: ${JSON.stringify(result?.rows[0]?.[0])}`
    },
  },
  openTransaction: {
    leave: ({ run }) => run('BEGIN'),
    look: async ({ run }) => {
      const result = await run('SELECT CURRENT_TRANSACTION()')
      return result?.rows[0]?.[0] === null ? undefined : `an open transaction: ${JSON.stringify(result?.rows[0]?.[0])}`
    },
  },
  lastResult: {
    leave: ({ run, mark }) => run(`SELECT '${mark}'`),
    look: async ({ connection, run }) => {
      const result = await run('SELECT LAST_QUERY_ID()')
      const id = result?.rows[0]?.[0]
      return typeof id !== 'string' || own(connection, id) ? undefined : `the last query of another: ${id}`
    },
  },
} satisfies Record<string, StateKind>

export type StateName = keyof typeof stateKinds
export const stateNames = Object.keys(stateKinds) as StateName[]

/** The query ids a session ran for its clients: those of a new one belong to its birth. */
const knownIds = new WeakMap<SnowflakeConnection, Set<string>>()

export function remember(connection: SnowflakeConnection, queryId: string): void {
  const ids = knownIds.get(connection) ?? new Set()
  knownIds.set(connection, ids.add(queryId))
}

/** Asked before anything ran in this lease, so an id that is known was another's. */
function own(connection: SnowflakeConnection, queryId: string): boolean {
  return knownIds.get(connection)?.has(queryId) !== true
}

/** Failures that say nothing of isolation: Snowflake refused the statement, or it was cancelled, or never sent. */
export function isExpected(error: unknown): boolean {
  const { code } = error instanceof CodedError ? error : { code: '' }
  return [
    'SNOWFLAKE_QUERY_FAILED',
    'SNOWFLAKE_QUERY_CANCELLED',
    'SNOWFLAKE_QUERY_TIMEOUT',
    'SNOWFLAKE_LAST_RESULT_REFUSED',
    'SNOWFLAKE_SESSION_LOST',
  ].includes(code)
}
