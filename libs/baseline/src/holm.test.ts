import fc from 'fast-check'
import { expect, test } from 'vitest'
import { holmAdjusted } from './holm.ts'

test('the smallest counts for all tests, the next for one fewer, and none less than one before it', () => {
  const adjusted = holmAdjusted([0.01, 0.04, 0.03, 0.005])
  for (const [index, expected] of [0.03, 0.06, 0.06, 0.02].entries()) expect(adjusted[index]).toBeCloseTo(expected, 12)
  expect(holmAdjusted([0.6, 0.9])).toEqual([1, 1])
  expect(holmAdjusted([])).toEqual([])
})

test('never below the p-value itself, never above that of Bonferroni', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (values) => {
      for (const [index, adjusted] of holmAdjusted(values).entries()) {
        const value = values[index] ?? 0
        expect(adjusted).toBeGreaterThanOrEqual(value)
        expect(adjusted).toBeLessThanOrEqual(Math.min(1, value * values.length) + 1e-12)
      }
    }),
  )
})
