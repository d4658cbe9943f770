import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isTrivia, parseTokenTree, tokenize, type TokenNode } from './index.ts'

const outline = (nodes: readonly TokenNode[]): string =>
  nodes
    .map((node) =>
      node.kind === 'leaf' ? node.token.text : `${node.open.text}${outline(node.children)}${node.close?.text ?? '…'}`,
    )
    .join(' ')

test('brackets nest, and comments and white space are gone', () => {
  const { nodes, unmatched, depth } = parseTokenTree(tokenize("f(a, [1, {'k': (2)}]) -- end"))
  expect(outline(nodes)).toBe("f (a , [1 , {'k' : (2)}])")
  expect({ unmatched, depth }).toEqual({ unmatched: [], depth: 4 })
})

test('brackets without a partner are reported in the order of the text', () => {
  const { nodes, unmatched } = parseTokenTree(tokenize(') (a ] [b'))
  expect(outline(nodes)).toBe(') (a ] [b……')
  expect(unmatched.map(({ text }) => text)).toEqual([')', '(', ']', '['])
})

test('every significant token is in the tree once, in order, however the brackets lie', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('(', ')', '[', ']', '{', '}', 'a', ' ')), (parts) => {
      const tokens = tokenize(parts.join(''))
      const flatten = (nodes: readonly TokenNode[]): string[] =>
        nodes.flatMap((node) =>
          node.kind === 'leaf' ? [node.token.text] : [node.open.text, ...flatten(node.children), node.close?.text ?? ''],
        )
      const { nodes } = parseTokenTree(tokens)
      expect(flatten(nodes).join('')).toBe(
        tokens
          .filter((token) => !isTrivia(token))
          .map(({ text }) => text)
          .join(''),
      )
    }),
  )
})

test('a hundred thousand open brackets are no danger', () => {
  expect(parseTokenTree(tokenize('('.repeat(100_000)))).toMatchObject({ depth: 100_000 })
})

test.each(['(', '[', '{', ')', '([{'])(
  'half a megabyte of %s makes a tree, and every bracket is told',
  (brackets) => {
    const { nodes, unmatched } = parseTokenTree(tokenize(brackets.repeat(500_000 / brackets.length)))
    expect(nodes.length).toBeGreaterThan(0)
    expect(unmatched.length).toBe(Math.floor(500_000 / brackets.length) * brackets.length)
    // What grows with the square of the length takes minutes.
  },
  20_000,
)
