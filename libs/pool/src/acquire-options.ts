import type { RandomSource } from '@squall/time'
import type { Leak } from './lease-book.ts'

export interface AcquireOptions<T> {
  /** A resource that suits the caller better than others; it is handed out where it is idle and nobody waits. */
  readonly preferred?: T | undefined
  /** Gives up waiting; `acquire` throws the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** How long to wait, instead of the pool's `acquireTimeoutMs`. */
  readonly timeoutMs?: number | undefined
  /** Who asks, for the day a lease is not given back: a request id, a client. */
  readonly holder?: string | undefined
}

/** What may be given to a pool beside its options. */
export interface PoolSurroundings {
  /** Told of a lease that is held longer than `leakAfterMs`. */
  readonly onLeak?: (leak: Leak) => void
  readonly random?: RandomSource
}
