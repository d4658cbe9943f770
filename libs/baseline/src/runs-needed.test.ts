import { expect, test } from 'vitest'
import { leastPairs, leastRunsEach, medianOf, runsForPrecision } from './runs-needed.ts'

test('runs below which no difference is significant', () => {
  // 2 in 2^6 is 0.03, 2 in 70 ways to draw four of eight is 0.029.
  expect([leastPairs(0.05), leastRunsEach(0.05)]).toEqual([6, 4])
  expect([leastPairs(0.005), leastRunsEach(0.005)]).toEqual([9, 6])
})

test('half the tolerance takes four times the runs', () => {
  const scatter = [-2, -1, 0, 1, 2]
  const [coarse, fine] = [runsForPrecision(scatter, 0.2, 0.05), runsForPrecision(scatter, 0.1, 0.05)]
  expect(fine / coarse).toBeCloseTo(4, 1)
  // 1.96² × 1.4826² × π/3 over 0.2².
  expect(coarse).toBe(222)
})

test('medians', () => {
  expect([medianOf([3, 1, 2]), medianOf([4, 1, 3, 2]), medianOf([7])]).toEqual([2, 2.5, 7])
})
