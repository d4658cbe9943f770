import { at } from './ranks.ts'

export interface Split {
  readonly index: number
  /** The energy distance between both sides, weighted by their lengths. */
  readonly distance: number
}

/** Values in the order to be split, and for each its place among all values in order of size, equal ones alike. */
export interface RankedSeries {
  readonly values: Float64Array
  readonly ranks: Int32Array
}

/** Counted from the middle of the values, so that sums stay small; a series of one value becomes one of zeros. */
export function rankedSeries(values: readonly number[]): RankedSeries {
  const sorted = Float64Array.from(values).toSorted()
  const middle = at(sorted, Math.floor(sorted.length / 2))
  const places = new Map<number, number>()
  for (const value of sorted) if (!places.has(value)) places.set(value, places.size + 1)
  return {
    values: Float64Array.from(values, (value) => value - middle),
    ranks: Int32Array.from(values, (value) => places.get(value) ?? 0),
  }
}

/** The split into two stretches that differ the most; undefined where the series is too short for two, or all values are equal. */
export function bestSplit(series: RankedSeries, leastLength: number): Split | undefined {
  const size = series.values.length
  const toEarlier = distancesToEarlier(series)
  const toLater = distancesToEarlier({ values: series.values.toReversed(), ranks: series.ranks.toReversed() }).toReversed()
  const all = toLater.reduce((total, distance) => total + distance, 0)
  let left = 0
  let right = all
  let best: Split | undefined
  for (let index = 1; index <= size - leastLength; index += 1) {
    left += at(toEarlier, index - 1)
    right -= at(toLater, index - 1)
    if (index < leastLength) continue
    const distance = energyDistance({ left, right, between: all - left - right }, index, size - index)
    if (distance > 1e-12 && distance > (best?.distance ?? 0)) best = { index, distance }
  }
  return best
}

/**
 * Of each value, the sum of its distances to those before it: those that are smaller lie below it, the others above. Counts and sums by rank are
 * kept in trees whose prefixes take a logarithm of time (P. M. Fenwick, Software: Practice and Experience 24, 1994).
 */
function distancesToEarlier({ values, ranks }: RankedSeries): Float64Array {
  const counts = new Float64Array(values.length + 1)
  const sums = new Float64Array(values.length + 1)
  const result = new Float64Array(values.length)
  let total = 0
  for (let index = 0; index < values.length; index += 1) {
    const value = at(values, index)
    let below = 0
    let sumBelow = 0
    for (let place = at(ranks, index); place > 0; place -= place & -place) {
      below += at(counts, place)
      sumBelow += at(sums, place)
    }
    result[index] = value * below - sumBelow + (total - sumBelow) - value * (index - below)
    for (let place = at(ranks, index); place <= values.length; place += place & -place) {
      counts[place] = at(counts, place) + 1
      sums[place] = at(sums, place) + value
    }
    total += value
  }
  return result
}

/** Equation 5 of Matteson and James: sums of distances within both sides and between them, as means, weighted by the sides' lengths. */
function energyDistance(
  { left, right, between }: Readonly<Record<'left' | 'right' | 'between', number>>,
  m: number,
  n: number,
): number {
  const energy = (2 * between) / (m * n) - (2 * left) / (m * (m - 1)) - (2 * right) / (n * (n - 1))
  return ((m * n) / (m + n)) * energy
}
