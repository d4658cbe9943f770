import { normalCdf } from './normal.ts'
import { coinTossSums, drawSums, twoSided } from './rank-distribution.ts'
import { at, midRanks } from './ranks.ts'

/** More values than this are judged by the normal approximation, which is good long before. */
const mostExact = 60

/**
 * Whether paired differences lie around zero: the signed-rank test, two-sided, exact up to 60 differences, ties included. Differences of
 * zero say nothing and are left out.
 * Source: F. Wilcoxon, Individual Comparisons by Ranking Methods, Biometrics Bulletin 1 (1945).
 * @returns the p-value, from 0 to 1; 1 where nothing differs.
 */
export function signedRankTest(differences: readonly number[]): number {
  const kept = differences.filter((difference) => difference !== 0)
  const ranks = midRanks(kept.map(Math.abs))
  const positive = sum(ranks.filter((_, index) => at(kept, index) > 0))
  if (kept.length === 0) return 1
  if (kept.length <= mostExact) return twoSided(coinTossSums(doubled(ranks)), Math.round(2 * positive))
  const variance = sum(ranks.map((rank) => rank ** 2)) / 4
  return normalTail(positive - sum(ranks) / 2, variance)
}

/**
 * Whether two samples come from one distribution: the rank-sum test, two-sided, exact up to 60 values in all, ties included.
 * Source: H. B. Mann and D. R. Whitney, Annals of Mathematical Statistics 18 (1947).
 * @returns the p-value, from 0 to 1; 1 where a sample is empty.
 */
export function rankSumTest(first: readonly number[], second: readonly number[]): number {
  if (first.length === 0 || second.length === 0) return 1
  const ranks = midRanks([...first, ...second])
  const observed = sum(ranks.slice(0, first.length))
  const count = ranks.length
  if (count <= mostExact) return twoSided(drawSums(doubled(ranks), first.length), Math.round(2 * observed))
  const mean = (first.length * (count + 1)) / 2
  const spread = sum(ranks.map((rank) => (rank - (count + 1) / 2) ** 2)) / (count - 1)
  return normalTail(observed - mean, (first.length * second.length * spread) / count)
}

/** Half a rank nearer to the middle: the sums are steps, the normal distribution is none. */
function normalTail(distance: number, variance: number): number {
  if (variance === 0) return 1
  return Math.min(1, 2 * normalCdf(-Math.max(0, Math.abs(distance) - 0.5) / Math.sqrt(variance)))
}

const doubled = (ranks: readonly number[]): number[] => ranks.map((rank) => Math.round(2 * rank))

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
