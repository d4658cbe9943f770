import type { Share } from './load-plan.ts'

/**
 * The indices from `first` up to `count` that belong to a share: every index i with i mod share.count = share.index, so
 * that the shares of a plan have each index exactly once.
 */
export function* indicesOfShare(share: Share, count: number, first = 0): Generator<number, void> {
  const behind = mod(first - share.index, share.count)
  const start = behind === 0 ? first : first + share.count - behind
  for (let index = start; index < count; index += share.count) yield index
}

/** How many of the indices below `count` belong to a share. */
export const countOfShare = (count: number, share: Share): number => Math.max(0, Math.ceil((count - share.index) / share.count))

const mod = (value: number, modulus: number): number => ((value % modulus) + modulus) % modulus
