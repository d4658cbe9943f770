import type { Clock } from '@squall/time'

/** Whether `promise` settled, in whatever way, within `limitMs`. */
export async function settlesWithin(promise: Promise<unknown>, limitMs: number, clock: Clock): Promise<boolean> {
  const { promise: over, resolve } = Promise.withResolvers<false>()
  const timer = clock.at(clock.monotonicMs() + limitMs, () => resolve(false))
  const settled = promise.then(
    () => true,
    () => true,
  )
  try {
    return await Promise.race([settled, over])
  } finally {
    timer.cancel()
  }
}
