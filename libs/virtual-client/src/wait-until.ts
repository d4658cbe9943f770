import { onAbort } from '@squall/mcp-wire'
import type { Clock } from '@squall/time'

/**
 * Waits until an instant of the monotonic clock, or until the signal aborts; undefined where there is nothing to wait for.
 * Unlike a sleep it never rejects, and thousands may wait on one signal.
 */
export function waitUntil(clock: Clock, dueMs: number, signal: AbortSignal): Promise<void> | undefined {
  if (signal.aborted || dueMs <= clock.monotonicMs()) return undefined
  return new Promise((resolve) => {
    const timer = clock.at(dueMs, () => {
      forget()
      resolve()
    })
    const forget = onAbort(signal, () => {
      timer.cancel()
      resolve()
    })
  })
}
