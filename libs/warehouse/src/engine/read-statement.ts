import { splitStatements, type Statement, statementClass, type StatementClass, type Token, tokenize } from '@squall/snowflake-sql'
import { SnowflakeError } from './snowflake-error.ts'
import { placeOf } from './snowflake-errors.ts'

/** A text as a session was given it. */
export interface StatementText {
  readonly sql: string
  readonly tokens: readonly Token[]
  /** Those between the semicolons. */
  readonly statements: readonly Statement[]
  /** Of the first one. */
  readonly kind: StatementClass
}

/** Reads a text. Never throws: what is wrong with it is told when it runs. */
export function readStatement(sql: string): StatementText {
  const tokens = tokenize(sql)
  const statements = splitStatements(tokens)
  const [first] = statements
  return { sql, tokens, statements, kind: first ? statementClass(first) : 'empty' }
}

/** The one statement of a text. Throws 000900 for none, 000008 for several. */
export function onlyStatement({ statements }: StatementText): Statement {
  const [statement] = statements
  if (!statement) throw new SnowflakeError('000900', '42601', 'SQL compilation error:\nEmpty SQL statement.')
  if (statements.length === 1) return statement
  const message = `Actual statement count ${statements.length} did not match the desired statement count 1.`
  throw new SnowflakeError('000008', '0A000', message, placeOf(statements[1]?.tokens[0]))
}

/** Whether a statement takes a place in a warehouse; what only looks at or changes metadata and the session does not. */
export function needsWarehouse({ kind }: StatementText): boolean {
  return kind === 'select' || kind === 'dml'
}
