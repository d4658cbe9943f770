import { isKeyword, type Token, type TokenNode } from '@squall/snowflake-sql'
import { syntaxError, unsupportedFeature } from '../engine/snowflake-errors.ts'
import { NodeCursor, splitAtOperator } from './node-cursor.ts'
import { takeObjectName } from './object-name.ts'
import { takePivot } from './pivot.ts'
import { quoteName } from './quote.ts'
import type { Relation, Scope } from './scope.ts'
import { translateTableFunction } from './table-function.ts'
import { translateValues } from './values-clause.ts'

/** What stands between FROM and the next clause: tables, joins, subqueries, table functions. */
export function translateFrom(nodes: readonly TokenNode[], scope: Scope): string {
  const cursor = new NodeCursor(nodes)
  const parts = [translateRelation(cursor, scope)]
  while (!cursor.isAtEnd) {
    if (cursor.skipOperator(',')) parts.push(',')
    else parts.push(takeJoin(cursor))
    parts.push(translateRelation(cursor, scope), translateJoinCondition(cursor, scope))
  }
  return parts.filter((part) => part !== '').join(' ')
}

const joinWords = ['NATURAL', 'INNER', 'LEFT', 'RIGHT', 'FULL', 'CROSS', 'OUTER', 'JOIN']

function isAtJoin(cursor: NodeCursor): boolean {
  // `LEFT(name, 3)` inside an ON condition is a function.
  return cursor.isAtKeyword(...joinWords) && !cursor.group('(', 1) ? true : cursor.isAtKeyword('JOIN')
}

function takeJoin(cursor: NodeCursor): string {
  const words: string[] = []
  while (cursor.isAtKeyword(...joinWords)) {
    const word = cursor.token()?.text.toUpperCase() ?? ''
    words.push(word)
    cursor.next()
    if (word === 'JOIN') return words.join(' ')
  }
  if (cursor.isAtKeyword('ASOF')) throw unsupportedFeature('ASOF JOIN', cursor.token())
  throw cursor.unexpected()
}

function translateJoinCondition(cursor: NodeCursor, scope: Scope): string {
  if (cursor.isAtKeyword('USING') && cursor.group('(', 1)) {
    cursor.next()
    const columns = splitAtOperator(cursor.takeGroup('(')?.children ?? [], ',')
    return `USING (${columns.map((column) => quoteName(new NodeCursor(column).takeName())).join(', ')})`
  }
  if (!cursor.skipKeywords('ON')) return ''
  const start = cursor.at
  while (!cursor.isAtEnd && !cursor.isAtOperator(',') && !isAtJoin(cursor)) cursor.at += 1
  return `ON ${scope.expression(cursor.nodes.slice(start, cursor.at), scope)}`
}

/** Words that may follow a table and are not its alias. */
const noAliases = [
  ...joinWords,
  'ON',
  'USING',
  'ASOF',
  'SAMPLE',
  'TABLESAMPLE',
  'PIVOT',
  'UNPIVOT',
  'AT',
  'BEFORE',
  'CHANGES',
  'MATCH_RECOGNIZE',
  'MATCH_CONDITION',
]

function translateRelation(cursor: NodeCursor, scope: Scope): string {
  const relation = translateSource(cursor, scope)
  const unsupported = cursor.token()
  if (isKeyword(unsupported, 'MATCH_RECOGNIZE', 'CHANGES') || isTimeTravel(cursor)) {
    throw unsupportedFeature(unsupported?.text.toUpperCase() ?? '', unsupported)
  }
  const sampleBefore = takeSample(cursor)
  const alias = takeAlias(cursor)
  const sample = sampleBefore === '' ? takeSample(cursor) : sampleBefore
  const named = alias === '' ? (relation.alias ?? '') : alias
  const sql = [relation.sql, named, sample].filter((part) => part !== '').join(' ')
  return pivoted(sql, cursor, scope)
}

/** A table turned by PIVOT or UNPIVOT, once or several times; in a bracket, so that its new name can name the columns too. */
function pivoted(sql: string, cursor: NodeCursor, scope: Scope): string {
  const pivot = takePivot(cursor, scope)
  if (pivot === undefined) return sql
  const alias = takeAlias(cursor)
  return pivoted(`(SELECT * FROM ${sql} ${pivot}) ${alias === '' ? 'AS "PIVOT"' : alias}`, cursor, scope)
}

function isTimeTravel(cursor: NodeCursor): boolean {
  return cursor.isAtKeyword('AT', 'BEFORE') && cursor.group('(', 1) !== undefined
}

function takeAlias(cursor: NodeCursor): string {
  if (!cursor.skipKeywords('AS') && (cursor.isAtKeyword(...noAliases) || !isNameToken(cursor.token()))) return ''
  const alias = quoteName(cursor.takeName())
  const columns = cursor.takeGroup('(')
  if (!columns) return `AS ${alias}`
  const names = splitAtOperator(columns.children, ',').map((column) => quoteName(new NodeCursor(column).takeName()))
  return `AS ${alias}(${names.join(', ')})`
}

function isNameToken(token: Token | undefined): boolean {
  return token?.kind === 'word' || token?.kind === 'quotedIdentifier'
}

/** `SAMPLE (10)`, `TABLESAMPLE BERNOULLI (10 ROWS)`, with `SEED (n)` or `REPEATABLE (n)`. */
function takeSample(cursor: NodeCursor): string {
  if (!cursor.skipKeywords('SAMPLE') && !cursor.skipKeywords('TABLESAMPLE')) return ''
  if (cursor.isAtKeyword('BERNOULLI', 'ROW', 'SYSTEM', 'BLOCK')) cursor.next()
  const size = new NodeCursor(cursor.takeGroup('(')?.children ?? [])
  const amount = size.token()
  if (amount?.kind !== 'number') throw syntaxError(amount ?? cursor.token())
  size.next()
  const isRows = size.skipKeywords('ROWS')
  size.expectEnd()
  const seed = takeSeed(cursor)
  return `TABLESAMPLE ${isRows ? `reservoir(${amount.text} ROWS)` : `bernoulli(${amount.text}%)`}${seed}`
}

function takeSeed(cursor: NodeCursor): string {
  if (!cursor.skipKeywords('SEED') && !cursor.skipKeywords('REPEATABLE')) return ''
  const seed = new NodeCursor(cursor.takeGroup('(')?.children ?? []).token()
  if (seed?.kind !== 'number') throw cursor.unexpected()
  return ` REPEATABLE (${seed.text})`
}

function translateSource(cursor: NodeCursor, scope: Scope): Relation {
  const isLateral = cursor.skipKeywords('LATERAL')
  const group = cursor.takeGroup('(')
  if (group) return { sql: `${isLateral ? 'LATERAL ' : ''}(${translateBracket(group.children, scope)})` }
  if (cursor.skipKeywords('VALUES')) return { sql: `(${translateValues(cursor, scope)})`, alias: 'AS "VALUES"' }
  const token = cursor.token()
  if (token === undefined) throw syntaxError(undefined)
  if (token.kind === 'stage') throw unsupportedFeature('querying staged files', token)
  const argument = cursor.group('(', 1)
  if (argument && isKeyword(token, 'TABLE')) {
    cursor.at += 2
    return translateTableFunction(new NodeCursor(argument.children), scope)
  }
  if (argument && isLateral) return translateTableFunction(cursor, scope)
  return translateTableName(cursor, scope)
}

/** A bracket in FROM holds a query, or tables joined. */
function translateBracket(nodes: readonly TokenNode[], scope: Scope): string {
  return isQuery(nodes) ? scope.query(nodes, scope) : translateFrom(nodes, scope)
}

function isQuery([first, second]: readonly TokenNode[]): boolean {
  if (first?.kind === 'group') return first.open.text === '(' && isQuery(first.children) && !isJoinNode(second)
  return isKeyword(first?.token, 'SELECT', 'WITH', 'VALUES')
}

function isJoinNode(node: TokenNode | undefined): boolean {
  const token = node?.kind === 'leaf' ? node.token : undefined
  return token !== undefined && !isKeyword(token, 'UNION', 'INTERSECT', 'EXCEPT', 'MINUS', 'ORDER', 'LIMIT', 'OFFSET', 'FETCH')
}

function translateTableName(cursor: NodeCursor, scope: Scope): Relation {
  const name = takeObjectName(cursor, scope)
  const [first = ''] = name.parts
  if (name.parts.length === 1 && scope.commonTables.has(first)) return { sql: quoteName(first) }
  if (cursor.group('(')) throw syntaxError(name.token)
  return scope.session.resolveRelation(name)
}
