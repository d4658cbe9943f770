import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LatencyHistogram, relativeAccuracy } from './index.ts'

const latencies = fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 300 })

const histogramOf = (values: readonly number[]): LatencyHistogram => {
  const histogram = new LatencyHistogram()
  for (const value of values) histogram.record(value)
  return histogram
}

const numbersOf = (histogram: LatencyHistogram): unknown => ({
  count: histogram.count,
  minMs: histogram.minMs,
  maxMs: histogram.maxMs,
  quantiles: [0, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1].map((q) => histogram.quantileMs(q)),
})

test('every quantile is within one percent of the exact one', () => {
  fc.assert(
    fc.property(latencies, fc.double({ min: 0, max: 1, noNaN: true }), (values, q) => {
      const sorted = values.toSorted((a, b) => a - b)
      const exact = sorted[Math.max(1, Math.ceil(q * values.length)) - 1] ?? 0
      expect(Math.abs(histogramOf(values).quantileMs(q) - exact)).toBeLessThanOrEqual(exact * relativeAccuracy * 1.000001)
    }),
  )
})

test('merging, directly or encoded, equals recording everything in one place', () => {
  fc.assert(
    fc.property(latencies, latencies, (left, right) => {
      const whole = histogramOf([...left, ...right])
      const merged = histogramOf(left)
      merged.merge(histogramOf(right))
      const travelled = histogramOf(left)
      travelled.mergeEncoded(histogramOf(right).encode())
      expect(numbersOf(merged)).toEqual(numbersOf(whole))
      expect(numbersOf(travelled)).toEqual(numbersOf(whole))
      expect(travelled.meanMs).toBeCloseTo(whole.meanMs, 6)
    }),
  )
})

test('min, max and mean are exact', () => {
  const histogram = histogramOf([3, 1.25, 8.5])
  expect([histogram.minMs, histogram.maxMs, histogram.meanMs]).toEqual([1.25, 8.5, 4.25])
})

test('an empty histogram says 0 everywhere, takes no bytes, and merges as nothing', () => {
  const empty = new LatencyHistogram()
  expect([empty.count, empty.minMs, empty.maxMs, empty.meanMs, empty.quantileMs(0.5)]).toEqual([0, 0, 0, 0, 0])
  expect(empty.encode().length).toBe(0)
  const some = histogramOf([5])
  some.merge(empty)
  some.mergeEncoded(empty.encode())
  expect(numbersOf(some)).toEqual(numbersOf(histogramOf([5])))
})

test('a cleared histogram starts anew', () => {
  const histogram = histogramOf([100, 200])
  histogram.clear()
  histogram.record(1)
  expect(numbersOf(histogram)).toEqual(numbersOf(histogramOf([1])))
})

test('values beyond the ends are counted, and min and max stay exact', () => {
  const histogram = histogramOf([0, 1e12])
  expect([histogram.count, histogram.minMs, histogram.maxMs, histogram.quantileMs(0)]).toEqual([2, 0, 1e12, 0.001])
})

test('the counts of a second with a thousand calls take few bytes', () => {
  const histogram = histogramOf(Array.from({ length: 1000 }, (_, index) => 5 + (index % 100) / 10))
  expect(histogram.encode().length).toBeLessThan(300)
})

const summary = (...values: readonly number[]): number[] =>
  [...new Uint8Array(new Float64Array(values.toReversed()).buffer)].toReversed()

test.each([
  ['cut off', [...histogramOf([1, 2, 3, 1000]).encode().subarray(0, -1)]],
  ['without values', summary(1, 1, 1)],
  ['of less than nothing', [...summary(1, -1, 1), 4]],
  ['whose least is above its most', [...summary(1, 2, 1), 4]],
  ['of endless latencies', [...summary(Number.POSITIVE_INFINITY, 1, 1), 4]],
  ['with a bin beyond the last', [...summary(1, 1, 1), 0xff, 0xff, 0x03, 1]],
  ['with one bin twice', [...summary(1, 1, 1), 4, 0]],
  ['with a bin of none', [...summary(1, 1, 1), 5, 0]],
  ['with more in a bin than can be counted', [...summary(1, 1, 1), 5, 0xff, 0xff, 0xff, 0xff, 0x7f]],
])('bytes %s are refused, and nothing of them is added', (_, bytes) => {
  const histogram = histogramOf([5])
  expect(() => histogram.mergeEncoded(new Uint8Array(bytes))).toThrow(RangeError)
  expect(numbersOf(histogram)).toEqual(numbersOf(histogramOf([5])))
})

test('a single value takes two bytes beside its sum, least and most', () => {
  expect(histogramOf([5]).encode().length).toBe(26)
  expect(histogramOf([5, 5]).encode().length).toBe(27)
})

test('values up to a limit are counted as their bins lie, exactly at both ends', () => {
  const latencies = fc.array(fc.double({ min: 0.002, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 })
  fc.assert(
    fc.property(latencies, fc.double({ min: 0.002, max: 1e6, noNaN: true }), (values, limit) => {
      const histogram = new LatencyHistogram()
      for (const value of values) histogram.record(value)
      const count = histogram.countUpTo(limit)
      expect(count).toBeGreaterThanOrEqual(values.filter((value) => value <= limit * 0.98).length)
      expect(count).toBeLessThanOrEqual(values.filter((value) => value <= limit * 1.02).length)
      expect(histogram.countUpTo(Math.max(...values))).toBe(values.length)
    }),
  )
  expect(new LatencyHistogram().countUpTo(1)).toBe(0)
})
