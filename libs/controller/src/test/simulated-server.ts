import type { RandomSource } from '@squall/time'
import type { DemoCall } from './demo-snapshot.ts'

/** What holds a simulated server back; the same words as those of the real server for tests with known limits. */
export interface SimulatedLimits {
  readonly slots: number
  readonly serviceMs: number
  readonly lockMs?: number
  readonly agreeingMs?: number
  readonly cliffAt?: number
  readonly cliffFactor?: number
  readonly ratePerSecond?: number
}

/** By how much one call differs from the next, as a share of its time. */
const noise = 0.1
/** A call that is turned away is tried again after so long. */
const turnedAwayMs = 20

/**
 * What clients that never pause see of a server in so many seconds, by simulation: each call waits for a slot, then for the lock, then is served.
 * @returns the calls that ended in each second.
 */
export function simulateClosed(limits: SimulatedLimits, clients: number, seconds: number, random: RandomSource): DemoCall[][] {
  const {
    slots,
    serviceMs,
    lockMs = 0,
    agreeingMs = 0,
    cliffAt = Number.POSITIVE_INFINITY,
    cliffFactor = 1,
    ratePerSecond,
  } = limits
  const ended: DemoCall[][] = Array.from({ length: seconds }, () => [])
  const freeAt = Array.from({ length: Math.min(slots, clients) }, () => 0)
  const perSecond = new Map<number, number>()
  // Clients in the order in which they call next; at first spread over one service time.
  let next = Array.from({ length: clients }, (_, index) => (index / clients) * serviceMs)
  let lockFreeAt = 0
  const endMs = seconds * 1000
  while (next.length > 0) {
    const earliest = next.indexOf(Math.min(...next))
    const startMs = next[earliest] ?? 0
    if (startMs >= endMs) {
      next = next.toSpliced(earliest, 1)
      continue
    }
    const second = Math.floor(startMs / 1000)
    const inSecond = (perSecond.get(second) ?? 0) + 1
    perSecond.set(second, inSecond)
    let doneMs: number
    if (ratePerSecond !== undefined && inSecond > ratePerSecond) {
      doneMs = startMs + turnedAwayMs
      ended[Math.floor(doneMs / 1000)]?.push({ tool: 'work', ms: 1, error: 'http.429' })
    } else {
      const slot = freeAt.indexOf(Math.min(...freeAt))
      const begunMs = Math.max(startMs, freeAt[slot] ?? 0)
      const factor = clients > cliffAt ? cliffFactor : 1
      const agreeing = agreeingMs * (Math.min(slots, clients) - 1)
      const work = (serviceMs - lockMs + agreeing) * factor * (1 + noise * (2 * random.next() - 1))
      const lockedMs = lockMs === 0 ? begunMs + work : Math.max(begunMs + work, lockFreeAt) + lockMs
      if (lockMs > 0) lockFreeAt = lockedMs
      freeAt[slot] = lockedMs
      doneMs = lockedMs
      ended[Math.floor(doneMs / 1000)]?.push({ tool: 'work', ms: doneMs - startMs })
    }
    next = next.with(earliest, doneMs)
  }
  return ended
}
