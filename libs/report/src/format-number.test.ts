import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatClients, formatBytes, formatCount, formatDuration, formatMs, formatRate, formatShare } from './format-number.ts'

test.each<[number | null, string]>([
  [null, '–'],
  [0, '0 ms'],
  [0.004, '0.00 ms'],
  [0.42, '0.42 ms'],
  [0.996, '1.0 ms'],
  [9.97, '10 ms'],
  [38.4, '38 ms'],
  [999.4, '999 ms'],
  [999.5, '1.00 s'],
  [1254, '1.25 s'],
  [9999, '10.0 s'],
  [1_234_567, '1,234.6 s'],
])('%s milliseconds read as %s', (ms, text) => expect(formatMs(ms)).toBe(text))

test.each([
  [0, '0'],
  [0.25, '0.25'],
  [0.001, '<0.01'],
  [9.97, '9.97'],
  [9.999, '10.0'],
  [42.56, '42.6'],
  [99.97, '100'],
  [1234.4, '1,234'],
])('a rate of %s reads as %s', (rate, text) => expect(formatRate(rate)).toBe(text))

test.each([
  [0, '0 %'],
  [0.00001, '<0.01 %'],
  [0.0003, '0.03 %'],
  [0.00999, '1.0 %'],
  [0.0124, '1.2 %'],
  [0.0999, '10 %'],
  [0.45, '45 %'],
  [0.9999, '99.99 %'],
  [1, '100 %'],
  [1.2, '120 %'],
])('a share of %s reads as %s', (share, text) => expect(formatShare(share)).toBe(text))

test.each([
  [0, '0 s'],
  [0.4, '0.4 s'],
  [9.96, '10 s'],
  [45, '45 s'],
  [59.6, '1:00 min'],
  [125, '2:05 min'],
  [3600, '1:00:00 h'],
  [90_061, '25:01:01 h'],
])('%s seconds read as %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text))

test.each([
  [0, '0 B'],
  [1023, '1,023 B'],
  [1024, '1.0 KiB'],
  [1_500_000, '1.4 MiB'],
  [200 * 1024 ** 3, '200 GiB'],
  [5 * 1024 ** 5, '5,120 TiB'],
])('%s bytes read as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text))

test('counts have their thousands set apart', () => expect(formatCount(1_234_567)).toBe('1,234,567'))

test('what is above zero never reads as zero, what is below the whole never as the whole', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true, minExcluded: true, maxExcluded: true })
  fc.assert(
    fc.property(share, (share) => {
      expect(formatShare(share)).not.toBe('0 %')
      expect(formatShare(share)).not.toBe('100 %')
    }),
  )
})

test('one client is not a plural', () => {
  expect([0, 1, 1200].map(formatClients)).toEqual(['0 clients', '1 client', '1,200 clients'])
})
