import { seededRandom } from '@squall/time'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { drawDelayMs } from './delay-distribution.ts'

const draw = (distribution: Parameters<typeof drawDelayMs>[0], seed: number, times = 1): number[] => {
  const random = seededRandom(seed)
  return Array.from({ length: times }, () => drawDelayMs(distribution, random))
}

test('the same seed draws the same delays, within their bounds', () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat(10_000), fc.nat(10_000), (seed, a, b) => {
      const [minMs, maxMs] = [Math.min(a, b), Math.max(a, b)]
      const delays = draw({ minMs, maxMs }, seed, 20)
      expect(delays).toEqual(draw({ minMs, maxMs }, seed, 20))
      for (const delay of delays) {
        expect(delay).toBeGreaterThanOrEqual(minMs)
        expect(delay).toBeLessThanOrEqual(maxMs)
      }
      expect(draw({ ms: a }, seed)).toEqual([a])
    }),
  )
})

test('log-normal delays have the median and the spread asked for', () => {
  const logs = draw({ medianMs: 100, sigma: 0.5 }, 7, 20_000)
    .map(Math.log)
    .toSorted((a, b) => a - b)
  expect(Math.exp(logs[10_000] ?? 0)).toBeCloseTo(100, -1)
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length
  const deviation = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / logs.length)
  expect(deviation).toBeCloseTo(0.5, 1)
  expect(Math.max(...draw({ medianMs: 86_400_000, sigma: 5 }, 1, 100))).toBeLessThanOrEqual(3_600_000)
})
