import { isKeyword, isOperator, type Token, type TokenNode } from '@squall/snowflake-sql'

/**
 * Where in a query a node stands: among what is read from, in the rows of VALUES there, in the condition of a join, behind all of
 * them, or elsewhere. Behind LIMIT, OFFSET and FETCH nothing can be read from; but as none of these words is reserved, each may be an
 * alias after all, and then a comma goes on with what is read from.
 */
export type Clause = 'sources' | 'rows' | 'condition' | 'tail' | 'other'

export const startOfQuery = ['SELECT', 'WITH', 'VALUES']
/** Reserved words: never an alias. */
const endOfSources = 'SELECT WHERE GROUP HAVING QUALIFY ORDER CONNECT START UNION INTERSECT MINUS'.split(' ')

/** Whether something that is read from begins at this node. */
export function isSourceStart(nodes: readonly TokenNode[], at: number, clause: Clause): boolean {
  if (clause !== 'sources' && !(clause === 'rows' && nodes[at]?.kind === 'leaf')) return false
  const before = leafToken(nodes[at - 1])
  return at === 0 || isKeyword(before, 'FROM', 'JOIN', 'LATERAL') || isOperator(before, ',')
}

/** The clause in which the node behind this leaf stands. */
export function clauseAfter(nodes: readonly TokenNode[], at: number, clause: Clause): Clause {
  const token = leafToken(nodes[at])
  if (isKeyword(token, 'FROM')) return startsClause(nodes, at) ? 'sources' : clause
  if (isKeyword(token, ...endOfSources) && !isNamed(nodes, at)) return 'other'
  if (clause === 'other') return 'other'
  if (clause === 'rows') return isOperator(token, ',') ? 'rows' : 'sources'
  if (isKeyword(token, 'JOIN') || (clause !== 'sources' && isOperator(token, ','))) return 'sources'
  if (clause === 'condition') return 'condition'
  return clause === 'tail' ? clauseAfterTail(nodes, at) : clauseAfterSource(nodes, at)
}

function clauseAfterTail(nodes: readonly TokenNode[], at: number): Clause {
  return endsBySetOperator(nodes, at) ? 'other' : 'tail'
}

function clauseAfterSource(nodes: readonly TokenNode[], at: number): Clause {
  const token = leafToken(nodes[at])
  if (isKeyword(token, 'VALUES')) return 'rows'
  if (isKeyword(token, 'ON', 'USING', 'MATCH_CONDITION')) return 'condition'
  if (endsBySetOperator(nodes, at) || startsWindows(nodes, at)) return 'other'
  return isKeyword(token, 'LIMIT', 'OFFSET', 'FETCH') ? 'tail' : 'sources'
}

/**
 * Whether a word names something where it stands, reserved or not: a part of a path (`v:order`, `t.where`), an alias behind AS, or the
 * second word of WITHIN GROUP. Whoever took it for the start of a clause would overlook what is read from behind the next comma.
 */
export function isNamed(nodes: readonly TokenNode[], at: number): boolean {
  const before = leafToken(nodes[at - 1])
  return isOperator(before, ':') || isOperator(before, '.') || isKeyword(before, 'AS', 'WITHIN')
}

/** `EXCEPT` is no reserved word: what follows tells it from an alias, which may name columns in brackets. */
function endsBySetOperator(nodes: readonly TokenNode[], at: number): boolean {
  return isKeyword(leafToken(nodes[at]), 'EXCEPT') && mayStartBranch(nodes[at + 1])
}

function mayStartBranch(node: TokenNode | undefined): boolean {
  if (node?.kind !== 'group') return isKeyword(leafToken(node), 'ALL', 'DISTINCT', ...startOfQuery)
  const [first] = node.children
  return first?.kind === 'group' || isKeyword(leafToken(first), ...startOfQuery)
}

/** `WINDOW w AS (…)`: no reserved word either. */
function startsWindows(nodes: readonly TokenNode[], at: number): boolean {
  return isKeyword(leafToken(nodes[at]), 'WINDOW') && isKeyword(leafToken(nodes[at + 2]), 'AS') && nodes[at + 3]?.kind === 'group'
}

/** EXTRACT(year FROM …), SHOW … FROM 'x' and IS DISTINCT FROM have the word too, but name no table. */
export function startsClause(nodes: readonly TokenNode[], at: number): boolean {
  const isQuery = nodes[0]?.kind === 'group' || isKeyword(leafToken(nodes[0]), ...startOfQuery)
  return isQuery && !isDistinctFrom(nodes, at)
}

export function isDistinctFrom(nodes: readonly TokenNode[], at: number): boolean {
  return isKeyword(leafToken(nodes[at - 1]), 'DISTINCT') && isKeyword(leafToken(nodes[at - 2]), 'IS', 'NOT')
}

/** The token of a leaf, nothing for a group. */
export function leafToken(node: TokenNode | undefined): Token | undefined {
  return node?.kind === 'leaf' ? node.token : undefined
}
