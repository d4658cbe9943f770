import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from './index.ts'

const take = (count: number, seed: number, stream?: number): number[] => {
  const source = seededRandom(seed, stream)
  return Array.from({ length: count }, () => source.next())
}

test('the same seed and stream repeat, others differ', () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat(), (seed, stream) => {
      expect(take(5, seed, stream)).toEqual(take(5, seed, stream))
      expect(take(5, seed, stream)).not.toEqual(take(5, seed, stream + 1))
    }),
  )
})

test('numbers are uniform in [0, 1)', () => {
  const values = take(100_000, 7)
  expect(values.every((value) => value >= 0 && value < 1)).toBe(true)
  const buckets = Array.from({ length: 10 }, () => 0)
  for (const value of values) {
    buckets[Math.floor(value * 10)] = (buckets[Math.floor(value * 10)] ?? 0) + 1
  }
  // Chi-squared with 9 degrees of freedom: 27.9 is passed once in a thousand seeds; this seed is fixed.
  const chiSquared = buckets.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)
  expect(chiSquared).toBeLessThan(27.9)
})
