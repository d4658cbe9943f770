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
  /** How long those waited who got a resource. */
  readonly waitMs: WaitTimes
}

/** Waiting times in milliseconds; `count` of them. */
export interface WaitTimes {
  readonly count: number
  readonly total: number
  readonly max: number
}
