import { identifierName, isTrivia, parseTokenTree, stringValue, tokenize, type Token } from '@squall/snowflake-sql'
import { syntaxError } from '../engine/snowflake-errors.ts'
import { leafToken, NodeCursor } from './node-cursor.ts'
import type { ObjectName, Scope } from './scope.ts'

/** Reads `a`, `a.b`, `a.b.c` or `a..c`, or `IDENTIFIER('a.b')`, at the cursor. Throws 001003 where there is no name. */
export function takeObjectName(cursor: NodeCursor, scope?: Pick<Scope, 'session'>): ObjectName {
  const token = cursor.token()
  if (token === undefined) throw cursor.unexpected()
  if (cursor.isAtKeyword('IDENTIFIER') && cursor.group('(', 1)) return takeIdentifierCall(cursor, token, scope)
  const parts = [cursor.takeName()]
  while (cursor.isAtOperator('.')) {
    cursor.next()
    parts.push(cursor.isAtOperator('.') ? '' : cursor.takeName())
  }
  if (parts.length > 3) throw syntaxError(token)
  return { parts, token }
}

function takeIdentifierCall(cursor: NodeCursor, token: Token, scope: Pick<Scope, 'session'> | undefined): ObjectName {
  cursor.next()
  const [argument, ...rest] = cursor.takeGroup('(')?.children ?? []
  const value = leafToken(argument)
  if (value === undefined || rest.length > 0) throw syntaxError(token)
  return parseObjectName(textOf(value, scope), token)
}

function textOf(token: Token, scope: Pick<Scope, 'session'> | undefined): string {
  const literal = stringValue(token)
  if (literal !== undefined) return literal
  const name = identifierName(token)
  if (name !== undefined) return token.text
  if (scope && token.kind === 'variable') return unquote(scope.session.variableLiteral(token.text.slice(1).toUpperCase(), token))
  if (scope && token.kind === 'bind') return unquote(scope.session.bindLiteral(token))
  throw syntaxError(token)
}

function unquote(literal: string): string {
  return literal.startsWith("'") ? literal.slice(1, -1).replaceAll("''", "'") : literal
}

/** Reads a name that was written inside a string, as in `GET_DDL('VIEW', 'DB.S."v"')`. Throws 001003 for anything else. */
export function parseObjectName(text: string, place: Token): ObjectName {
  const cursor = new NodeCursor(parseTokenTree(tokenize(text).filter((token) => !isTrivia(token))).nodes)
  if (cursor.isAtEnd || cursor.nodes.some((node) => leafToken(node)?.problem !== undefined)) throw syntaxError(place)
  const name = takeObjectName(cursor)
  if (!cursor.isAtEnd) throw syntaxError(place)
  return { parts: name.parts, token: place }
}

/** The name as Snowflake's messages show it: quotes only around parts that need them. */
export function renderObjectName(parts: readonly string[]): string {
  return parts
    .map((part) => (/^[A-Z_][A-Z0-9_$]*$/.test(part) || part === '' ? part : `"${part.replaceAll('"', '""')}"`))
    .join('.')
}
