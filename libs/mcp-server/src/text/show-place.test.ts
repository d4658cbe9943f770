import fc from 'fast-check'
import { expect, test } from 'vitest'
import { showOffset, showPlace } from './show-place.ts'

test('the caret stands beneath the place, whatever the text holds', () => {
  const line = fc.string({ unit: fc.constantFrom('a', ' ', '\t', 'é', '\u2028', '\u0007'), maxLength: 300 })
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), fc.nat(3), fc.nat(300), (lines, index, column) => {
      const shown = showPlace(lines.join('\n'), index + 1, column)
      const found = lines[index]
      expect(shown === undefined).toBe(found === undefined || column > found.length)
      const [words = '', caret = '^', ...rest] = shown?.split('\n') ?? []
      expect([caret.trim(), rest]).toEqual(['^', []])
      const wanted = shown === undefined ? '' : (found ?? '').charAt(column)
      expect(words.charAt(caret.indexOf('^'))).toBe(/[\p{Cc}\u2028]/u.test(wanted) ? ' ' : wanted)
    }),
  )
})

test('a long line is shown around the place alone', () => {
  expect(showPlace('x'.repeat(500), 1, 250)).toBe(`  …${'x'.repeat(120)}…\n  ${' '.repeat(61)}^`)
})

test('a place may be told by its distance from the start', () => {
  expect(showOffset('SELECT\n  nope', 9)).toBe('\n    nope\n    ^')
  expect(showOffset('a', 5)).toBe('\n  a\n   ^')
})
