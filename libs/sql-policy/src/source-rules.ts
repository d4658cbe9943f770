import { isKeyword, isOperator, type Token, type TokenNode } from '@squall/snowflake-sql'
import type { Objection } from './verdict.ts'

/** Where in a query a node stands: among what is read from, in the rows of VALUES there, in the condition of a join, or elsewhere. */
type Clause = 'sources' | 'rows' | 'condition' | 'other'

const endOfSources =
  'SELECT WHERE GROUP HAVING QUALIFY ORDER LIMIT OFFSET FETCH WINDOW CONNECT START UNION INTERSECT EXCEPT MINUS'.split(' ')
const startOfQuery = ['SELECT', 'WITH', 'VALUES']
const startOfChange = ['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'CALL', 'EXECUTE']

/**
 * Where a query names its tables, a name, a table function or a query must stand. A string there is a stage or a place outside
 * Snowflake: `FROM '@stage/a file.csv'`.
 * @param first the clause in which the nodes begin
 */
export function objectionToSources(nodes: readonly TokenNode[], first: Clause = 'other'): Objection | undefined {
  let clause = first
  for (const [at, node] of nodes.entries()) {
    const isSource = isSourceStart(nodes, at, clause)
    const objection = isSource ? objectionToSource(node) : undefined
    if (objection !== undefined) return objection
    if (node.kind === 'leaf') clause = clauseAfter(nodes, at, clause)
    else {
      const inner = objectionToSources(node.children, isSource ? 'sources' : 'other')
      if (inner !== undefined) return inner
    }
  }
  return undefined
}

function isSourceStart(nodes: readonly TokenNode[], at: number, clause: Clause): boolean {
  if (clause !== 'sources' && !(clause === 'rows' && nodes[at]?.kind === 'leaf')) return false
  const before = leaf(nodes[at - 1])
  return at === 0 || isKeyword(before, 'FROM', 'JOIN', 'LATERAL') || isOperator(before, ',')
}

function clauseAfter(nodes: readonly TokenNode[], at: number, clause: Clause): Clause {
  const token = leaf(nodes[at])
  if (isKeyword(token, 'FROM')) return startsClause(nodes, at) ? 'sources' : clause
  if (isKeyword(token, ...endOfSources)) return 'other'
  if (clause === 'rows') return isOperator(token, ',') ? 'rows' : 'sources'
  if (clause === 'condition') return isKeyword(token, 'JOIN') || isOperator(token, ',') ? 'sources' : 'condition'
  if (clause === 'other') return 'other'
  if (isKeyword(token, 'VALUES')) return 'rows'
  return isKeyword(token, 'ON', 'USING', 'MATCH_CONDITION') ? 'condition' : 'sources'
}

/** EXTRACT(year FROM …), SHOW … FROM 'x' and IS DISTINCT FROM have the word too, but name no table. */
function startsClause(nodes: readonly TokenNode[], at: number): boolean {
  const isQuery = nodes[0]?.kind === 'group' || isKeyword(leaf(nodes[0]), ...startOfQuery)
  return isQuery && !isKeyword(leaf(nodes[at - 1]), 'DISTINCT')
}

function objectionToSource(node: TokenNode): Objection | undefined {
  const token = node.kind === 'leaf' ? node.token : leaf(node.children[0])
  if (node.kind === 'leaf' && (token?.kind === 'string' || token?.kind === 'dollarString')) {
    const hint = 'Query a table or a view.'
    return { reason: 'A text in the place of a table names files, which are not read here.', hint, position: token.offset }
  }
  if (node.kind === 'group' && token !== undefined && isKeyword(token, ...startOfChange)) {
    return { reason: 'Only a query may stand here.', hint: 'Select from a table or a view.', position: token.offset }
  }
  return undefined
}

function leaf(node: TokenNode | undefined): Token | undefined {
  return node?.kind === 'leaf' ? node.token : undefined
}
