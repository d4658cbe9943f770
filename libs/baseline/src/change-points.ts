import type { RandomSource } from '@squall/time'
import { bestSplit, rankedSeries, type RankedSeries } from './energy-split.ts'
import { at } from './ranks.ts'

export interface ChangePointOptions {
  readonly random: RandomSource
  /** Runs that a stretch has at least, two or more; a single odd run is no change. */
  readonly leastLength?: number
  /** A change is kept where chance alone makes as great a one no more often than this. */
  readonly significance?: number
  /** Shuffles that chance is judged by. */
  readonly permutations?: number
}

/** Where a history changes its level. */
export interface ChangePoint {
  /** The first value of the new level. */
  readonly index: number
  /** How often chance alone splits the stretch around it as clearly. */
  readonly pValue: number
}

const defaults = { leastLength: 4, significance: 0.01, permutations: 499 } as const

/**
 * Where a series of runs changes its distribution: the E-divisive procedure, which halves the series at the greatest distance between what lies
 * left and right, as long as shuffling seldom makes as great a one.
 * Source: D. S. Matteson and N. A. James, A Nonparametric Approach for Multiple Change Point Analysis of Multivariate Data, Journal of the
 * American Statistical Association 109 (2014), with distances to the power of 1 and each stretch split as a whole.
 * @param values in order of time; of latencies their logarithms, so that a change counts by its ratio.
 * @returns the changes in order of time.
 */
export function changePoints(values: readonly number[], options: ChangePointOptions): ChangePoint[] {
  const settings = { ...defaults, ...options }
  const found: ChangePoint[] = []
  const search = (from: number, to: number): void => {
    const stretch = rankedSeries(values.slice(from, to))
    const best = bestSplit(stretch, settings.leastLength)
    if (best === undefined) return
    const pValue = chanceOf(best.distance, stretch, settings)
    if (pValue > settings.significance) return
    const index = from + best.index
    found.push({ index, pValue })
    search(from, index)
    search(index, to)
  }
  search(0, values.length)
  return found.toSorted((a, b) => a.index - b.index)
}

/**
 * The share of shuffles, the observed order counted in, that split as clearly; 1 as soon as there are too many for it to be significant. Shuffles
 * of equal values may differ by rounding.
 */
function chanceOf(
  distance: number,
  series: RankedSeries,
  { random, permutations, leastLength, significance }: Required<ChangePointOptions>,
): number {
  const most = significance * (permutations + 1)
  let asClear = 1
  for (let round = 0; round < permutations; round += 1) {
    if ((bestSplit(shuffled(series, random), leastLength)?.distance ?? 0) >= distance * (1 - 1e-9)) asClear += 1
    if (asClear > most) return 1
  }
  return asClear / (permutations + 1)
}

/** Fisher and Yates's shuffle. */
function shuffled({ values, ranks }: RankedSeries, random: RandomSource): RankedSeries {
  const [mixed, mixedRanks] = [Float64Array.from(values), Int32Array.from(ranks)]
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random.next() * (last + 1))
    const [value, rank] = [at(mixed, last), at(mixedRanks, last)]
    mixed[last] = at(mixed, other)
    mixedRanks[last] = at(mixedRanks, other)
    mixed[other] = value
    mixedRanks[other] = rank
  }
  return { values: mixed, ranks: mixedRanks }
}
