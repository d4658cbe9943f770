import { isTrivia, type Token } from './token.ts'

/** A pair of brackets and what lies between them. */
export interface TokenGroup {
  readonly kind: 'group'
  readonly open: Token
  /** Absent where the text ends, or another bracket closes, before this one does. */
  readonly close: Token | undefined
  readonly children: readonly TokenNode[]
}

/** A token that is no bracket. */
export interface TokenLeaf {
  readonly kind: 'leaf'
  readonly token: Token
}

export type TokenNode = TokenLeaf | TokenGroup

export interface TokenTree {
  readonly nodes: readonly TokenNode[]
  /** Brackets without a partner, in the order of the text. Empty for a well-formed text. */
  readonly unmatched: readonly Token[]
  /** The most brackets open at once. */
  readonly depth: number
}

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }
const closers = new Set(Object.values(closing))

interface OpenGroup {
  readonly open: Token
  readonly children: TokenNode[]
}

/** Nests tokens by their brackets. White space and comments are left out; every other token is in the tree once. */
export function parseTokenTree(tokens: readonly Token[]): TokenTree {
  const roots: TokenNode[] = []
  const unmatched: Token[] = []
  const stack: OpenGroup[] = []
  let depth = 0
  const siblings = (): TokenNode[] => stack.at(-1)?.children ?? roots
  const leaveGroup = (close: Token | undefined): void => {
    const group = stack.pop()
    if (group) siblings().push({ kind: 'group', open: group.open, close, children: group.children })
  }
  for (const token of tokens) {
    if (isTrivia(token)) continue
    const bracket = token.kind === 'operator' ? token.text : ''
    if (bracket in closing) depth = Math.max(depth, stack.push({ open: token, children: [] }))
    else if (!closers.has(bracket)) siblings().push({ kind: 'leaf', token })
    else if (closing[stack.at(-1)?.open.text ?? ''] === bracket) leaveGroup(token)
    else {
      unmatched.push(token)
      siblings().push({ kind: 'leaf', token })
    }
  }
  for (const { open } of stack) unmatched.push(open)
  while (stack.length > 0) leaveGroup(undefined)
  return { nodes: roots, unmatched: unmatched.toSorted((a, b) => a.offset - b.offset), depth }
}
