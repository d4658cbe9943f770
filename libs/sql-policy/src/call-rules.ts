import { identifierName, isKeyword, isOperator, type Token } from '@squall/snowflake-sql'
import { startOfQuery } from './clauses.ts'
import { isReadingFunction, isReadingSystemFunction, isInformationSchemaFunction } from './reading-functions.ts'
import { means, type ObjectPattern } from './object-pattern.ts'
import type { Objection } from './verdict.ts'

/** What a rule about one token needs to know of the query around it. */
export interface QueryContext {
  readonly functions: FunctionRules | undefined
  /** Whether a token stands behind the DEFINE of a MATCH_RECOGNIZE. */
  readonly isInDefinitions: (at: number) => boolean
}

/** Functions an operator vouches for, by the names under which they are called. */
export type FunctionRules = readonly ObjectPattern[]

/**
 * Words that take a bracket without being functions. A function of the account that bears one of these names would pass; all of
 * them are reserved, or mean something else wherever a bracket follows.
 */
const syntax = new Set(
  `ALL AND ANY AS AT BEFORE BETWEEN BY CASE CHANGES CLONE CUBE DISTINCT ELSE EXCEPT EXCLUDE EXISTS FETCH FIRST FROM
  FULL GROUP GROUPING HAVING ILIKE IN INNER INTERSECT IS JOIN LATERAL LIKE LIMIT MATCH_CONDITION MATCH_RECOGNIZE MEASURES
  MINUS NATURAL NOT NULL NULLS OFFSET ON OR ORDER OVER PARTITION PATTERN PIVOT QUALIFY REGEXP RENAME RLIKE ROLLUP SAMPLE
  SELECT SEMANTIC_VIEW SETS SOME TABLE TABLESAMPLE THEN UNION UNPIVOT USING VALUES WHEN WHERE WITH WITHIN`.split(/\s+/),
)

/** Judges a name before a bracket: every function must be known to read. */
export function objectionToCall(tokens: readonly Token[], at: number, query: QueryContext): Objection | undefined {
  const { functions } = query
  const token = tokens[at]
  const name = identifierName(token)
  if (token === undefined || name === undefined || !isOperator(tokens[at + 1], '(')) return undefined
  const before = tokens[at - 1]
  if (functions !== undefined && isVouchedFor(functions, calledName(tokens, at))) return undefined
  if (isOperator(before, '.')) return objectionToQualified(tokens, at)
  if (isOperator(before, '!')) return { reason: `${name} belongs to an object and may do anything.`, hint: useBuiltIns }
  // After these a bracket belongs to a type, or lists the columns of an alias; no expression starts there.
  if (isOperator(before, '::') || isOperator(before, ')')) return undefined
  if (isKeyword(before, 'AS') && !(query.isInDefinitions(at) && mayBeDefinition(tokens, at))) return undefined
  if (token.kind === 'word' && (syntax.has(name) || isKeyword(before, 'SAMPLE', 'TABLESAMPLE'))) return undefined
  if (isColumnList(tokens, at)) return undefined
  return objectionToName(name)
}

function isVouchedFor(functions: FunctionRules, name: readonly string[]): boolean {
  return functions.some(
    ({ parts }) => parts.length === name.length && parts.every((part, index) => means(part, name[index] ?? '')),
  )
}

/** The whole name that is called: `db.schema.f`. */
function calledName(tokens: readonly Token[], at: number): readonly string[] {
  const parts = [identifierName(tokens[at]) ?? '']
  for (let dot = at - 1; isOperator(tokens[dot], '.'); dot -= 2) parts.unshift(identifierName(tokens[dot - 1]) ?? '')
  return parts
}

const useBuiltIns = "Use Snowflake's built-in functions that read."

const showsOthers = 'shows the statements of all who use this server'

// No plain object: a name of its prototype would be found in it too.
const knownHarm: ReadonlyMap<string, string> = new Map([
  ['RESULT_SCAN', 'reads the results of earlier statements, which belong to whoever ran them'],
  ['LAST_QUERY_ID', 'names an earlier statement, which belongs to whoever ran it'],
  ['GETVARIABLE', 'reads a variable of the session'],
  ['IDENTIFIER', 'hides which object is meant'],
  ['QUERY_HISTORY', showsOthers],
  ['QUERY_HISTORY_BY_SESSION', showsOthers],
  ['QUERY_HISTORY_BY_USER', showsOthers],
  ['QUERY_HISTORY_BY_WAREHOUSE', showsOthers],
  ['TO_QUERY', 'runs SQL that cannot be read here'],
])

function objectionToName(name: string): Objection | undefined {
  if (isReadingFunction(name) || isReadingSystemFunction(name)) return undefined
  const harm = knownHarm.get(name) ?? 'is not known as a built-in function that only reads'
  return { reason: `${name} ${harm}.`, hint: name === 'IDENTIFIER' ? 'Write the name itself.' : useBuiltIns }
}

/** A qualified name is a function of the account, except for the table functions of INFORMATION_SCHEMA. */
function objectionToQualified(tokens: readonly Token[], at: number): Objection | undefined {
  const name = identifierName(tokens[at]) ?? ''
  const isInformationSchema = identifierName(tokens[at - 2]) === 'INFORMATION_SCHEMA'
  if (isInformationSchema && isInformationSchemaFunction(name)) return undefined
  if (isInformationSchema && knownHarm.has(name)) return objectionToName(name)
  return { reason: `${name} is a function of the account and may do anything.`, hint: useBuiltIns }
}

/** `DEFINE a AS f(x), b AS g(y)` of MATCH_RECOGNIZE: the one place where a condition, and so a call, follows AS. */
function mayBeDefinition(tokens: readonly Token[], at: number): boolean {
  return isKeyword(tokens[at - 3], 'DEFINE') || isOperator(tokens[at - 3], ',')
}

/** `WITH name (columns) AS (SELECT …)`: a call is never followed by AS and a query. */
function isColumnList(tokens: readonly Token[], at: number): boolean {
  if (!isKeyword(tokens[at - 1], 'WITH', 'RECURSIVE') && !isOperator(tokens[at - 1], ',')) return false
  let close = at + 2
  while (identifierName(tokens[close]) !== undefined || isOperator(tokens[close], ',')) close += 1
  const isBody = isOperator(tokens[close + 2], '(') && startsQuery(tokens[close + 3])
  return isOperator(tokens[close], ')') && isKeyword(tokens[close + 1], 'AS') && isBody
}

function startsQuery(token: Token | undefined): boolean {
  return isOperator(token, '(') || isKeyword(token, ...startOfQuery)
}
