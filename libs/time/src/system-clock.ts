// Not the global, which is looked up anew each time.
import { performance } from 'node:perf_hooks'
import type { Clock, Timer } from './clock.ts'

// setTimeout takes at most a 32-bit count of milliseconds; longer waits are made of several.
const longestTimeoutMs = 2 ** 31 - 1

/** `performance.now()` counts from the start of the process; the machine's own count is the same for all of them. */
const startedAtMs = Number(process.hrtime.bigint()) / 1e6 - performance.now()
const monotonicMs = (): number => startedAtMs + performance.now()

/** The machine's clock. */
export const systemClock: Clock = {
  monotonicMs,
  wallMs: () => Date.now(),
  at(dueMs, callback): Timer {
    let handle: NodeJS.Timeout
    const arm = (): void => {
      const remainingMs = Math.ceil(dueMs - monotonicMs())
      handle = setTimeout(fire, Math.min(Math.max(remainingMs, 0), longestTimeoutMs))
    }
    // Node's timers may fire up to a millisecond early; an early start would flatter the target.
    const fire = (): void => (monotonicMs() < dueMs ? arm() : callback())
    arm()
    return { cancel: () => clearTimeout(handle) }
  },
}
