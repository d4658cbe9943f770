import type { Clock } from '@squall/time'
import type { Redis } from 'ioredis'

/** The clock of Redis, which all machines of a run agree on, as seen from this machine's monotonic clock. */
export interface ServerClock {
  /** The time a command takes to Redis and back, at its best. */
  readonly roundTripMs: number
  nowMs(): number
  /** An instant of Redis on this machine's monotonic clock. */
  toMonotonicMs(serverMs: number): number
  /** An instant of Redis as this machine's wall clock will show it. */
  toWallMs(serverMs: number): number
  /** An instant of this machine's wall clock on that of Redis. */
  fromWallMs(wallMs: number): number
}

const samples = 8

/** Asks Redis for the time and keeps the answer that took least, which is wrong by half its way at most (Cristian's algorithm). */
export async function readServerClock(redis: Redis, clock: Clock): Promise<ServerClock> {
  let best = { roundTripMs: Number.POSITIVE_INFINITY, aheadMs: 0 }
  for (let sample = 0; sample < samples; sample++) {
    const sentMs = clock.monotonicMs()
    const [seconds, microseconds] = await redis.time()
    const roundTripMs = clock.monotonicMs() - sentMs
    const serverMs = Number(seconds) * 1000 + Number(microseconds) / 1000
    if (roundTripMs < best.roundTripMs) best = { roundTripMs, aheadMs: serverMs - sentMs - roundTripMs / 2 }
  }
  const { roundTripMs, aheadMs } = best
  const toMonotonicMs = (serverMs: number): number => serverMs - aheadMs
  return {
    roundTripMs,
    nowMs: () => clock.monotonicMs() + aheadMs,
    toMonotonicMs,
    toWallMs: (serverMs) => clock.wallMs() + toMonotonicMs(serverMs) - clock.monotonicMs(),
    fromWallMs: (wallMs) => clock.monotonicMs() + wallMs - clock.wallMs() + aheadMs,
  }
}
