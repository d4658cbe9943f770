import { isKeyword, isOperator, identifierName, type Token, type TokenGroup, type TokenNode } from '@squall/snowflake-sql'
import { syntaxError } from '../engine/snowflake-errors.ts'

/** Walks over the nodes of one level of a token tree. */
export class NodeCursor {
  readonly nodes: readonly TokenNode[]
  at = 0

  constructor(nodes: readonly TokenNode[]) {
    this.nodes = nodes
  }

  get isAtEnd(): boolean {
    return this.at >= this.nodes.length
  }

  peek(ahead = 0): TokenNode | undefined {
    return this.nodes[this.at + ahead]
  }

  /** The token of the node ahead where that is no group. */
  token(ahead = 0): Token | undefined {
    return leafToken(this.peek(ahead))
  }

  /** The group ahead where it opens with this bracket. */
  group(open: '(' | '[' | '{', ahead = 0): TokenGroup | undefined {
    const node = this.peek(ahead)
    return node?.kind === 'group' && node.open.text === open ? node : undefined
  }

  next(): TokenNode {
    const node = this.peek()
    if (!node) throw syntaxError(undefined)
    this.at += 1
    return node
  }

  isAtKeyword(...keywords: readonly string[]): boolean {
    return isKeyword(this.token(), ...keywords)
  }

  isAtOperator(text: string): boolean {
    return isOperator(this.token(), text)
  }

  /** Steps over these keywords, one after the other, if all of them come next. */
  skipKeywords(...keywords: readonly string[]): boolean {
    const isThere = keywords.every((keyword, ahead) => isKeyword(this.token(ahead), keyword))
    if (isThere) this.at += keywords.length
    return isThere
  }

  skipOperator(text: string): boolean {
    const isThere = this.isAtOperator(text)
    if (isThere) this.at += 1
    return isThere
  }

  /** Steps over a group of this bracket and gives it. */
  takeGroup(open: '(' | '[' | '{'): TokenGroup | undefined {
    const group = this.group(open)
    if (group) this.at += 1
    return group
  }

  /** Steps over an identifier and gives its name; throws 001003 where there is none. */
  takeName(): string {
    const name = identifierName(this.token())
    if (name === undefined) throw this.unexpected()
    this.at += 1
    return name
  }

  /** Everything up to the end. */
  takeRest(): readonly TokenNode[] {
    const rest = this.nodes.slice(this.at)
    this.at = this.nodes.length
    return rest
  }

  unexpected(): Error {
    return syntaxError(firstToken(this.peek()))
  }

  /** Throws 001003 unless all nodes have been read. */
  expectEnd(): void {
    if (!this.isAtEnd) throw this.unexpected()
  }
}

export function leafToken(node: TokenNode | undefined): Token | undefined {
  return node?.kind === 'leaf' ? node.token : undefined
}

export function firstToken(node: TokenNode | undefined): Token | undefined {
  return node?.kind === 'group' ? node.open : node?.token
}

export function lastToken(node: TokenNode | undefined): Token | undefined {
  return node?.kind === 'group' ? (node.close ?? lastToken(node.children.at(-1)) ?? node.open) : node?.token
}

/** Cuts the nodes at each top-level operator of this text. No nodes are no parts. */
export function splitAtOperator(nodes: readonly TokenNode[], operator: string): (readonly TokenNode[])[] {
  const parts: TokenNode[][] = nodes.length === 0 ? [] : [[]]
  for (const node of nodes) {
    if (isOperator(leafToken(node), operator)) parts.push([])
    else parts.at(-1)?.push(node)
  }
  return parts
}
