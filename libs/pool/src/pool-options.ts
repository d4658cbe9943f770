/** Sizes and times of a pool; all times in milliseconds. */
export interface PoolOptions {
  /** Resources kept open even when nobody needs them. */
  readonly min: number
  /** Resources open at most. Those being closed no longer count. */
  readonly max: number
  /** How long `acquire` waits unless its caller says otherwise. */
  readonly acquireTimeoutMs: number
  /** A resource unused for longer is closed, as long as more than `min` are open. */
  readonly idleTimeoutMs: number
  /**
   * A resource older than this is closed the next time it is not in use. Each lives a little shorter, by up to a tenth, so that those
   * opened together do not end together.
   */
  readonly maxLifetimeMs: number
  /** Callers waiting at most; more are turned away at once. */
  readonly maxWaiting: number
  /** A resource unused for longer is validated before it is handed out. */
  readonly validateAfterIdleMs: number
  /** Resources being opened at once; 4 where absent. */
  readonly openingAtOnce?: number
  /** Each but the first of those waits for a random part of this; 50 where absent. */
  readonly openingJitterMs?: number
  /** A lease held for longer is told to `onLeak`, once; never where absent. */
  readonly leakAfterMs?: number
}
