import { seededRandom } from '@squall/time'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fitUniversalScalability, throughputAt, type LoadPoint, type ScalabilityFit } from './universal-scalability.ts'

const points = (...pairs: readonly (readonly [number, number])[]): LoadPoint[] =>
  pairs.map(([clients, callsPerSecond]) => ({ clients, callsPerSecond }))

/** A Cisco benchmark, from B. Schwartz, Practical Scalability Analysis with the Universal Scalability Law (2015), 1 to 32 clients. */
const cisco = points(
  ...[
    955.16, 1878.91, 2688.01, 3548.68, 4315.54, 5130.43, 5931.37, 6531.08, 7219.8, 7867.61, 8278.71, 8646.7, 9047.84, 9426.55,
    9645.37, 9897.24, 10_097.6, 10_240.5, 10_532.39, 10_798.52, 11_151.43, 11_518.63, 11_806, 12_089.37, 12_075.41, 12_177.29,
    12_211.41, 12_158.93, 12_155.27, 12_118.04, 12_140.4, 12_074.39,
  ].map((callsPerSecond, index) => [index + 1, callsPerSecond] as const),
)

/** A Sun SPARCcenter 2000 in SPEC SDM 91, from N. J. Gunther's book; fitted by the R package `usl` of S. Möding. */
const specSdm91 = points([1, 64.9], [18, 995.9], [36, 1652.4], [72, 1853.2], [108, 1828.9], [144, 1775], [216, 1702.2])

function fitOf(data: readonly LoadPoint[]): ScalabilityFit {
  const result = fitUniversalScalability(data)
  if ('refused' in result) throw new Error(result.refused)
  return result.fit
}

describe('published fits are found again', () => {
  test('Cisco, to two hundredths of a per cent, as the book has it', () => {
    const { lambda, sigma, kappa, peakClients, rSquared } = fitOf(cisco)
    expect(lambda / 995.6486).toBeCloseTo(1, 3)
    expect(sigma / 0.02671591).toBeCloseTo(1, 3)
    expect(kappa / 7.690945e-4).toBeCloseTo(1, 3)
    expect(peakClients).toBe(36)
    expect(throughputAt({ lambda, sigma, kappa }, 35) / 12_341).toBeCloseTo(1, 3)
    expect(rSquared).toBeGreaterThan(0.99)
  })

  test('SPEC SDM 91, to the digits published with the R package', () => {
    const { lambda, sigma, kappa, peakClients } = fitOf(specSdm91)
    expect(lambda).toBeCloseTo(89.9952, 2)
    expect(sigma).toBeCloseTo(0.0277285, 5)
    expect(kappa).toBeCloseTo(0.0001044, 6)
    expect(peakClients).toBe(97)
  })
})

test('any law is found again from what it promises', () => {
  const law = fc.record({
    lambda: fc.double({ min: 0.5, max: 500, noNaN: true }),
    sigma: fc.double({ min: 0, max: 0.5, noNaN: true }),
    kappa: fc.double({ min: 0, max: 0.01, noNaN: true }),
  })
  fc.assert(
    fc.property(law, (truth) => {
      const levels = [1, 2, 4, 8, 16, 32, 64, 128]
      const fit = fitOf(levels.map((clients) => ({ clients, callsPerSecond: throughputAt(truth, clients) })))
      for (const clients of levels) expect(throughputAt(fit, clients) / throughputAt(truth, clients)).toBeCloseTo(1, 2)
    }),
  )
})

test('coefficients are never below zero: what scales better than linearly has none', () => {
  const { sigma, kappa, peakClients } = fitOf(points([1, 10], [2, 21], [4, 43], [8, 87], [16, 176]))
  expect([sigma, kappa, peakClients]).toEqual([0, 0, null])
})

test('a peak far beyond what was measured is not believed', () => {
  const truth = { lambda: 10, sigma: 0.01, kappa: 1e-6 }
  const fit = fitOf([1, 2, 4, 8, 16, 32].map((clients) => ({ clients, callsPerSecond: throughputAt(truth, clients) })))
  expect(fit.peakClients).toBeNull()
})

test.each([
  ['too few levels', points([1, 1], [2, 2], [4, 4], [8, 8]), /4 levels of load/],
  ['levels too close together', points([10, 1], [11, 2], [12, 4], [13, 8], [14, 8]), /between 10 and 14/],
  ['nothing that varies', points([1, 5], [2, 5], [4, 5], [8, 5], [16, 5]), /explains/],
  ['nothing at all', points([1, 0], [2, 0], [4, 0], [8, 0], [16, 0]), /follow/],
])('%s: refused', (_what, data, why) => {
  const result = fitUniversalScalability(data)
  expect('refused' in result ? result.refused : 'fitted').toMatch(why)
})

test('noise is refused', () => {
  const random = seededRandom(3)
  const noise = Array.from({ length: 100 }, () =>
    fitUniversalScalability([1, 2, 4, 8, 16, 32, 64].map((clients) => ({ clients, callsPerSecond: 100 * random.next() }))),
  )
  expect(noise.filter((result) => 'refused' in result).length).toBeGreaterThanOrEqual(97)
})
