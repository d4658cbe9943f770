import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDuration } from './duration.ts'

test.each([
  [60, 60_000],
  ['60', 60_000],
  ['60s', 60_000],
  ['1m', 60_000],
  ['1 min', 60_000],
  ['2 minutes', 120_000],
  ['500ms', 500],
  ['0.5s', 500],
  ['.5', 500],
  [0.25, 250],
  ['1h', 3_600_000],
  ['1d', 86_400_000],
  [0, 0],
])('%j is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})

test.each(['', 'soon', '-3', '-3s', -3, Number.NaN, Number.POSITIVE_INFINITY, '1 fortnight', '1m30s', null, true, {}, undefined])(
  '%j is not a duration',
  (value) => {
    expect(parseDuration(value)).toBeUndefined()
  },
)

test('a number and its text in seconds mean the same', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000 }), (seconds) => {
      expect(parseDuration(`${seconds}s`)).toBe(parseDuration(seconds))
      expect(parseDuration(`${seconds}`)).toBe(parseDuration(seconds))
      expect(parseDuration(`${seconds * 1000}ms`)).toBe(parseDuration(seconds))
    }),
  )
})
