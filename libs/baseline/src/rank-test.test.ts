import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { coinTossSums, twoSided } from './rank-distribution.ts'
import { rankSumTest, signedRankTest } from './rank-test.ts'

const isPositive = (rank: number): boolean => rank % 3 !== 0

const sample = (length: number, shift: number): number[] => Array.from({ length }, (_, index) => index * 1.01 + shift)

describe('signed-rank test', () => {
  test.each([
    // By hand: five differences of one sign are one of 32 ways, on either side.
    [[1, 2, 3, 4, 5], 2 / 32],
    [[-1, 2, 3, 4, 5], 4 / 32],
    // Differences of zero say nothing.
    [[0, 0, 1, 2, 3, 4, 5], 2 / 32],
    [[0, 0], 1],
    [[], 1],
    // Ties: each of the ranks is 1.5, so one against one is as even as can be.
    [[1, -1], 1],
    [[1, 1], 2 / 4],
  ])('%j', (differences, expected) => {
    expect(signedRankTest(differences)).toBeCloseTo(expected, 12)
  })

  test("Darwin's plants, as published with the test: T = 24 of 15 pairs", () => {
    const darwin = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
    expect(signedRankTest(darwin)).toBeCloseTo(0.04126, 4)
  })

  test('the normal approximation of long series agrees with the exact distribution', () => {
    const ranks = Array.from({ length: 61 }, (_, index) => index + 1)
    const positive = ranks.filter(isPositive).reduce((total, rank) => total + rank, 0)
    const approximate = signedRankTest(ranks.map((rank) => (isPositive(rank) ? rank : -rank)))
    expect(approximate).toBeCloseTo(twoSided(coinTossSums(ranks), positive), 2)
    expect(signedRankTest(Array.from({ length: 100 }, () => 0.5))).toBeLessThan(1e-6)
  })

  test('turning all signs changes nothing, and the answer is a probability', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 70 }), (differences) => {
        const p = signedRankTest(differences)
        expect(p).toBeGreaterThanOrEqual(0)
        expect(p).toBeLessThanOrEqual(1)
        expect(signedRankTest(differences.map((difference) => -difference))).toBeCloseTo(p, 9)
      }),
    )
  })
})

describe('rank-sum test', () => {
  test.each([
    [[1, 2, 3], [4, 5, 6], 2 / 20],
    [[1, 2, 4], [3, 5, 6], 4 / 20],
    [[1], [2], 1],
    [[], [1, 2], 1],
    [[3, 3, 3], [3, 3, 3], 1],
  ])('%j and %j', (first, second, expected) => {
    expect(rankSumTest(first, second)).toBeCloseTo(expected, 12)
  })

  test('the normal approximation of long samples agrees with the exact test', () => {
    expect(rankSumTest(sample(31, 0), sample(30, 5))).toBeCloseTo(rankSumTest(sample(30, 0), sample(30, 5)), 1)
    expect(rankSumTest(sample(50, 0), sample(50, 50))).toBeLessThan(1e-9)
    expect(
      rankSumTest(
        Array.from({ length: 40 }, () => 1),
        Array.from({ length: 40 }, () => 1),
      ),
    ).toBe(1)
  })

  test('the order of the samples, and of the values in them, does not matter', () => {
    const values = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(values, values, (first, second) => {
        const p = rankSumTest(first, second)
        expect(rankSumTest(second, first)).toBeCloseTo(p, 9)
        expect(rankSumTest(first.toReversed(), second)).toBeCloseTo(p, 9)
      }),
    )
  })
})
