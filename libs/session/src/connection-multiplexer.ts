import { CodedError } from '@squall/errors'
import { poolErrors, type Lease } from '@squall/pool'
import type { Clock } from '@squall/time'
import type { FairClient, FairLimits } from './fair-queue.ts'
import { FairTurnstile, type Pass, type TurnstileStats } from './fair-turnstile.ts'

/** What the multiplexer asks of whoever keeps the connections. */
export interface ConnectionRequest<T> {
  /** The connection its client had last; better than any other where it is free. */
  readonly preferred: T | undefined
  readonly signal?: AbortSignal | undefined
  /** What is left of the time to wait. */
  readonly timeoutMs: number
}

export interface MultiplexerOptions<T, R> {
  readonly clock: Clock
  /** Leases at once, and callers that wait: in all, of one principal, of one client. */
  readonly limits: () => FairLimits
  /** Gets a connection; `request` is what the caller of `acquireForRequest` asked for beside. */
  readonly acquire: (connection: ConnectionRequest<T>, request: R) => Promise<Lease<T>>
}

export interface AcquireForRequest {
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs: number
}

export interface MultiplexerStats extends TurnstileStats {
  /** Leases handed out. */
  readonly leasesTotal: number
  /** Leases of the connection that the client had before. */
  readonly affinityHitsTotal: number
}

/** Clients whose last connection is remembered; it is a matter of speed alone. */
const mostRemembered = 1000

/**
 * Shares a pool's connections among clients: each has its turn and its bounds, and gets the connection it had last where that one is
 * free. The pool itself serves first come, first served, so callers wait here, in fair order, and go on to the pool only when it is their turn.
 */
export class ConnectionMultiplexer<T, R = undefined> {
  readonly #options: MultiplexerOptions<T, R>
  readonly #turnstile: FairTurnstile
  // In order of the last lease, the longest ago first.
  readonly #lastOf = new Map<string, T>()
  #leases = 0
  #affinityHits = 0

  constructor(options: MultiplexerOptions<T, R>) {
    this.#options = options
    this.#turnstile = new FairTurnstile(options.clock, options.limits)
  }

  /**
   * Waits for a client's turn, and then for a connection.
   * @throws CodedError POOL_WAIT_TIMEOUT, POOL_QUEUE_FULL, what `acquire` throws, or the signal's reason.
   */
  async acquireForRequest(client: FairClient, wait: AcquireForRequest, request: R): Promise<Lease<T>> {
    const startedMs = this.#options.clock.monotonicMs()
    const pass = this.#turnstile.tryEnter(client) ?? (await this.#waitForTurn(client, wait))
    try {
      const timeoutMs = Math.max(0, wait.timeoutMs - (this.#options.clock.monotonicMs() - startedMs))
      const key = keyOf(client)
      const preferred = this.#lastOf.get(key)
      const lease = await this.#options.acquire({ preferred, signal: wait.signal, timeoutMs }, request)
      this.#leases += 1
      if (lease.resource === preferred) this.#affinityHits += 1
      this.#remember(key, lease.resource)
      return this.#toLease(lease, pass, key)
    } catch (error) {
      this.#turnstile.leave(pass)
      throw error
    }
  }

  /** Callers that wait for their turn. */
  get waiting(): number {
    return this.#turnstile.waiting
  }

  stats(): MultiplexerStats {
    return { ...this.#turnstile.stats(), leasesTotal: this.#leases, affinityHitsTotal: this.#affinityHits }
  }

  async #waitForTurn(client: FairClient, { timeoutMs, signal }: AcquireForRequest): Promise<Pass> {
    const end = await this.#turnstile.wait(client, { timeoutMs, signal })
    if (end.kind === 'entered') return end.pass
    const { running, waiting } = this.#turnstile
    if (end.kind === 'full') {
      const who = end.whose === 'all' ? `${waiting} calls wait` : 'the client has as many calls waiting as it may'
      throw new CodedError(poolErrors.POOL_QUEUE_FULL, { message: `${who} for a connection already` })
    }
    signal?.throwIfAborted()
    throw new CodedError(poolErrors.POOL_WAIT_TIMEOUT, {
      message: `no connection came free within ${timeoutMs} ms: ${running} in use, ${waiting} waiting`,
    })
  }

  #toLease(lease: Lease<T>, pass: Pass, key: string): Lease<T> {
    let returned: Promise<void> | undefined
    const end = async (how: () => Promise<void>): Promise<void> => {
      try {
        await how()
      } finally {
        this.#turnstile.leave(pass)
      }
    }
    const release = (): Promise<void> => (returned ??= end(() => lease.release()))
    const discard = (): Promise<void> => {
      this.#lastOf.delete(key)
      return (returned ??= end(() => lease.discard()))
    }
    return { resource: lease.resource, release, discard, [Symbol.asyncDispose]: release }
  }

  #remember(key: string, resource: T): void {
    this.#lastOf.delete(key)
    this.#lastOf.set(key, resource)
    if (this.#lastOf.size <= mostRemembered) return
    const [longestAgo] = this.#lastOf.keys()
    if (longestAgo !== undefined) this.#lastOf.delete(longestAgo)
  }
}

function keyOf({ principal, id }: FairClient): string {
  return `${principal}\n${id}`
}
