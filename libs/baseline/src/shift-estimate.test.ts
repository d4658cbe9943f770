import { seededRandom } from '@squall/time'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pairedShift, sampleShift } from './shift-estimate.ts'

test('the middle of paired differences, with its interval', () => {
  // Means of two: 1 1.5 2 2 2.5 3 3 3.5 4 4.5 5 and so on; the table of the signed-rank test for six pairs puts 0.031 at nothing below.
  expect(pairedShift([1, 2, 3, 4, 5, 6], 0.9)).toEqual({ estimate: 3.5, interval: [2, 5] })
  expect(pairedShift([1, 2, 3, 4, 5, 6], 0.95)).toEqual({ estimate: 3.5, interval: [1, 6] })
  expect(pairedShift([1, 2, 3], 0.95)).toEqual({ estimate: 2, interval: undefined })
})

test('how far one sample lies above another', () => {
  expect(sampleShift([1, 2, 3, 4], [11, 12, 13, 14], 0.95)).toEqual({ estimate: 10, interval: [7, 13] })
  expect(sampleShift([1, 2], [5, 6], 0.95)).toEqual({ estimate: 4, interval: undefined })
})

const series = (length: number): number[] => Array.from({ length }, (_, index) => (index * 37) % 101)

test('long series use the normal approximation, which lies where the exact interval does', () => {
  const [exact, normal] = [pairedShift(series(60), 0.95), pairedShift(series(61), 0.95)]
  expect(normal.interval?.[0]).toBeCloseTo(exact.interval?.[0] ?? 0, -1)
  expect(normal.interval?.[1]).toBeCloseTo(exact.interval?.[1] ?? 0, -1)
  const two = sampleShift(
    series(40),
    series(40).map((value) => value + 30),
    0.95,
  )
  expect(two.estimate).toBeCloseTo(30, -1)
  expect(two.interval?.[0]).toBeLessThan(30)
  expect(two.interval?.[1]).toBeGreaterThan(30)
})

test('moving all differences moves the estimate and its interval', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 6, maxLength: 15 }), fc.integer(), (values, by) => {
      const { estimate, interval } = pairedShift(values, 0.95)
      const moved = pairedShift(
        values.map((value) => value + by),
        0.95,
      )
      expect(moved.estimate).toBeCloseTo(estimate + by, 6)
      expect(moved.interval?.[0]).toBeCloseTo((interval?.[0] ?? 0) + by, 6)
    }),
  )
})

test('an interval of 90 % holds the truth about nine times of ten', () => {
  const random = seededRandom(11)
  const skewed = (): number => -Math.log(1 - random.next()) + Math.log(1 - random.next())
  let held = 0
  for (let round = 0; round < 500; round += 1) {
    const { interval } = pairedShift(
      Array.from({ length: 12 }, () => 3 + skewed()),
      0.9,
    )
    if (interval !== undefined && interval[0] <= 3 && interval[1] >= 3) held += 1
  }
  expect(held / 500).toBeGreaterThan(0.86)
  expect(held / 500).toBeLessThan(0.95)
})
