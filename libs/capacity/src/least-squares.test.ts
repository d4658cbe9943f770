import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitLeastSquares } from './least-squares.ts'

const places = [0, 1, 2, 3, 4]

const line = ([a = 0, b = 0]: readonly number[]): number[] => places.map((x) => a + b * x)

test('a straight line is found again', () => {
  const number = fc.double({ min: -100, max: 100, noNaN: true })
  fc.assert(
    fc.property(number, number, (height, slope) => {
      const found = fitLeastSquares({ start: [1, 1], observed: line([height, slope]), predict: line })
      expect(found?.[0]).toBeCloseTo(height, 4)
      expect(found?.[1]).toBeCloseTo(slope, 4)
    }),
  )
})

test('a parameter that decides nothing stays where it was', () => {
  const predict = ([a = 0]: readonly number[]): number[] => places.map((x) => a * x)
  const found = fitLeastSquares({ start: [1, 7], observed: places.map((x) => 3 * x), predict })
  expect(found?.[0]).toBeCloseTo(3, 6)
  expect(found?.[1]).toBe(7)
})

test('a prediction that is no number, and never becomes one, is no fit', () => {
  expect(fitLeastSquares({ start: [1], observed: [1, 2], predict: () => [Number.NaN, 1] })).toBeUndefined()
})

test('what was not predicted counts as nothing', () => {
  const found = fitLeastSquares({ start: [1], observed: [4, 0], predict: ([a = 0]) => [a] })
  expect(found?.[0]).toBeCloseTo(4, 6)
})
