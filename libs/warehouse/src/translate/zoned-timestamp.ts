import { isKeyword, isOperator, type TokenNode } from '@squall/snowflake-sql'
import { leafToken, NodeCursor, splitAtOperator } from './node-cursor.ts'
import type { Scope } from './scope.ts'

/** What DuckDB's struct for a TIMESTAMP_TZ is made of: the instant, and the minutes its zone is ahead of UTC. */
export const zonedFields = { instant: 'SF_AT', offset: 'SF_OFFSET' } as const

const zonedTypes = ['TIMESTAMP_TZ', 'TIMESTAMPTZ']

/**
 * An expression that is a TIMESTAMP_TZ by its outermost step, as an instant with its offset: `x::TIMESTAMP_TZ`, CAST, TO_TIMESTAMP_TZ,
 * CONVERT_TIMEZONE to a zone. DuckDB has no such type, so it is made only where the value goes to the client; nothing for other expressions.
 */
export function translateZoned(nodes: readonly TokenNode[], scope: Scope): string | undefined {
  return castOperand(nodes, scope) ?? functionCall(nodes, scope)
}

/** `x::TIMESTAMP_TZ`, where x is one operand: what binds less than the cast would be cut in two. */
function castOperand(nodes: readonly TokenNode[], scope: Scope): string | undefined {
  const hasSize = nodes.at(-1)?.kind === 'group'
  const end = hasSize ? nodes.length - 1 : nodes.length
  const isCast = isKeyword(leafToken(nodes[end - 1]), ...zonedTypes) && isOperator(leafToken(nodes[end - 2]), '::')
  const operand = nodes.slice(0, end - 2)
  const [first, group] = operand
  const isCall = operand.length === 2 && leafToken(first)?.kind === 'word' && group?.kind === 'group' && group.open.text === '('
  return isCast && (operand.length === 1 || isCall) ? zoned(scope.expression(operand, scope)) : undefined
}

function functionCall(nodes: readonly TokenNode[], scope: Scope): string | undefined {
  const [name, group, ...rest] = nodes
  const token = leafToken(name)
  if (group?.kind !== 'group' || group.open.text !== '(' || rest.length > 0) return undefined
  const args = splitAtOperator(group.children, ',')
  const [first = [], second] = args
  if (isKeyword(token, 'TO_TIMESTAMP_TZ') && args.length === 1) return zoned(scope.expression(first, scope))
  if (isKeyword(token, 'CAST')) return castCall(first, scope)
  if (!isKeyword(token, 'CONVERT_TIMEZONE') || args.length !== 2 || !second) return undefined
  const [zone, instant] = [scope.expression(first, scope), `SF_TO_TIMESTAMPTZ(${scope.expression(second, scope)})`]
  return `SF_ZONED_AT(${instant}, date_diff('minute', timezone('UTC', ${instant}), timezone(${zone}, ${instant})))`
}

/** `CAST(x AS TIMESTAMP_TZ)`. */
function castCall(nodes: readonly TokenNode[], scope: Scope): string | undefined {
  const as = nodes.findLastIndex((node) => isKeyword(leafToken(node), 'AS'))
  const type = new NodeCursor(nodes.slice(as + 1))
  return as > 0 && isKeyword(type.token(), ...zonedTypes) ? zoned(scope.expression(nodes.slice(0, as), scope)) : undefined
}

const zoned = (sql: string): string => `SF_ZONED(${sql})`
