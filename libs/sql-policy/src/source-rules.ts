import { classOfGroup, isKeyword, type Token, type TokenGroup, type TokenNode } from '@squall/snowflake-sql'
import { clauseAfter, isNamed, isSourceStart, leafToken, startOfQuery, type Clause } from './clauses.ts'
import type { Objection } from './verdict.ts'

/**
 * Where a query names its tables, a name, a table function or a query must stand. A string there is a stage or a place outside
 * Snowflake: `FROM '@stage/a file.csv'`. And where a query may stand, nothing else may.
 * @param first the clause in which the nodes begin
 */
export function objectionToSources(nodes: readonly TokenNode[], first: Clause = 'other'): Objection | undefined {
  let clause = first
  for (const [at, node] of nodes.entries()) {
    const isSource = isSourceStart(nodes, at, clause)
    const objection = (isSource ? objectionToSource(node) : undefined) ?? objectionToBranch(nodes, at)
    if (objection !== undefined) return objection
    if (node.kind === 'leaf') clause = clauseAfter(nodes, at, clause)
    else {
      const inner = objectionToOther(node) ?? objectionToSources(node.children, isSource ? 'sources' : 'other')
      if (inner !== undefined) return inner
    }
  }
  return undefined
}

/** Behind UNION and its kin a query must follow. EXCEPT may be an alias, and what follows it is judged as what follows one. */
function objectionToBranch(nodes: readonly TokenNode[], at: number): Objection | undefined {
  if (!isKeyword(leafToken(nodes[at]), 'UNION', 'INTERSECT', 'MINUS') || isNamed(nodes, at)) return undefined
  let next = at + 1
  while (isKeyword(leafToken(nodes[next]), 'ALL', 'DISTINCT', 'BY', 'NAME')) next += 1
  const branch = nodes[next]
  const isQuery = branch?.kind === 'group' ? startsQuery(branch.children[0]) : startsQuery(branch)
  return isQuery ? undefined : onlyQuery(leafToken(branch) ?? leafToken(nodes[at]))
}

function startsQuery(first: TokenNode | undefined): boolean {
  return (first?.kind === 'group' && first.open.text === '(') || isKeyword(leafToken(first), ...startOfQuery)
}

/** What begins a statement that is no query. */
const startOfOthers =
  `ALTER ASYNC AWAIT BEGIN CALL CANCEL COMMENT COMMIT COPY CREATE DECLARE DELETE DESC DESCRIBE DROP EXECUTE EXPLAIN FETCH FOR FROM GET GRANT
  INSERT LET LIST LOOP LS MERGE OPEN PUT REMOVE REPEAT RETURN REVOKE RM ROLLBACK SET SHOW START TRUNCATE UNDROP UNSET UPDATE USE
  WHILE`.split(/\s+/)
/** What may follow a column that bears the name of a statement. */
const afterColumn =
  'AND AS ASC BETWEEN COLLATE DESC ELSE END IGNORE ILIKE IN IS LIKE NOT NULLS OR ORDER OVER REGEXP RESPECT RLIKE THEN WHEN'.split(
    ' ',
  )

/** `(DELETE FROM t)` and `(WITH … DELETE FROM t)` wherever they stand; `(delete, update)` and `COUNT(call)` are columns. */
function objectionToOther(group: TokenGroup): Objection | undefined {
  const [verb, next] = [leafToken(group.children[0]), leafToken(group.children[1])]
  if (isKeyword(verb, 'SELECT') && group.open.text !== '(') return onlyQuery(verb)
  if (isKeyword(verb, 'WITH')) return group.open.text === '(' && classOfGroup(group) === 'select' ? undefined : onlyQuery(verb)
  return isKeyword(verb, ...startOfOthers) && goesOn(verb, next) ? onlyQuery(verb) : undefined
}

/** Whether the word before cannot be a column: no expression goes on like this. */
function goesOn(verb: Token | undefined, next: Token | undefined): boolean {
  if (next === undefined || next.kind === 'operator') return false
  return next.kind !== 'word' || !isKeyword(next, ...afterColumn) || (isKeyword(verb, 'CREATE') && isKeyword(next, 'OR'))
}

function onlyQuery(token: Token | undefined): Objection {
  const hint = 'Select from a table or a view.'
  return { reason: 'Only a query may stand here.', hint, position: token?.offset ?? 0 }
}

function objectionToSource(node: TokenNode): Objection | undefined {
  const token = node.kind === 'leaf' ? node.token : leafToken(node.children[0])
  if (node.kind === 'leaf' && (token?.kind === 'string' || token?.kind === 'dollarString')) {
    const hint = 'Query a table or a view.'
    return { reason: 'A text in the place of a table names files, which are not read here.', hint, position: token.offset }
  }
  return node.kind === 'group' && isKeyword(token, ...startOfOthers) ? onlyQuery(token) : undefined
}
