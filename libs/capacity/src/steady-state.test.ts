import { seededRandom } from '@squall/time'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findSteadyState } from './steady-state.ts'

const noisy = (count: number, level: (index: number) => number, seed = 1): number[] => {
  const random = seededRandom(seed)
  return Array.from({ length: count }, (_, index) => level(index) + random.next())
}

test('a start-up of ten seconds is left out, and half of the rest at most', () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const { dropped, isSteady } = findSteadyState(noisy(60, (index) => (index < 10 ? 10 * index : 100), seed))
    expect(dropped).toBeGreaterThanOrEqual(10)
    expect(dropped).toBeLessThanOrEqual(30)
    expect(isSteady).toBe(true)
  }
})

test('what keeps rising is never steady', () => {
  expect(findSteadyState(noisy(60, (index) => 10 * index)).isSteady).toBe(false)
})

test('a constant series is steady from its start, and nothing is not', () => {
  expect(findSteadyState(Array.from({ length: 30 }, () => 7))).toEqual({ dropped: 0, isSteady: true })
  expect(findSteadyState([])).toEqual({ dropped: 0, isSteady: false })
})

test('short series are taken value by value', () => {
  expect(findSteadyState([50, 10, 10, 10, 10, 10])).toEqual({ dropped: 1, isSteady: true })
})

test('never more is dropped than there is', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 }), (values) => {
      const { dropped } = findSteadyState(values)
      expect(dropped).toBeGreaterThanOrEqual(0)
      expect(dropped).toBeLessThan(values.length)
    }),
  )
})
