import { normalQuantile } from './normal.ts'
import { at } from './ranks.ts'

/** The rank tests need so many more values than those made for normal distributions, to see as much of one. */
const rankTestPrice = Math.PI / 3

/**
 * How many runs of each side it takes until the middle of their differences is known to within a tolerance.
 * @param scatter differences between two runs, two at least.
 * @param tolerance in the units of the differences.
 * @param significance the chance of a false alarm that one test may have.
 */
export function runsForPrecision(scatter: readonly number[], tolerance: number, significance: number): number {
  return Math.ceil(rankTestPrice * ((-normalQuantile(significance / 2) * robustSpread(scatter)) / tolerance) ** 2)
}

/** With fewer pairs not even the clearest difference is significant: the signed-rank test knows no p-value below 2 in 2^n. */
export const leastPairs = (significance: number): number => Math.ceil(Math.log2(2 / significance))

/** The same of the rank-sum test with as many runs on both sides, whose least p-value is 2 of all ways to draw one side. */
export function leastRunsEach(significance: number): number {
  let runs = 1
  for (let ways = 2; 2 / ways > significance; ways *= ((2 * runs - 1) * 2) / runs) runs += 1
  return runs
}

/** The standard deviation as the median distance from the median tells it, which a few odd runs cannot blow up. */
function robustSpread(values: readonly number[]): number {
  const middle = medianOf(values)
  return 1.4826 * medianOf(values.map((value) => Math.abs(value - middle)))
}

/** @param values at least one. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return (at(sorted, Math.floor(middle)) + at(sorted, Math.ceil(middle))) / 2
}
