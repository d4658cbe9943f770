import { isOperator, isTrivia, parseTokenTree, type Statement, type Token, type TokenNode } from '@squall/snowflake-sql'
import { SnowflakeError } from '../engine/snowflake-error.ts'
import { placeOf, syntaxError } from '../engine/snowflake-errors.ts'
import { translateFrom } from './from-clause.ts'
import type { Scope, TranslationSession } from './scope.ts'
import { translateExpression } from './translate-expression.ts'
import { translateQuery } from './translate-query.ts'

/** A statement read as a tree, ready to be translated. */
export interface ParsedStatement {
  readonly nodes: readonly TokenNode[]
  /** The text the tokens' offsets count in. */
  readonly source: string
}

/** Nests a statement's tokens. Throws 001003 for brackets without a partner and for tokens nobody can read. */
export function parseStatement(statement: Statement, source: string): ParsedStatement {
  const broken = statement.tokens.find(({ problem }) => problem !== undefined)
  if (broken) throw unreadableToken(broken)
  const { nodes, unmatched } = parseTokenTree(statement.tokens)
  const [bracket] = unmatched
  if (bracket)
    throw isOperator(bracket, ')') || isOperator(bracket, ']') || isOperator(bracket, '}')
      ? syntaxError(bracket)
      : syntaxError(undefined)
  return { nodes, source }
}

function unreadableToken(token: Token): Error {
  if (token.problem === 'unknownCharacter') return syntaxError(token)
  const place = placeOf(token)
  const what = token.problem === 'unterminated' ? 'parse error: unterminated' : 'parse error: ambiguous'
  const kind = isTrivia(token) ? 'comment' : 'text'
  const message = `SQL compilation error:\n${what} ${kind} line ${token.line} at position ${token.column}`
  return new SnowflakeError('001003', '42000', message, place)
}

/** What the translation of a statement starts from. */
export function createScope(session: TranslationSession, source: string): Scope {
  return {
    session,
    source,
    commonTables: new Set(),
    query: translateQuery,
    expression: translateExpression,
    relations: translateFrom,
  }
}
