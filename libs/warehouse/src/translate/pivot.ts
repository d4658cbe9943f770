import { isKeyword, type TokenNode } from '@squall/snowflake-sql'
import { unsupportedFeature } from '../engine/snowflake-errors.ts'
import { firstToken, lastToken, leafToken, NodeCursor, splitAtOperator } from './node-cursor.ts'
import { quoteName } from './quote.ts'
import type { Scope } from './scope.ts'

/** `PIVOT (…)` or `UNPIVOT [INCLUDE NULLS | EXCLUDE NULLS] (…)` behind a table, as one of DuckDB's; nothing where there is none. */
export function takePivot(cursor: NodeCursor, scope: Scope): string | undefined {
  if (cursor.skipKeywords('PIVOT')) return translatePivot(takeBracket(cursor), scope)
  if (!cursor.skipKeywords('UNPIVOT')) return undefined
  const includesNulls = cursor.skipKeywords('INCLUDE', 'NULLS')
  if (!includesNulls) cursor.skipKeywords('EXCLUDE', 'NULLS')
  return translateUnpivot(takeBracket(cursor), includesNulls)
}

function takeBracket(cursor: NodeCursor): NodeCursor {
  const group = cursor.takeGroup('(')
  if (!group) throw cursor.unexpected()
  return new NodeCursor(group.children)
}

/** `SUM(x) FOR column IN ('a', 'b' AS name)`. A column nobody named is called by its value as written, quotes and all. */
function translatePivot(cursor: NodeCursor, scope: Scope): string {
  const start = cursor.at
  while (!cursor.isAtEnd && !cursor.isAtKeyword('FOR')) cursor.at += 1
  const aggregate = scope.expression(cursor.nodes.slice(start, cursor.at), scope)
  cursor.next()
  const column = quoteName(cursor.takeName())
  if (!cursor.skipKeywords('IN')) throw cursor.unexpected()
  const values = takeBracket(cursor)
  if (cursor.skipKeywords('DEFAULT')) throw unsupportedFeature('PIVOT with DEFAULT ON NULL', cursor.token(-1))
  cursor.expectEnd()
  const token = values.token()
  if (values.isAtKeyword('ANY', 'SELECT')) throw unsupportedFeature(`PIVOT with ${token?.text.toUpperCase() ?? ''}`, token)
  const items = splitAtOperator(values.nodes, ',').map((item) => translateValue(item, scope))
  return `PIVOT (${aggregate} FOR ${column} IN (${items.join(', ')}))`
}

function translateValue(nodes: readonly TokenNode[], scope: Scope): string {
  const as = nodes.findIndex((node) => isKeyword(leafToken(node), 'AS'))
  const value = as < 0 ? nodes : nodes.slice(0, as)
  const name = as < 0 ? textOf(value, scope) : new NodeCursor(nodes.slice(as + 1)).takeName()
  return `${scope.expression(value, scope)} AS ${quoteName(name)}`
}

function textOf(nodes: readonly TokenNode[], { source }: Scope): string {
  const last = lastToken(nodes.at(-1))
  return source.slice(firstToken(nodes[0])?.offset, (last?.offset ?? 0) + (last?.text.length ?? 0))
}

/** `value FOR name IN (a, b AS other)`. */
function translateUnpivot(cursor: NodeCursor, includesNulls: boolean): string {
  const value = quoteName(cursor.takeName())
  if (!cursor.skipKeywords('FOR')) throw cursor.unexpected()
  const name = quoteName(cursor.takeName())
  if (!cursor.skipKeywords('IN')) throw cursor.unexpected()
  const columns = splitAtOperator(takeBracket(cursor).nodes, ',').map(translateColumn)
  cursor.expectEnd()
  return `UNPIVOT ${includesNulls ? 'INCLUDE NULLS ' : ''}(${value} FOR ${name} IN (${columns.join(', ')}))`
}

function translateColumn(nodes: readonly TokenNode[]): string {
  const cursor = new NodeCursor(nodes)
  const column = quoteName(cursor.takeName())
  const alias = cursor.skipKeywords('AS') ? ` AS ${quoteName(cursor.takeName())}` : ''
  cursor.expectEnd()
  return `${column}${alias}`
}
