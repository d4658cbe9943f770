// A Snowflake for unit tests that answers each statement as its test says, and remembers what it was sent.
import type { PoolStats } from '@squall/pool'
import type { Cell, Column, SessionContext, SnowflakeConnection, Statement, StatementResult } from '@squall/snowflake'
import type { Verdict } from '@squall/sql-policy'
import type { Connections } from '../index.ts'

/** Rows by column name; every column is TEXT unless it says its type as `name:TYPE`. */
export interface Answer {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
  readonly truncated?: boolean
}

export type Script = (sql: string, statement: Statement) => Answer | Error | Promise<Answer | Error>

export interface ScriptedSnowflake extends Connections {
  readonly statements: Statement[]
  readonly returned: ('released' | 'discarded')[]
  /** Texts alone. */
  sql(): string[]
}

const stats: PoolStats = {
  size: 2,
  available: 1,
  leased: 1,
  waiting: 0,
  min: 1,
  max: 4,
  draining: false,
  created: 2,
  createFailures: 0,
  destroyed: 0,
  destroyFailures: 0,
  acquired: 5,
  cleaned: 4,
  discarded: 0,
  expired: 0,
  invalid: 0,
  acquireTimeouts: 0,
  acquireAborts: 0,
  queueFull: 0,
  leaks: 0,
  longestHeldMs: 0,
  waitMs: { count: 5, total: 10, max: 4 },
}

export function scriptedSnowflake(script: Script): ScriptedSnowflake {
  const statements: Statement[] = []
  const returned: ('released' | 'discarded')[] = []
  return {
    statements,
    returned,
    sql: () => statements.map(({ sql }) => sql),
    stats: () => stats,
    async acquire() {
      // oxlint-disable-next-line unicorn/consistent-function-scoping -- one per lease, as in the real pool
      const release = async (): Promise<void> => void returned.push('released')
      return {
        resource: scriptedConnection(script, statements),
        release,
        discard: async () => void returned.push('discarded'),
        [Symbol.asyncDispose]: release,
      }
    },
  }
}

function scriptedConnection(script: Script, statements: Statement[]): SnowflakeConnection {
  const born: SessionContext = { database: null, schema: null, role: 'R', warehouse: 'W' }
  return {
    async run(statement): Promise<StatementResult> {
      statements.push(statement)
      const context = contextOf(statement, born)
      const answer = /^(?:BEGIN|COMMIT|ROLLBACK)/.test(statement.sql)
        ? { columns: ['status'], rows: [['ok']] }
        : await script(statement.sql, statement)
      if (answer instanceof Error) throw answer
      const firstRow = statement.firstRow ?? 0
      const rows = answer.rows.slice(firstRow, firstRow + statement.maxRows)
      return {
        queryId: statement.resultOf ?? `q${statements.length}`,
        columns: answer.columns.map(toColumn),
        rows,
        truncated: answer.truncated ?? firstRow + rows.length < answer.rows.length,
        context,
      }
    },
    context: () => born,
    isUp: () => true,
    heartbeat: async () => true,
    reset: async () => true,
    close: async () => undefined,
  }
}

function contextOf({ context }: Statement, born: SessionContext): SessionContext {
  const wanted = context === undefined || context === 'anywhere' ? {} : context
  const { database = born.database, schema = wanted.database === undefined ? born.schema : 'PUBLIC' } = wanted
  return { ...born, database, schema }
}

function toColumn(text: string): Column {
  const [name = '', type = 'TEXT'] = text.split(':')
  return { name, type, nullable: true }
}

/** A gate for unit tests: the first word decides. */
export function firstWordGate(sql: string): Verdict {
  const [word = ''] = /[a-z]+/i.exec(sql) ?? []
  return /^(?:select|with|show|describe|explain)$/i.test(word)
    ? { allowed: true, statementClass: 'select' }
    : { allowed: false, reason: `${word.toUpperCase()} is not a reading statement.`, hint: 'Send a SELECT.' }
}
