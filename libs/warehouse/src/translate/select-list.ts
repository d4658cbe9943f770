import { identifierName, isKeyword, isOperator, type TokenNode } from '@squall/snowflake-sql'
import { syntaxError } from '../engine/snowflake-errors.ts'
import { normalizeDatePart } from './date-part.ts'
import { isExpressionKeyword } from './expression-keywords.ts'
import { firstToken, lastToken, leafToken, splitAtOperator } from './node-cursor.ts'
import { quoteName } from './quote.ts'
import { translateZoned } from './zoned-timestamp.ts'
import type { Scope } from './scope.ts'

/**
 * The columns between SELECT and FROM. A column nobody named gets Snowflake's name for it: its own text in upper case.
 * @param isOutermost whether the columns go to the client.
 */
export function translateSelectList(nodes: readonly TokenNode[], scope: Scope, isOutermost = false): string {
  const items = splitAtOperator(nodes, ',')
  // Snowflake allows a comma after the last column.
  if (items.length > 1 && items.at(-1)?.length === 0) items.pop()
  if (items.some((item) => item.length === 0)) throw syntaxError(firstToken(nodes[0]))
  return items.map((item) => translateItem(item, scope, isOutermost)).join(', ')
}

function translateItem(nodes: readonly TokenNode[], scope: Scope, isOutermost: boolean): string {
  if (isStar(nodes)) return scope.expression(nodes, scope)
  const { expression, alias } = splitAlias(nodes)
  if (expression.length === 0) throw syntaxError(firstToken(nodes[0]))
  const zoned = isOutermost ? translateZoned(expression, scope) : undefined
  return `${zoned ?? scope.expression(expression, scope)} AS ${quoteName(alias ?? impliedName(expression, scope))}`
}

/** `*`, `t.*`, `* EXCLUDE …`. */
function isStar(nodes: readonly TokenNode[]): boolean {
  const star = nodes.findIndex((node) => isOperator(leafToken(node), '*'))
  return star === 0 || (star > 0 && isOperator(leafToken(nodes[star - 1]), '.'))
}

interface Item {
  readonly expression: readonly TokenNode[]
  readonly alias?: string
}

function splitAlias(nodes: readonly TokenNode[]): Item {
  const name = identifierName(leafToken(nodes.at(-1)))
  const before = nodes.at(-2)
  if (name === undefined || before === undefined) return { expression: nodes }
  if (isKeyword(leafToken(before), 'AS')) return { expression: nodes.slice(0, -2), alias: name }
  return endsExpression(before) && !isExpressionKeyword(nodes.at(-1)) && !isIntervalUnit(nodes)
    ? { expression: nodes.slice(0, -1), alias: name }
    : { expression: nodes }
}

/** `INTERVAL '1' YEAR`: the last word is no alias. */
function isIntervalUnit(nodes: readonly TokenNode[]): boolean {
  const [interval, , unit] = nodes.slice(-3).map(leafToken)
  return isKeyword(interval, 'INTERVAL') && normalizeDatePart(unit?.text ?? '') !== undefined
}

/** Whether an expression can end with this node, so that a name behind it must be an alias. */
function endsExpression(node: TokenNode): boolean {
  const token = leafToken(node)
  if (token === undefined) return true
  if (token.kind === 'operator') return false
  return !isExpressionKeyword(node) || isKeyword(token, 'END', 'NULL', 'TRUE', 'FALSE')
}

function impliedName(nodes: readonly TokenNode[], scope: Scope): string {
  return columnName(nodes) ?? sourceText(nodes, scope).toUpperCase()
}

/** The last part of `a`, `t.a`, `db.s.t.a`; nothing for other expressions. */
function columnName(nodes: readonly TokenNode[]): string | undefined {
  const isPath = nodes.every((node, index) =>
    index % 2 === 1 ? isOperator(leafToken(node), '.') : identifierName(leafToken(node)) !== undefined,
  )
  return isPath ? identifierName(leafToken(nodes.at(-1))) : undefined
}

function sourceText(nodes: readonly TokenNode[], scope: Scope): string {
  const last = lastToken(nodes.at(-1))
  return scope.source.slice(firstToken(nodes[0])?.offset, (last?.offset ?? 0) + (last?.text.length ?? 0))
}
