import { isKeyword, type TokenNode } from '@squall/snowflake-sql'
import { syntaxError, unsupportedFeature } from '../engine/snowflake-errors.ts'
import { translateFrom } from './from-clause.ts'
import { firstToken, leafToken, NodeCursor } from './node-cursor.ts'
import { quoteName } from './quote.ts'
import type { Scope } from './scope.ts'
import { translateSelectList } from './select-list.ts'
import { translateValues } from './values-clause.ts'

/** Whether the nodes begin like a query, so that a bracket around them holds one. */
export function looksLikeQuery([first]: readonly TokenNode[]): boolean {
  if (first?.kind === 'group' && first.open.text === '(') return looksLikeQuery(first.children)
  return isKeyword(leafToken(first), 'SELECT', 'WITH', 'VALUES')
}

/** A whole query: common table expressions, set operators, ORDER BY and LIMIT included. */
export function translateQuery(nodes: readonly TokenNode[], scope: Scope): string {
  const cursor = new NodeCursor(nodes)
  if (!cursor.skipKeywords('WITH')) return translateSetOperation(nodes, scope)
  const isRecursive = !isKeyword(cursor.token(1), 'AS') && cursor.skipKeywords('RECURSIVE')
  return translateWith(cursor, scope, isRecursive)
}

function translateWith(cursor: NodeCursor, scope: Scope, isRecursive: boolean): string {
  const tables: string[] = []
  const { isOutermost = false } = scope
  let inner: Scope = { ...scope, isOutermost: false }
  do {
    const name = cursor.takeName()
    const columns = cursor.takeGroup('(')
    if (!cursor.skipKeywords('AS')) throw cursor.unexpected()
    const body = cursor.takeGroup('(')
    if (!body) throw cursor.unexpected()
    const withItself = { ...inner, commonTables: new Set([...inner.commonTables, name]) }
    // Snowflake lets a common table refer to itself without the word RECURSIVE; DuckDB needs the word, and does no harm with it.
    const refersToItself = isRecursive || isSelfReferential(body.children, name)
    const query = scope.query(body.children, refersToItself ? withItself : inner)
    const columnList = columns ? `(${translateNames(columns.children)})` : ''
    tables.push(`${quoteName(name)}${columnList} AS (${query})`)
    inner = withItself
    isRecursive ||= refersToItself
  } while (cursor.skipOperator(','))
  return `WITH ${isRecursive ? 'RECURSIVE ' : ''}${tables.join(', ')} ${translateSetOperation(cursor.takeRest(), { ...inner, isOutermost })}`
}

/** Whether the name is used as a table behind a top-level UNION ALL, the only shape a recursive table can have. */
function isSelfReferential(body: readonly TokenNode[], name: string): boolean {
  const union = body.findIndex((node) => isKeyword(leafToken(node), 'UNION'))
  if (union < 0) return false
  return body.slice(union).some((node, index, rest) => {
    const token = leafToken(node)
    return token?.kind === 'word' && token.text.toUpperCase() === name && isKeyword(leafToken(rest[index - 1]), 'FROM', 'JOIN')
  })
}

export function translateNames(nodes: readonly TokenNode[]): string {
  const cursor = new NodeCursor(nodes)
  const names: string[] = []
  do names.push(quoteName(cursor.takeName()))
  while (cursor.skipOperator(','))
  cursor.expectEnd()
  return names.join(', ')
}

const setOperators: Readonly<Record<string, string>> = {
  UNION: 'UNION',
  INTERSECT: 'INTERSECT',
  EXCEPT: 'EXCEPT',
  MINUS: 'EXCEPT',
}

function translateSetOperation(nodes: readonly TokenNode[], scope: Scope): string {
  const parts: string[] = []
  let branch: TokenNode[] = []
  const cursor = new NodeCursor(nodes)
  while (!cursor.isAtEnd) {
    const operator = setOperators[leafKeyword(cursor) ?? '']
    if (operator === undefined) {
      branch.push(cursor.next())
      continue
    }
    scope = { ...scope, isOutermost: false }
    parts.push(translateBranch(branch, scope), operator)
    cursor.next()
    branch = []
    if (cursor.skipKeywords('ALL')) parts.push('ALL')
    if (cursor.skipKeywords('BY', 'NAME')) parts.push('BY NAME')
  }
  return [...parts, translateBranch(branch, scope)].join(' ')
}

function leafKeyword(cursor: NodeCursor): string | undefined {
  const token = cursor.token()
  return token?.kind === 'word' ? token.text.toUpperCase() : undefined
}

/** One side of a set operator: a SELECT, VALUES, or a query in brackets with what may follow it. */
function translateBranch(nodes: readonly TokenNode[], scope: Scope): string {
  const cursor = new NodeCursor(nodes)
  const group = cursor.takeGroup('(')
  if (group) return `(${scope.query(group.children, scope)}) ${translateClauses(cursor, scope)}`.trimEnd()
  if (cursor.skipKeywords('VALUES')) return `${translateValues(cursor, scope)} ${translateClauses(cursor, scope)}`.trimEnd()
  if (!cursor.skipKeywords('SELECT')) throw syntaxError(firstToken(cursor.peek()))
  return translateSelect(cursor, scope)
}

function translateSelect(cursor: NodeCursor, { isOutermost = false, ...outer }: Scope): string {
  const scope: Scope = { ...outer, isOutermost: false }
  const quantifier = cursor.skipKeywords('DISTINCT') ? 'DISTINCT ' : ''
  if (quantifier === '') cursor.skipKeywords('ALL')
  // `DISTINCT ON (…)` is not Snowflake's.
  else if (cursor.isAtKeyword('ON') && cursor.group('(', 1)) throw cursor.unexpected()
  const top = takeTop(cursor)
  const columns = takeClause(cursor)
  if (columns.length === 0) throw cursor.unexpected()
  const list = translateSelectList(columns, scope, isOutermost)
  const rest = translateClauses(cursor, scope)
  return `SELECT ${quantifier}${list} ${rest}${top === undefined ? '' : ` LIMIT ${top}`}`.trimEnd()
}

function takeTop(cursor: NodeCursor): string | undefined {
  const count = cursor.token(1)
  if (!cursor.isAtKeyword('TOP') || count?.kind !== 'number') return undefined
  cursor.at += 2
  return count.text
}

/** Words that begin a clause on the level of a SELECT. */
const clauseStarts = new Set([
  'FROM',
  'WHERE',
  'GROUP',
  'HAVING',
  'QUALIFY',
  'ORDER',
  'LIMIT',
  'OFFSET',
  'FETCH',
  'WINDOW',
  'START',
  'CONNECT',
])

function isAtClause(cursor: NodeCursor): boolean {
  const keyword = leafKeyword(cursor)
  if (keyword === undefined || !clauseStarts.has(keyword)) return false
  const before = leafToken(cursor.nodes[cursor.at - 1])
  // `IS DISTINCT FROM`, `WITHIN GROUP`, and names such as `t.start` or `start, …` are no clauses.
  if (keyword === 'FROM') return !isKeyword(before, 'DISTINCT')
  if (keyword === 'GROUP' || keyword === 'ORDER') return isKeyword(cursor.token(1), 'BY')
  if (keyword === 'START') return isKeyword(cursor.token(1), 'WITH')
  if (keyword === 'CONNECT') return isKeyword(cursor.token(1), 'BY')
  return before?.text !== '.' && before?.text !== ':'
}

function takeClause(cursor: NodeCursor): readonly TokenNode[] {
  const start = cursor.at
  while (!cursor.isAtEnd && !isAtClause(cursor)) cursor.at += 1
  return cursor.nodes.slice(start, cursor.at)
}

function translateClauses(cursor: NodeCursor, scope: Scope): string {
  const parts: string[] = []
  while (!cursor.isAtEnd) parts.push(translateClause(cursor, scope))
  return parts.join(' ')
}

function translateClause(cursor: NodeCursor, scope: Scope): string {
  if (!isAtClause(cursor)) throw cursor.unexpected()
  if (cursor.isAtKeyword('START', 'CONNECT')) throw unsupportedFeature('CONNECT BY', cursor.token())
  const keyword = leafKeyword(cursor) ?? ''
  cursor.next()
  if (keyword === 'GROUP' || keyword === 'ORDER') return translateBy(keyword, cursor, scope)
  if (keyword === 'FETCH') return translateFetch(cursor)
  if (keyword === 'OFFSET') return translateOffset(cursor, scope)
  const nodes = takeClause(cursor)
  if (nodes.length === 0) throw cursor.unexpected()
  if (keyword === 'LIMIT') return translateLimit(nodes, scope)
  return `${keyword} ${keyword === 'FROM' ? translateFrom(nodes, scope) : scope.expression(nodes, scope)}`
}

function translateBy(keyword: string, cursor: NodeCursor, scope: Scope): string {
  cursor.next()
  const nodes = takeClause(cursor)
  if (nodes.length === 0) throw cursor.unexpected()
  return `${keyword} BY ${nodes.length === 1 && isKeyword(leafToken(nodes[0]), 'ALL') ? 'ALL' : scope.expression(nodes, scope)}`
}

/** `LIMIT n`, and the three spellings of "no limit": NULL, '' and $$$$. */
function translateLimit(nodes: readonly TokenNode[], scope: Scope): string {
  const token = nodes.length === 1 ? leafToken(nodes[0]) : undefined
  if (token?.text === "''" || token?.text === '$$$$' || isKeyword(token, 'NULL')) return ''
  return `LIMIT ${scope.expression(nodes, scope)}`
}

/** `OFFSET n [ROW | ROWS]`. */
function translateOffset(cursor: NodeCursor, scope: Scope): string {
  const nodes = takeClause(cursor).filter((node) => !isKeyword(leafToken(node), 'ROW', 'ROWS'))
  return `OFFSET ${scope.expression(nodes, scope)}`
}

/** `FETCH [FIRST | NEXT] n [ROW | ROWS] [ONLY]`. */
function translateFetch(cursor: NodeCursor): string {
  if (!cursor.skipKeywords('FIRST')) cursor.skipKeywords('NEXT')
  const count = cursor.token()
  if (count?.kind !== 'number') throw cursor.unexpected()
  cursor.next()
  if (!cursor.skipKeywords('ROWS')) cursor.skipKeywords('ROW')
  cursor.skipKeywords('ONLY')
  return `LIMIT ${count.text}`
}
