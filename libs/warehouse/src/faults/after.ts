import type { Clock, Timer } from '@squall/time'

/** Calls back after a while; at once, and in the same turn, where the while is nothing. */
export function after(clock: Clock, delayMs: number, callback: () => void): Timer {
  if (delayMs > 0) return clock.at(clock.monotonicMs() + delayMs, callback)
  callback()
  return { cancel: () => undefined }
}
