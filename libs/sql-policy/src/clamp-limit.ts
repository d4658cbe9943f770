import {
  isKeyword,
  isOperator,
  parseTokenTree,
  splitStatements,
  statementClass,
  tokenize,
  type Token,
  type TokenNode,
} from '@squall/snowflake-sql'

/**
 * Bounds the rows of a query that `checkReadOnly` allowed: the text that comes back yields the query's first `limit` rows at most, in
 * its own order. A smaller limit of the query's own stays. Other statements come back as they are: they take no LIMIT, and are cut
 * by counting rows.
 *
 * The limit stands on a line of its own behind the last token of the query, so no comment can swallow it; a limit the query has is
 * replaced in place, since a wrapped query loses its order; only a query that bounds itself in some other way is wrapped.
 * @throws RangeError where `limit` is no whole number of at least 0.
 */
export function clampLimit(sql: string, limit: number): string {
  if (!Number.isSafeInteger(limit) || limit < 0)
    throw new RangeError(`a limit must be a whole number of at least 0, not ${limit}`)
  const [statement] = splitStatements(tokenize(sql))
  if (!statement || statementClass(statement) !== 'select') return sql
  const bound = findBound(parseTokenTree(statement.tokens).nodes)
  if (bound.kind === 'none') return `${statement.text}\nLIMIT ${limit}`
  if (bound.kind === 'count' && countOf(bound.token) <= limit) return statement.text
  if (bound.kind === 'count' && bound.isReplaceable) return replace(statement.tokens, bound.token, String(limit))
  return `SELECT * FROM (\n${statement.text}\n) LIMIT ${limit}`
}

/** How a query bounds its own rows: not at all, by one count in one place, or in a way not worth the reading. */
type Bound =
  | { readonly kind: 'none' | 'other' }
  | { readonly kind: 'count'; readonly token: Token; readonly isReplaceable: boolean }

function findBound(nodes: readonly TokenNode[]): Bound {
  const words = nodes.map(leaf)
  const [at, second] = words.flatMap((_, index) => (isClause(words, index) ? [index] : []))
  if (isKeyword(words[0], 'VALUES')) return { kind: 'other' }
  if (at === undefined) return { kind: 'none' }
  const rest = words.slice(at + 1)
  if (isKeyword(words[at], 'LIMIT') && (rest.length === 1 || isOffset(rest.slice(1)))) return boundBy(rest[0], true)
  const isFetch = isKeyword(words[at], 'FETCH')
  // TOP bounds one branch of a UNION only.
  const isTop = isKeyword(words[at], 'TOP') && !words.some((word) => isKeyword(word, ...setOperators))
  if (second !== undefined || !(isFetch || isTop)) return { kind: 'other' }
  return boundBy(rest[isKeyword(rest[0], 'FIRST', 'NEXT') ? 1 : 0], false)
}

/** A word of these that is no part of a path like `v:limit`. */
function isClause(words: readonly (Token | undefined)[], at: number): boolean {
  const isPath = isOperator(words[at - 1], ':') || isOperator(words[at - 1], '.')
  return !isPath && isKeyword(words[at], 'LIMIT', 'OFFSET', 'FETCH', 'TOP')
}

const setOperators = ['UNION', 'INTERSECT', 'EXCEPT', 'MINUS']

function isOffset([keyword, count, ...rest]: readonly (Token | undefined)[]): boolean {
  return isKeyword(keyword, 'OFFSET') && count?.kind === 'number' && rest.length === 0
}

/** NULL and empty strings are counts too, and mean no limit at all. */
function boundBy(token: Token | undefined, isReplaceable: boolean): Bound {
  const isCount =
    token?.kind === 'number' || token?.kind === 'string' || token?.kind === 'dollarString' || isKeyword(token, 'NULL')
  return token && isCount ? { kind: 'count', token, isReplaceable } : { kind: 'other' }
}

function countOf({ kind, text }: Token): number {
  return kind === 'number' && /^\d+$/.test(text) ? Number(text) : Infinity
}

function replace(tokens: readonly Token[], replaced: Token, by: string): string {
  return tokens.map((token) => (token === replaced ? by : token.text)).join('')
}

function leaf(node: TokenNode | undefined): Token | undefined {
  return node?.kind === 'leaf' ? node.token : undefined
}
