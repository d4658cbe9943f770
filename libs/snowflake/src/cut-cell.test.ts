import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutCell, isWithin } from './cut-cell.ts'

test('a cell that is cut has the length asked for at most, and holds no half character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 20 }), fc.integer({ min: 2, max: 19 }), (text, maxChars) => {
      expect(isWithin(text, maxChars)).toBe(false)
      const cut = cutCell(text, maxChars)
      expect(cut.length).toBeLessThanOrEqual(maxChars)
      expect(cut.isWellFormed()).toBe(true)
      expect(cut.endsWith('…') && text.startsWith(cut.slice(0, -1))).toBe(true)
    }),
  )
})

test('JSON is measured, and cut, as its text', () => {
  expect([isWithin({ a: [1, 2] }, 11), isWithin({ a: [1, 2] }, 10), isWithin(12_345, 2), isWithin(null, 1)]).toEqual([
    true,
    false,
    true,
    true,
  ])
  expect(cutCell({ a: [1, 2] }, 6)).toBe('{"a":…')
})
