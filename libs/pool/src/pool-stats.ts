/** The pool at one instant, and what it did since it was made. */
export interface PoolStats {
  /** Open resources, those being opened included. */
  readonly size: number
  /** Open resources nobody uses. */
  readonly available: number
  /** Resources in the hands of callers, or being cleaned after them. */
  readonly leased: number
  /** Callers that wait. */
  readonly waiting: number
  readonly min: number
  readonly max: number
  readonly draining: boolean
  readonly created: number
  readonly createFailures: number
  readonly destroyed: number
  readonly destroyFailures: number
  /** Leases handed out. */
  readonly acquired: number
  /** Resources that were given back and proven clean. */
  readonly cleaned: number
  /** Resources that were given back and closed: not provably clean, or discarded by their user. */
  readonly discarded: number
  /** Resources closed because they lay idle too long or grew too old. */
  readonly expired: number
  /** Resources that did not survive their idleness. */
  readonly invalid: number
  readonly acquireTimeouts: number
  readonly acquireAborts: number
  /** Callers turned away because too many waited already. */
  readonly queueFull: number
  /** Leases that were told to `onLeak`. */
  readonly leaks: number
  /** How long the oldest lease has been held, in milliseconds; 0 where there is none. */
  readonly longestHeldMs: number
  /** How long those waited who got a resource. */
  readonly waitMs: WaitTimes
}

/** Waiting times in milliseconds; `count` of them. */
export interface WaitTimes {
  readonly count: number
  readonly total: number
  readonly max: number
}

/** Of a pool that never was. */
export const noStats: PoolStats = Object.freeze({
  size: 0,
  available: 0,
  leased: 0,
  waiting: 0,
  min: 0,
  max: 0,
  draining: false,
  created: 0,
  createFailures: 0,
  destroyed: 0,
  destroyFailures: 0,
  acquired: 0,
  cleaned: 0,
  discarded: 0,
  expired: 0,
  invalid: 0,
  acquireTimeouts: 0,
  acquireAborts: 0,
  queueFull: 0,
  leaks: 0,
  longestHeldMs: 0,
  waitMs: { count: 0, total: 0, max: 0 },
})

/** Two pools seen as one. */
export function addStats(a: PoolStats, b: PoolStats): PoolStats {
  return {
    size: a.size + b.size,
    available: a.available + b.available,
    leased: a.leased + b.leased,
    waiting: a.waiting + b.waiting,
    min: a.min + b.min,
    max: a.max + b.max,
    draining: a.draining || b.draining,
    created: a.created + b.created,
    createFailures: a.createFailures + b.createFailures,
    destroyed: a.destroyed + b.destroyed,
    destroyFailures: a.destroyFailures + b.destroyFailures,
    acquired: a.acquired + b.acquired,
    cleaned: a.cleaned + b.cleaned,
    discarded: a.discarded + b.discarded,
    expired: a.expired + b.expired,
    invalid: a.invalid + b.invalid,
    acquireTimeouts: a.acquireTimeouts + b.acquireTimeouts,
    acquireAborts: a.acquireAborts + b.acquireAborts,
    queueFull: a.queueFull + b.queueFull,
    leaks: a.leaks + b.leaks,
    longestHeldMs: Math.max(a.longestHeldMs, b.longestHeldMs),
    waitMs: {
      count: a.waitMs.count + b.waitMs.count,
      total: a.waitMs.total + b.waitMs.total,
      max: Math.max(a.waitMs.max, b.waitMs.max),
    },
  }
}
