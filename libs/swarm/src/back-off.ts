import type { RandomSource } from '@squall/time'

const firstMs = 500
const longestMs = 10_000

/**
 * How long a client waits before it tries again to open its session: doubling from half a second up to ten, of which a random half is
 * taken off, so that clients which failed together do not come back together.
 * Source: Brooker, "Exponential backoff and jitter", AWS Architecture Blog, 2015 ("equal jitter").
 * @param failures how many times in a row it failed, at least 1.
 */
export function backOffMs(failures: number, random: RandomSource): number {
  const fullMs = Math.min(longestMs, firstMs * 2 ** (failures - 1))
  return fullMs / 2 + (fullMs / 2) * random.next()
}
