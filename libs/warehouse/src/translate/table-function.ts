import { isKeyword, isOperator, stringValue, type Token, type TokenNode } from '@squall/snowflake-sql'
import { statementNotFound, syntaxError, unsupportedFeature } from '../engine/snowflake-errors.ts'
import { leafToken, type NodeCursor, splitAtOperator } from './node-cursor.ts'
import { parseObjectName, takeObjectName } from './object-name.ts'
import type { HistoryRequest, Relation, Scope } from './scope.ts'

/** `FLATTEN(…)`, `GENERATOR(…)`, `SPLIT_TO_TABLE(…)`, or a table named by a string; the cursor stands behind it afterwards. */
export function translateTableFunction(cursor: NodeCursor, scope: Scope): Relation {
  const token = cursor.token()
  if (token === undefined) throw cursor.unexpected()
  const named = stringValue(token)
  if (named !== undefined) {
    cursor.next()
    return scope.session.resolveRelation(parseObjectName(named, token))
  }
  if (cursor.isAtOperator('.') || cursor.token(1)?.text === '.') return informationSchemaFunction(cursor, scope)
  const group = cursor.group('(', 1)
  if (!group) throw cursor.unexpected()
  cursor.at += 2
  if (isKeyword(token, 'RESULT_SCAN')) return resultScan(group.children, scope, token)
  const call = readArguments(group.children)
  if (isKeyword(token, 'FLATTEN')) return flatten(call, scope, token)
  if (isKeyword(token, 'GENERATOR')) return generator(call, scope, token)
  if (isKeyword(token, 'SPLIT_TO_TABLE', 'STRTOK_SPLIT_TO_TABLE')) return splitToTable(call, scope, token)
  const historyOf = historyFunctions.get(token.text.toUpperCase())
  if (historyOf && scope.session.context.schema === 'INFORMATION_SCHEMA') return history(historyOf, call, scope)
  throw unsupportedFeature(`TABLE(${token.text.toUpperCase()}(…))`, token)
}

const historyFunctions: ReadonlyMap<string, HistoryRequest['by']> = new Map([
  ['QUERY_HISTORY', 'ALL'],
  ['QUERY_HISTORY_BY_SESSION', 'SESSION'],
  ['QUERY_HISTORY_BY_USER', 'USER'],
  ['QUERY_HISTORY_BY_WAREHOUSE', 'WAREHOUSE'],
])

/** `[database.]INFORMATION_SCHEMA.QUERY_HISTORY(…)`. */
function informationSchemaFunction(cursor: NodeCursor, scope: Scope): Relation {
  const { parts, token } = takeObjectName(cursor, scope)
  const group = cursor.takeGroup('(')
  const [name = '', schema] = parts.toReversed()
  const historyOf = historyFunctions.get(name)
  if (!group || !historyOf || schema !== 'INFORMATION_SCHEMA') throw unsupportedFeature(`TABLE(${name}(…))`, token)
  return history(historyOf, readArguments(group.children), scope)
}

function history(by: HistoryRequest['by'], { named }: Arguments, scope: Scope): Relation {
  const args = new Map(Array.from(named, ([name, nodes]) => [name, scope.expression(nodes, scope)]))
  return scope.session.queryHistory({ by, arguments: args })
}

/** `RESULT_SCAN('id')`, of a variable or a bind, or of `LAST_QUERY_ID(…)`. */
function resultScan(nodes: readonly TokenNode[], scope: Scope, token: Token): Relation {
  const literal = nodes.length === 0 ? 'NULL' : scope.expression(nodes, scope)
  const queryId = /^'(?<id>[^']*)'$/.exec(literal)?.groups?.['id']
  if (literal.includes('NULL')) throw statementNotFound('', token)
  if (queryId === undefined) throw unsupportedFeature('RESULT_SCAN of an expression', token)
  return scope.session.resultScan(queryId, token)
}

interface Arguments {
  readonly positional: readonly (readonly TokenNode[])[]
  readonly named: ReadonlyMap<string, readonly TokenNode[]>
}

function readArguments(nodes: readonly TokenNode[]): Arguments {
  const positional: (readonly TokenNode[])[] = []
  const named = new Map<string, readonly TokenNode[]>()
  for (const argument of splitAtOperator(nodes, ',')) {
    const [name, arrow, ...value] = argument
    if (isOperator(leafToken(arrow), '=>')) named.set(leafToken(name)?.text.toUpperCase() ?? '', value)
    else positional.push(argument)
  }
  return { positional, named }
}

/** One row for each element of an array or object, with Snowflake's columns. */
function flatten({ positional, named }: Arguments, scope: Scope, token: Token): Relation {
  const input = named.get('INPUT') ?? positional[0]
  if (!input) throw syntaxError(token)
  const path = stringValue(leafToken(named.get('PATH')?.[0])) ?? ''
  const whole = `CAST(${scope.expression(input, scope)} AS JSON)`
  const json = path === '' ? whole : `json_extract(${whole}, '$.${path.replaceAll("'", "''")}')`
  const each = isTrue(named.get('RECURSIVE')) ? 'json_tree' : 'json_each'
  const mode = stringValue(leafToken(named.get('MODE')?.[0]))?.toUpperCase() ?? 'BOTH'
  const rows = `SELECT 1 AS SEQ, CASE WHEN J.IS_ARRAY THEN NULL ELSE E.key END AS KEY, ltrim(E.fullkey, '$.') AS PATH,
    CASE WHEN J.IS_ARRAY THEN TRY_CAST(E.key AS BIGINT) END AS "INDEX", E.value AS VALUE, J.J AS THIS
    FROM (SELECT ${json} AS J, json_type(${json}) = 'ARRAY' AS IS_ARRAY) J, ${each}(J.J) E
    WHERE json_type(J.J) IN ('ARRAY', 'OBJECT')${modeCondition(mode)}${each === 'json_tree' ? ' AND E.key IS NOT NULL' : ''}`
  const empty = `SELECT 1, NULL, '', NULL, NULL, ${json} WHERE coalesce(json_type(${json}) NOT IN ('ARRAY', 'OBJECT'), true)
    OR ${json}::VARCHAR IN ('[]', '{}')`
  return { sql: `LATERAL (${isTrue(named.get('OUTER')) ? `${rows} UNION ALL ${empty}` : rows})` }
}

function modeCondition(mode: string): string {
  if (mode === 'ARRAY') return ' AND J.IS_ARRAY'
  return mode === 'OBJECT' ? ' AND NOT J.IS_ARRAY' : ''
}

function isTrue(nodes: readonly TokenNode[] | undefined): boolean {
  return isKeyword(leafToken(nodes?.[0]), 'TRUE')
}

/** `GENERATOR(ROWCOUNT => n)`: rows to count with SEQ4 or ROW_NUMBER. */
function generator({ named }: Arguments, scope: Scope, token: Token): Relation {
  const rowCount = named.get('ROWCOUNT')
  if (!rowCount) throw unsupportedFeature('GENERATOR without ROWCOUNT', token)
  return { sql: `range(CAST(${scope.expression(rowCount, scope)} AS BIGINT))`, alias: 'AS "GENERATOR"("_")' }
}

/** One row for each piece of a text, counted from 1. */
function splitToTable({ positional: [text, delimiter] }: Arguments, scope: Scope, token: Token): Relation {
  if (!text || !delimiter) throw syntaxError(token)
  const pieces = `string_split(${scope.expression(text, scope)}, ${scope.expression(delimiter, scope)})`
  return { sql: `LATERAL (SELECT 1 AS SEQ, unnest(range(1, len(${pieces}) + 1)) AS "INDEX", unnest(${pieces}) AS VALUE)` }
}
