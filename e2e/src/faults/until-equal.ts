import { setTimeout as pause } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'

const longestWaitMs = 20_000

/** Reads until it is what is wanted, a minute at most, and gives what was read last: a test shows the difference. */
export async function untilEqual<T>(read: () => Promise<T>, wanted: T): Promise<{ readonly value: T; readonly tookMs: number }> {
  const startedAt = performance.now()
  for (;;) {
    const value = await read()
    const tookMs = performance.now() - startedAt
    if (isDeepStrictEqual(value, wanted) || tookMs > longestWaitMs) return { value, tookMs }
    await pause(100)
  }
}
