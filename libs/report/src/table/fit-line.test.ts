import fc from 'fast-check'
import stringWidth from 'string-width'
import { expect, test } from 'vitest'
import { fitLine } from './fit-line.ts'

test.each([
  ['short', 10, 'short'],
  ['exactly ten', 11, 'exactly ten'],
  ['cut in the middle', 8, 'cut in …'],
  ['表表表表', 6, '表表…'],
  ['👩‍👩‍👧‍👦 family', 5, '👩‍👩‍👧‍👦 f…'],
  ['anything', 0, ''],
  ['anything', 1, '…'],
])('%j in %i columns is %j', (line, width, text) => expect(fitLine(line, width)).toBe(text))

test('colours behind the cut are still switched off', () => {
  expect(fitLine('\u001b[31mred and long\u001b[39m', 5)).toBe('\u001b[31mred \u001b[39m…')
})

test('no line is wider than asked for, and what fits is not touched', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 40 }), (line, width) => {
      const fitted = fitLine(line, width)
      expect(stringWidth(fitted)).toBeLessThanOrEqual(width)
      expect(fitted === line || stringWidth(line) > width).toBe(true)
    }),
  )
})
