import { isKeyword, isOperator, stringValue, type Token, type TokenNode } from '@squall/snowflake-sql'
import { syntaxError, unsupportedFeature } from '../engine/snowflake-errors.ts'
import { leafToken, type NodeCursor, splitAtOperator } from './node-cursor.ts'
import { parseObjectName } from './object-name.ts'
import type { Relation, Scope } from './scope.ts'

/** `FLATTEN(…)`, `GENERATOR(…)`, `SPLIT_TO_TABLE(…)`, or a table named by a string; the cursor stands behind it afterwards. */
export function translateTableFunction(cursor: NodeCursor, scope: Scope): Relation {
  const token = cursor.token()
  if (token === undefined) throw cursor.unexpected()
  const named = stringValue(token)
  if (named !== undefined) {
    cursor.next()
    return scope.session.resolveRelation(parseObjectName(named, token))
  }
  const group = cursor.group('(', 1)
  if (!group) throw cursor.unexpected()
  cursor.at += 2
  const call = readArguments(group.children)
  if (isKeyword(token, 'FLATTEN')) return flatten(call, scope, token)
  if (isKeyword(token, 'GENERATOR')) return generator(call, scope, token)
  if (isKeyword(token, 'SPLIT_TO_TABLE', 'STRTOK_SPLIT_TO_TABLE')) return splitToTable(call, scope, token)
  throw unsupportedFeature(`TABLE(${token.text.toUpperCase()}(…))`, token)
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
