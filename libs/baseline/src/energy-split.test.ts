import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bestSplit, rankedSeries } from './energy-split.ts'

/** The mean distance of each of some values to each of others, pair by pair. */
const meanDistance = (some: readonly number[], others: readonly number[], pairs: number): number =>
  some.reduce((sum, one) => sum + others.reduce((inner, other) => inner + Math.abs(one - other), 0), 0) / pairs

/** By the definition, with all distances. */
function splitByDefinition(values: readonly number[], least: number): number {
  const distances = values.map((_, index) => {
    const [left, right] = [values.slice(0, index), values.slice(index)]
    const [m, n] = [left.length, right.length]
    if (m < least || n < least) return 0
    const energy =
      2 * meanDistance(left, right, m * n) - meanDistance(left, left, m * (m - 1)) - meanDistance(right, right, n * (n - 1))
    return ((m * n) / (m + n)) * energy
  })
  return Math.max(0, ...distances)
}

test('the best split is that of all distances, pair by pair', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 40 }),
      fc.integer({ min: 2, max: 5 }),
      (values, least) => {
        const found = bestSplit(rankedSeries(values), least)
        expect(found?.distance ?? 0).toBeCloseTo(splitByDefinition(values, least), 6)
        expect(found === undefined || Math.min(found.index, values.length - found.index) >= least).toBe(true)
      },
    ),
  )
})

test('equal values have no split, wherever they lie', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: 0, max: 60 }), (value, length) => {
      expect(bestSplit(rankedSeries(Array.from({ length }, () => value)), 2)).toBeUndefined()
    }),
  )
})
