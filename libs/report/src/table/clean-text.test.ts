import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cleanLines, cleanText } from './clean-text.ts'

test.each([
  ['plain', 'plain'],
  ['\u001b[2Jgone\u0007', '[2Jgone'],
  ['a\tb\r\nc', 'a b c'],
  ['safe\u202eexe.txt', 'safe exe.txt'],
  ['\u009b31mC1', '31mC1'],
  ['one\u2028two', 'one two'],
])('%j prints as %j', (text, clean) => expect(cleanText(text)).toBe(clean))

test('lines stay apart', () => expect(cleanLines('a\u0007\nb')).toBe('a\nb'))

test('nothing that controls a terminal passes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(cleanText(text)).not.toMatch(/\p{Cc}|\p{Bidi_Control}/u)
    }),
  )
})
