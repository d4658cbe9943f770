import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findKnee } from './knee.ts'

test("the paper's own example: 1 - 1/x style saturation bends early", () => {
  const curve = Array.from({ length: 10 }, (_, index) => ({ x: index, y: -1 / (index / 9 + 0.1) + 5 }))
  // The published figure 2 puts the knee at 0.22 of the width.
  expect(findKnee(curve)?.x).toBe(2)
})

test('a server of eight slots bends at eight clients', () => {
  const curve = [1, 2, 4, 6, 8, 12, 16, 32].map((clients) => ({ x: clients, y: Math.min(clients, 8) * 10 }))
  expect(findKnee(curve)).toEqual({ x: 8, y: 80 })
})

test.each([
  ['a straight line', [1, 2, 4, 8, 16].map((x) => ({ x, y: 3 * x }))],
  ['a curve that bends upwards', [1, 2, 4, 8, 16].map((x) => ({ x, y: x * x }))],
  ['three points', [1, 2, 3].map((x) => ({ x, y: Math.sqrt(x) }))],
  ['a flat line', [1, 2, 3, 4].map((x) => ({ x, y: 5 }))],
  ['one x', [1, 2, 3, 4].map((y) => ({ x: 5, y }))],
  ['nothing', []],
])('%s has no knee', (_what, curve) => {
  expect(findKnee(curve)).toBeUndefined()
})

test('the units of either axis do not matter', () => {
  const unit = fc.double({ min: 0.01, max: 100, noNaN: true })
  fc.assert(
    fc.property(unit, unit, (perX, perY) => {
      const curve = [1, 2, 4, 8, 16, 32].map((clients) => ({ x: clients * perX, y: (clients / (1 + 0.2 * clients)) * perY }))
      expect(findKnee(curve)?.x).toBeCloseTo(8 * perX, 6)
    }),
  )
})
