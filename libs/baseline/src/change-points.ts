import type { RandomSource } from '@squall/time'
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
    const stretch = values.slice(from, to)
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

interface Split {
  readonly index: number
  /** The energy distance between both sides, weighted by their lengths. */
  readonly distance: number
}

/** The split into two stretches that differ the most; undefined where the series is too short for two, or all values are equal. */
function bestSplit(values: readonly number[], leastLength: number): Split | undefined {
  const { toEarlier, toLater } = distances(values)
  const all = toLater.reduce((total, distance) => total + distance, 0)
  let left = 0
  let right = all
  let best: Split | undefined
  for (let index = 1; index <= values.length - leastLength; index += 1) {
    left += at(toEarlier, index - 1)
    right -= at(toLater, index - 1)
    if (index < leastLength) continue
    const distance = energyDistance({ left, right, between: all - left - right }, index, values.length - index)
    if (distance > 1e-12 && distance > (best?.distance ?? 0)) best = { index, distance }
  }
  return best
}

/** Of each value, the sum of its distances to those before it and to those behind it. */
function distances(values: readonly number[]): { readonly toEarlier: Float64Array; readonly toLater: Float64Array } {
  const toEarlier = new Float64Array(values.length)
  const toLater = new Float64Array(values.length)
  for (let i = 0; i < values.length; i += 1)
    for (let j = i + 1; j < values.length; j += 1) {
      const distance = Math.abs(at(values, i) - at(values, j))
      toLater[i] = at(toLater, i) + distance
      toEarlier[j] = at(toEarlier, j) + distance
    }
  return { toEarlier, toLater }
}

/** Equation 5 of the source: sums of distances within both sides and between them, as means, weighted by the sides' lengths. */
function energyDistance(
  { left, right, between }: Readonly<Record<'left' | 'right' | 'between', number>>,
  m: number,
  n: number,
): number {
  const energy = (2 * between) / (m * n) - (2 * left) / (m * (m - 1)) - (2 * right) / (n * (n - 1))
  return ((m * n) / (m + n)) * energy
}

/** The share of shuffles, the observed order counted in, that split as clearly. */
function chanceOf(
  distance: number,
  values: readonly number[],
  { random, permutations, leastLength }: Required<ChangePointOptions>,
): number {
  let asClear = 1
  for (let round = 0; round < permutations; round += 1)
    if ((bestSplit(shuffled(values, random), leastLength)?.distance ?? 0) >= distance) asClear += 1
  return asClear / (permutations + 1)
}

/** Fisher and Yates's shuffle. */
function shuffled(values: readonly number[], random: RandomSource): number[] {
  const result = [...values]
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random.next() * (last + 1))
    const kept = at(result, last)
    result[last] = at(result, other)
    result[other] = kept
  }
  return result
}
