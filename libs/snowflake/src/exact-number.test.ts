import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exactNumber } from './exact-number.ts'

test.each([
  ['0', 0],
  ['42', 42],
  ['-7', -7],
  ['12.30', 12.3],
  ['0.1', 0.1],
  ['-0.000000000001', -1e-12],
  ['9007199254740991', 9_007_199_254_740_991],
  ['9007199254740993', '9007199254740993'],
  ['10000000000000000000000', '10000000000000000000000'],
  ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
  ['0.12345678901234567890', '0.12345678901234567890'],
  ['1234567890123.4500000000', 1_234_567_890_123.45],
  ['1.5e300', 1.5e300],
  ['NaN', 'NaN'],
  ['inf', 'inf'],
])('%s becomes %j', (text, value) => expect(exactNumber(text)).toBe(value))

test('whatever NUMBER comes, its value is still there', () => {
  const digits = fc.string({ unit: fc.constantFrom('0', '1', '5', '9'), minLength: 1, maxLength: 38 })
  fc.assert(
    fc.property(fc.boolean(), digits, fc.nat(37), (negative, all, scale) => {
      const padded = all.padStart(scale + 1, '0')
      const whole = padded.slice(0, padded.length - scale)
      const text = `${negative ? '-' : ''}${whole}${scale > 0 ? `.${padded.slice(-scale)}` : ''}`
      const read = exactNumber(text)
      expect(asFraction(JSON.stringify(read).replaceAll('"', ''))).toEqual(asFraction(text))
    }),
    { numRuns: 2_000 },
  )
})

/** A decimal text as its exact value in units of 10^-60. */
function asFraction(text: string): bigint {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.')
  const units = BigInt(whole + fraction) * 10n ** BigInt(60 - fraction.length + Number(exponent))
  return mantissa.startsWith('-') ? -units : units
}
