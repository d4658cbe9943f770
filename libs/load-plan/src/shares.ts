import type { ClosedModel, Share } from './load-plan.ts'

/** When client `index` of a closed plan is to start, in milliseconds since T0. */
export function clientStartMs(model: ClosedModel, index: number): number {
  return (index / model.spawnRatePerSecond) * 1000
}

/**
 * The indices from `first` up to `count` that belong to a share: every index i with i mod share.count = share.index, so
 * that the shares of a plan have each index exactly once.
 */
export function* indicesOfShare(share: Share, count: number, first = 0): Generator<number, void> {
  const behind = mod(first - share.index, share.count)
  const start = behind === 0 ? first : first + share.count - behind
  for (let index = start; index < count; index += share.count) yield index
}

const mod = (value: number, modulus: number): number => ((value % modulus) + modulus) % modulus
