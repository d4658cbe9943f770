import { seededRandom } from '@squall/time'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { capacityInterval, risen } from './capacity-interval.ts'
import type { MeasuredLevel } from './measured-level.ts'

const level = (load: number, strains: readonly number[]): MeasuredLevel => ({
  load,
  strain: strains.reduce((sum, strain) => sum + strain, 0) / strains.length,
  windows: strains.map((strain) => ({ strain })),
})

test('without noise the interval is the gap that was left', () => {
  const levels = [10, 20, 38, 42, 80].map((load) => level(load, [load / 40, load / 40]))
  const [low, high] = capacityInterval(levels, 38, { random: seededRandom(1) })
  expect(low).toBe(38)
  expect(high).toBe(42)
})

const noisy = (by: number, confidence?: number): readonly [number, number] =>
  capacityInterval(
    [10, 20, 36, 38, 40, 42, 44, 80].map((load) => level(load, [load / 40 - by, load / 40, load / 40 + by])),
    38,
    { random: seededRandom(1), ...(confidence !== undefined && { confidence }) },
  )

test('the noisier the windows, the wider', () => {
  const [narrow, wide] = [noisy(0.01), noisy(0.2)]
  expect(wide[0]).toBeLessThan(narrow[0])
  expect(wide[1]).toBeGreaterThan(narrow[1])
})

test('the surer, the wider; 95 % unless asked otherwise', () => {
  const [half, most] = [noisy(0.2, 0.5), noisy(0.2, 0.99)]
  expect(half[0]).toBeGreaterThan(most[0])
  expect(half[1]).toBeLessThan(most[1])
  expect(noisy(0.2)).toEqual(noisy(0.2, 0.95))
})

test('a load under which no call was answered is broken without end, and the ones beside it are judged as they were', () => {
  const levels = [level(10, [0.5, 0.6]), level(20, [0.8, 0.9]), level(30, [Number.POSITIVE_INFINITY])]
  expect(capacityInterval(levels, 20, { random: seededRandom(1) })).toEqual([20, 30])
})

test('values without a weight weigh one each', () => {
  expect(risen([3, 1], [])).toEqual([2, 2])
})

test('nothing broke, nothing kept, nothing failed at all', () => {
  const options = { random: seededRandom(1) }
  expect(capacityInterval([level(1, [0.5]), level(2, [0.6])], 2, options)).toEqual([2, 2])
  expect(capacityInterval([level(1, [3])], 1, options)).toEqual([1, 1])
  expect(capacityInterval([level(1, [0]), level(2, [4])], 1, options)[1]).toBe(2)
})

test('a series made to rise never falls, keeps its weighted mean, and is left alone where it rose', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 9 })), { minLength: 1 }),
      (pairs) => {
        const [values, weights] = [pairs.map(([value]) => value), pairs.map(([, weight]) => weight)]
        const result = risen(values, weights)
        const total = (of: readonly number[]): number => of.reduce((sum, value, index) => sum + value * (weights[index] ?? 0), 0)
        expect(result.length).toBe(values.length)
        expect(result.every((value, index) => index === 0 || value >= (result[index - 1] ?? 0))).toBe(true)
        expect(total(result)).toBeCloseTo(total(values), 6)
        const sorted = values.toSorted((a, b) => a - b)
        expect(risen(sorted, weights)).toEqual(sorted)
      },
    ),
  )
})
