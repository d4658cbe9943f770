import { isKeyword, isOperator, isTrivia, type Token } from './token.ts'
import type { Statement } from './split-statements.ts'
import { parseTokenTree, type TokenGroup, type TokenNode } from './token-tree.ts'

/**
 * What a statement does, judged by its shape alone.
 *
 * - `select`: a query, with or without `WITH`; what its functions do is not looked at
 * - `explain`: the plan of another statement, which is not run
 * - `set`: `SET`, `UNSET`; `session`: `ALTER SESSION`
 * - `dml`, `ddl`, `grant`, `transaction`, `call` as named; `call` covers `EXECUTE TASK` and `WITH … AS PROCEDURE`
 * - `scripting`: blocks, `EXECUTE IMMEDIATE`, and statements that occur in blocks only
 * - `copy`: whatever moves or lists files: COPY, PUT, GET, LIST, REMOVE
 * - `flow`: statements chained by `->>`
 * - `empty`: no token at all
 * - `unknown`: anything else, and anything that cannot be read beyond doubt
 */
export type StatementClass =
  | 'select'
  | 'show'
  | 'describe'
  | 'explain'
  | 'use'
  | 'set'
  | 'session'
  | 'dml'
  | 'ddl'
  | 'grant'
  | 'transaction'
  | 'call'
  | 'scripting'
  | 'copy'
  | 'flow'
  | 'empty'
  | 'unknown'

const classByKeyword = new Map<string, StatementClass>(
  Object.entries({
    select: 'SELECT VALUES',
    show: 'SHOW',
    describe: 'DESCRIBE DESC',
    explain: 'EXPLAIN',
    use: 'USE',
    set: 'SET UNSET',
    dml: 'INSERT UPDATE DELETE MERGE TRUNCATE',
    ddl: 'CREATE ALTER DROP UNDROP COMMENT',
    grant: 'GRANT REVOKE',
    transaction: 'COMMIT ROLLBACK',
    call: 'CALL',
    scripting:
      'DECLARE LET IF FOR WHILE LOOP REPEAT CASE RETURN RAISE OPEN FETCH CLOSE BREAK CONTINUE NULL AWAIT ASYNC CANCEL END',
    copy: 'COPY PUT GET LIST LS REMOVE RM',
  } satisfies Partial<Record<StatementClass, string>>).flatMap(([name, keywords]) =>
    // Object.entries widens the keys, which `satisfies` has just checked.
    keywords.split(' ').map((keyword): [string, StatementClass] => [keyword, name as StatementClass]),
  ),
)

/** Says what kind of statement stands in a pair of brackets, as `statementClass` does of a whole one. */
export function classOfGroup({ children }: TokenGroup): StatementClass {
  return classOfNodes(children)
}

/** Says what kind of statement this is. Anything not understood with certainty is `unknown`. */
export function statementClass(statement: Statement): StatementClass {
  return classOfTokens(statement.tokens)
}

function classOfTokens(tokens: readonly Token[]): StatementClass {
  if (tokens.every((token) => isTrivia(token) && token.problem === undefined)) return 'empty'
  if (tokens.some(({ problem }) => problem !== undefined)) return 'unknown'
  if (tokens.some((token) => isOperator(token, ';'))) return 'unknown'
  if (tokens.some((token) => isOperator(token, '->>'))) return 'flow'
  const { nodes, unmatched, depth } = parseTokenTree(tokens)
  return unmatched.length > 0 || depth > deepestNesting ? 'unknown' : classOfNodes(nodes)
}

/** Brackets are followed recursively; nobody writes a query this deep, and the stack stays small. */
const deepestNesting = 500

function classOfNodes(nodes: readonly TokenNode[]): StatementClass {
  const [first, second] = nodes
  if (first?.kind === 'group') return classOfParenthesised(nodes)
  const token = first?.token
  if (isKeyword(token, 'WITH')) return classOfWith(nodes)
  if (isKeyword(token, 'BEGIN', 'START')) return classOfBegin(nodes)
  if (isKeyword(token, 'EXECUTE')) return isKeyword(leafToken(second), 'IMMEDIATE') ? 'scripting' : 'call'
  if (isKeyword(token, 'ALTER') && isKeyword(leafToken(second), 'SESSION')) return 'session'
  return token?.kind === 'word' ? (classByKeyword.get(token.text.toUpperCase()) ?? 'unknown') : 'unknown'
}

const afterParenthesisedQuery = ['UNION', 'INTERSECT', 'EXCEPT', 'MINUS', 'ORDER', 'LIMIT', 'OFFSET', 'FETCH']

/** `(SELECT …) UNION …`: a query where the bracket holds a query and is followed by what may follow one. */
function classOfParenthesised([group, next]: readonly TokenNode[]): StatementClass {
  const mayFollow = next === undefined || isKeyword(leafToken(next), ...afterParenthesisedQuery)
  return mayFollow && isQueryGroup(group) ? 'select' : 'unknown'
}

function isQueryGroup(node: TokenNode | undefined): boolean {
  return node?.kind === 'group' && node.open.text === '(' && classOfNodes(node.children) === 'select'
}

/** `WITH a AS (…), b (x, y) AS (…) SELECT …`: the class of what stands behind the common table expressions. */
function classOfWith(nodes: readonly TokenNode[]): StatementClass {
  let at = isKeyword(leafToken(nodes[1]), 'RECURSIVE') && !isKeyword(leafToken(nodes[2]), 'AS') ? 2 : 1
  for (;;) {
    const body = indexOfBody(nodes, at)
    if (body === undefined) return declaresProcedure(nodes, at) ? 'call' : 'unknown'
    if (!isQueryGroup(nodes[body])) return 'unknown'
    at = body + 1
    if (!isOperator(leafToken(nodes[at]), ',')) return classOfNodes(nodes.slice(at))
    at += 1
  }
}

/** The bracket after `name [(columns)] AS`, or nothing where the nodes read otherwise. */
function indexOfBody(nodes: readonly TokenNode[], at: number): number | undefined {
  const afterName = isName(nodes[at]) ? at + 1 : Number.NaN
  const afterColumns = nodes[afterName]?.kind === 'group' ? afterName + 1 : afterName
  return isKeyword(leafToken(nodes[afterColumns]), 'AS') && nodes[afterColumns + 1]?.kind === 'group'
    ? afterColumns + 1
    : undefined
}

function declaresProcedure(nodes: readonly TokenNode[], at: number): boolean {
  return isName(nodes[at]) && isKeyword(leafToken(nodes[at + 1]), 'AS') && isKeyword(leafToken(nodes[at + 2]), 'PROCEDURE')
}

/** `BEGIN`, `BEGIN WORK NAME t` and `START TRANSACTION` open a transaction; any other `BEGIN` opens a scripting block. */
function classOfBegin(nodes: readonly TokenNode[]): StatementClass {
  const [, ...rest] = nodes.map((node) => leafToken(node)?.text.toUpperCase() ?? '')
  if (isKeyword(leafToken(nodes[0]), 'START')) return /^TRANSACTION( NAME \S+)?$/.test(rest.join(' ')) ? 'transaction' : 'unknown'
  return /^(?:(?:WORK|TRANSACTION)? ?(?:NAME \S+)?)$/.test(rest.join(' ')) ? 'transaction' : 'scripting'
}

function leafToken(node: TokenNode | undefined): Token | undefined {
  return node?.kind === 'leaf' ? node.token : undefined
}

function isName(node: TokenNode | undefined): boolean {
  const kind = leafToken(node)?.kind
  return kind === 'word' || kind === 'quotedIdentifier'
}
