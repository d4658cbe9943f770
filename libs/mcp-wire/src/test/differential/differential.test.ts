import { expect, test } from 'vitest'
import { renderComparison } from './comparison.ts'
import { compareHttp } from './http-differences.ts'
import { compareSse } from './sse-differences.ts'

// `npm run prove` does the same with a million cases of each.
const seed = 20_261_122

test('thousands of odd and broken answers are read as undici reads them, but for differences with a written reason', async () => {
  const comparison = await compareHttp(3000, seed)
  expect(comparison.unexplained).toEqual([])
  expect(comparison.agreedWhole).toBeGreaterThan(800)
  expect(comparison.agreedBroken).toBeGreaterThan(300)
  expect(renderComparison('HTTP', comparison)).toMatch(/^HTTP: 3,000 cases, .* without: 0$/)
})

test('thousands of streams of events are read as the parser of the official SDK reads them', () => {
  const comparison = compareSse(5000, seed)
  expect(comparison.unexplained).toEqual([])
  expect(comparison.agreedWhole).toBeGreaterThan(4000)
})
