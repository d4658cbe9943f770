import fc from 'fast-check'
import stringWidth from 'string-width'
import { expect, test } from 'vitest'
import { wrapText } from './wrap-text.ts'

test('text breaks between words, each line indented', () => {
  expect(wrapText('the quick brown fox', 11, '  ')).toEqual(['  the quick', '  brown fox'])
})

test('without a width there is one line', () => expect(wrapText('a b  c')).toEqual(['a b c']))

test('no word is lost, and only a word alone is wider than asked for', () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 })
  fc.assert(
    fc.property(words, fc.integer({ min: 1, max: 40 }), (words, width) => {
      const lines = wrapText(words.join(' '), width)
      expect(lines.join(' ')).toBe(words.join(' '))
      for (const line of lines) expect(stringWidth(line) <= width || !line.includes(' ')).toBe(true)
    }),
  )
})
