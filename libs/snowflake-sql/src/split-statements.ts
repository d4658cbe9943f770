import { isOperator, isTrivia, type Token } from './token.ts'

/** One statement of a text, without the semicolon that ends it. */
export interface Statement {
  /** Everything from the first to the last token that is neither white space nor a comment; trivia in between included. */
  readonly tokens: readonly Token[]
  /** The same as text. */
  readonly text: string
}

/**
 * Splits at every semicolon outside strings and comments, brackets or not: a reader that splits too often sees too many statements,
 * one that splits too rarely may overlook one. So a scripting block (`BEGIN … END`) falls apart, and its parts are no plain statements.
 * Statements without any token but sound comments are left out.
 */
export function splitStatements(tokens: readonly Token[]): readonly Statement[] {
  const statements: Statement[] = []
  let current: Token[] = []
  const finish = (): void => {
    const trimmed = trimTrivia(current)
    if (trimmed.length > 0) statements.push({ tokens: trimmed, text: trimmed.map(({ text }) => text).join('') })
    current = []
  }
  for (const token of tokens) {
    if (isOperator(token, ';')) finish()
    else current.push(token)
  }
  finish()
  return statements
}

function trimTrivia(tokens: readonly Token[]): readonly Token[] {
  const first = tokens.findIndex(isWorthSeeing)
  const last = tokens.findLastIndex(isWorthSeeing)
  return first < 0 ? [] : tokens.slice(first, last + 1)
}

/** A comment nobody can read for sure is kept, so that whoever judges the statement sees it. */
function isWorthSeeing(token: Token): boolean {
  return !isTrivia(token) || token.problem !== undefined
}
