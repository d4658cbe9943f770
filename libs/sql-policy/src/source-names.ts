import { identifierName, isKeyword, isOperator, type TokenNode } from '@squall/snowflake-sql'
import { clauseAfter, isDistinctFrom, isSourceStart, leafToken, startOfQuery, startsClause, type Clause } from './clauses.ts'

/** A name in a place where a query reads from, as written: one to three parts, `''` for a part left out between two dots. */
export interface SourceName {
  readonly parts: readonly string[]
  /** Offset of its first token in the text. */
  readonly position: number
  /** Whether a bracket follows: a table function. */
  readonly isCall: boolean
}

/** What a query reads from, and where it cannot be told. */
export interface SourceNames {
  readonly names: readonly SourceName[]
  /** Offset of a place nobody can read for sure. */
  readonly doubt?: number
}

/** The names a query reads from, but for its own common table expressions, wherever in its brackets they stand. */
export function sourceNames(nodes: readonly TokenNode[]): SourceNames {
  const walk = new SourceWalk()
  walk.query(nodes, new Scope())
  return walk
}

/** The common table expressions that can be seen at one place: its own, and those around it. */
class Scope {
  readonly #names = new Set<string>()
  readonly #outer: Scope | undefined

  constructor(outer?: Scope) {
    this.#outer = outer
  }

  add(name: string): void {
    this.#names.add(name)
  }

  has(name: string): boolean {
    return this.#names.has(name) || this.#outer?.has(name) === true
  }
}

class SourceWalk implements SourceNames {
  readonly names: SourceName[] = []
  doubt?: number

  /**
   * @param scope the common table expressions that can be seen here.
   * @param own the name of the expression whose body this is: it stands for itself behind the first UNION ALL, where a recursion
   *   comes back to it, and for a table before.
   */
  query(nodes: readonly TokenNode[], scope: Scope, own?: string): void {
    const [start, visible] = isKeyword(leafToken(nodes[0]), 'WITH') ? this.#expressions(nodes, scope) : [0, scope]
    this.#clauses(nodes, { start, first: 'other', scope: visible, own })
  }

  /** Reads `WITH a AS (…), b (x) AS (…)`; gives back where the query behind begins, and what it sees. */
  #expressions(nodes: readonly TokenNode[], outer: Scope): [start: number, scope: Scope] {
    const scope = new Scope(outer)
    let at = isKeyword(leafToken(nodes[1]), 'RECURSIVE') && !isKeyword(leafToken(nodes[2]), 'AS') ? 2 : 1
    for (;;) {
      const name = identifierName(leafToken(nodes[at]))
      const as = nodes[at + 1]?.kind === 'group' ? at + 2 : at + 1
      const body = nodes[as + 1]
      if (name === undefined || !isKeyword(leafToken(nodes[as]), 'AS') || body?.kind !== 'group') {
        this.#doubtAt(nodes[at])
        return [nodes.length, scope]
      }
      this.query(body.children, scope, name)
      scope.add(name)
      if (!isOperator(leafToken(nodes[as + 2]), ',')) return [as + 2, scope]
      at = as + 3
    }
  }

  #clauses(
    nodes: readonly TokenNode[],
    { start = 0, first, scope, own }: { start?: number; first: Clause; scope: Scope; own?: string | undefined },
  ): void {
    let clause = first
    const visible = own === undefined ? scope : new Scope(scope)
    const holdsQuery = nodes.some((node) => isKeyword(leafToken(node), 'SELECT', 'WITH'))
    for (let at = start; at < nodes.length; at += 1) {
      const node = nodes[at]
      const isSource = isSourceStart(nodes, at, clause)
      if (node?.kind === 'group') this.#group(node.children, isSource, visible)
      if (node?.kind !== 'leaf') continue
      if (isSource) this.#source(nodes, at, visible)
      if (own !== undefined && isKeyword(node.token, 'UNION') && isKeyword(leafToken(nodes[at + 1]), 'ALL')) visible.add(own)
      if (holdsQuery && isStrayFrom(nodes, at)) this.#doubtAt(node)
      clause = clauseAfter(nodes, at, clause)
    }
  }

  #group(children: readonly TokenNode[], isSource: boolean, scope: Scope): void {
    const isQuery = isKeyword(leafToken(children[0]), ...startOfQuery)
    if (isQuery) this.query(children, scope)
    else this.#clauses(children, { first: isSource ? 'sources' : 'other', scope })
  }

  #source(nodes: readonly TokenNode[], at: number, scope: Scope): void {
    const token = leafToken(nodes[at])
    if (isKeyword(token, 'LATERAL', 'VALUES')) return
    const { parts, end } = readPath(nodes, at)
    const [name] = parts
    const next = nodes[end]
    // More than three parts, or something that goes on behind a dot.
    if (name === undefined || parts.length > 3 || leafToken(next)?.text.startsWith('.') === true) return this.#doubtAt(nodes[at])
    const isCall = next?.kind === 'group' && next.open.text === '('
    if (isCall) return this.#call(parts, next.children, token?.offset ?? 0)
    // Elsewhere `TABLE t` is a query.
    if (isKeyword(token, 'TABLE')) return this.#doubtAt(nodes[at])
    if (parts.length === 1 && scope.has(name)) return
    this.names.push({ parts, position: token?.offset ?? 0, isCall: false })
  }

  /** `TABLE(f(…))` and `SEMANTIC_VIEW(name …)` hold in their brackets what is read. */
  #call(parts: readonly string[], children: readonly TokenNode[], position: number): void {
    const holder = parts.length === 1 ? parts[0] : undefined
    if (holder !== 'TABLE' && holder !== 'SEMANTIC_VIEW') {
      this.names.push({ parts, position, isCall: true })
      return
    }
    const inner = readPath(children, 0)
    if (inner.parts.length === 0 || inner.parts.length > 3) this.#doubtAt(children[0])
    else this.names.push({ parts: inner.parts, position, isCall: holder === 'TABLE' })
  }

  #doubtAt(node: TokenNode | undefined): void {
    this.doubt ??= (node?.kind === 'group' ? node.open : node?.token)?.offset ?? 0
  }
}

/** `a`, `a.b`, `a.b.c`, `a..c`; the index behind it. */
function readPath(nodes: readonly TokenNode[], start: number): { parts: readonly string[]; end: number } {
  const parts: string[] = []
  let at = start
  for (;;) {
    const name = identifierName(leafToken(nodes[at]))
    if (name !== undefined) at += 1
    else if (parts.length !== 1 || !isOperator(leafToken(nodes[at]), '.')) return { parts: [], end: at }
    parts.push(name ?? '')
    if (!isOperator(leafToken(nodes[at]), '.')) return { parts, end: at }
    at += 1
  }
}

/** The word FROM where it neither starts a clause nor belongs to IS DISTINCT FROM. EXTRACT and TRIM have it too, but hold no query. */
function isStrayFrom(nodes: readonly TokenNode[], at: number): boolean {
  return isKeyword(leafToken(nodes[at]), 'FROM') && !startsClause(nodes, at) && !isDistinctFrom(nodes, at)
}
