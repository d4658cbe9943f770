import { at } from './ranks.ts'

/**
 * A distribution over whole numbers: `mass[k]` is the probability of the value `k`.
 * Ranks are counted in halves, so that those of equal values are whole as well.
 */
export type WholeDistribution = Float64Array

/**
 * How the sum of half-ranks is distributed when each of them joins or stays away by the toss of a coin: that of the signed-rank test
 * under its hypothesis, ties included.
 * @param halfRanks twice the ranks: whole numbers.
 */
export function coinTossSums(halfRanks: readonly number[]): WholeDistribution {
  const total = halfRanks.reduce((sum, rank) => sum + rank, 0)
  const mass = new Float64Array(total + 1)
  mass[0] = 1
  let reached = 0
  for (const rank of halfRanks) {
    reached += rank
    for (let sum = reached; sum >= 0; sum -= 1) mass[sum] = at(mass, sum) / 2 + (sum >= rank ? at(mass, sum - rank) / 2 : 0)
  }
  return mass
}

/**
 * How the sum of half-ranks is distributed when `size` of them are drawn without putting any back: that of the rank-sum test under its
 * hypothesis, ties included.
 * @param halfRanks twice the ranks: whole numbers.
 */
export function drawSums(halfRanks: readonly number[], size: number): WholeDistribution {
  const total = halfRanks.reduce((sum, rank) => sum + rank, 0)
  // chances[k] is of having drawn k so far, by sum; each rank joins with the share of places that are left.
  const chances = Array.from({ length: size + 1 }, () => new Float64Array(total + 1))
  const first = chances[0]
  if (first !== undefined) first[0] = 1
  let reached = 0
  for (const [index, rank] of halfRanks.entries()) {
    const left = halfRanks.length - index
    reached += rank
    // From above, since each takes from the one below as it was; with fewer than these the rest would not suffice.
    for (let drawn = Math.min(size, index + 1); drawn >= Math.max(0, size - left + 1); drawn -= 1) {
      const staying = Math.max(0, 1 - (size - drawn) / left)
      const joining = (size - drawn + 1) / left
      join({ into: chances[drawn], from: chances[drawn - 1], rank, reached, staying, joining })
    }
  }
  return chances[size] ?? new Float64Array(total + 1)
}

interface Join {
  readonly into: WholeDistribution | undefined
  readonly from: WholeDistribution | undefined
  readonly rank: number
  /** No sum is greater yet. */
  readonly reached: number
  readonly staying: number
  readonly joining: number
}

function join({ into, from, rank, reached, staying, joining }: Join): void {
  if (into === undefined) return
  for (let sum = reached; sum >= 0; sum -= 1) {
    const joined = from === undefined || sum < rank ? 0 : (from[sum - rank] ?? 0) * joining
    into[sum] = (into[sum] ?? 0) * staying + joined
  }
}

/** The chance of a value as far from the middle as this one, or farther, on either side. */
export function twoSided(mass: WholeDistribution, value: number): number {
  let below = 0
  let above = 0
  for (const [index, chance] of mass.entries()) {
    if (index <= value) below += chance
    if (index >= value) above += chance
  }
  return Math.min(1, 2 * Math.min(below, above))
}

/** The greatest value k such that P(at most k) ≤ probability; -1 where there is none. */
export function lowerTail(mass: WholeDistribution, probability: number): number {
  let sum = 0
  for (const [value, chance] of mass.entries()) {
    sum += chance
    if (sum > probability) return value - 1
  }
  return mass.length - 1
}
