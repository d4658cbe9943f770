import fc from 'fast-check'
import { expect, test } from 'vitest'
import { coinTossSums, drawSums, lowerTail, twoSided } from './rank-distribution.ts'

const halfRanks = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 9 })

/** All subsets, one after the other. */
function subsetSums(ranks: readonly number[]): { readonly size: number; readonly sum: number }[] {
  return Array.from({ length: 2 ** ranks.length }, (_, bits) => {
    const chosen = ranks.filter((_rank, index) => Math.floor(bits / 2 ** index) % 2 === 1)
    return { size: chosen.length, sum: chosen.reduce((sum, rank) => sum + rank, 0) }
  })
}

test('sums by the toss of a coin are those of all subsets', () => {
  fc.assert(
    fc.property(halfRanks, (ranks) => {
      const sums = subsetSums(ranks)
      for (const [value, mass] of coinTossSums(ranks).entries())
        expect(mass).toBeCloseTo(sums.filter(({ sum }) => sum === value).length / sums.length, 12)
    }),
  )
})

test('sums of a draw are those of all subsets of its size', () => {
  fc.assert(
    fc.property(halfRanks, fc.nat(), (ranks, any) => {
      const size = any % (ranks.length + 1)
      const sums = subsetSums(ranks).filter((subset) => subset.size === size)
      for (const [value, mass] of drawSums(ranks, size).entries())
        expect(mass).toBeCloseTo(sums.filter(({ sum }) => sum === value).length / sums.length, 12)
    }),
  )
})

test('tails hold what they say', () => {
  const mass = coinTossSums([1, 2, 3])
  // 0 1 2 3 3 4 5 6, each once in eight.
  expect(lowerTail(mass, 0.1)).toBe(-1)
  expect(lowerTail(mass, 0.126)).toBe(0)
  expect(lowerTail(mass, 0.5)).toBe(2)
  expect(lowerTail(mass, 1)).toBe(6)
  expect(twoSided(mass, 0)).toBeCloseTo(0.25, 12)
  expect(twoSided(mass, 3)).toBe(1)
})
