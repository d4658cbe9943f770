import { CodedError } from '@squall/errors'
import type { Clock, RandomSource, Timer } from '@squall/time'
import { createPool, type Pool } from 'generic-pool'
import type { AcquireOptions, PoolSurroundings } from './acquire-options.ts'
import { checkOptions } from './check-options.ts'
import { poolErrors } from './errors.ts'
import { takeAllIdle, takePreferred } from './idle-slots.ts'
import { LeaseBook, type Leak } from './lease-book.ts'
import type { Lease } from './lease.ts'
import { PoolCounters } from './pool-counters.ts'
import { NotWanted } from './not-wanted.ts'
import type { PoolOptions } from './pool-options.ts'
import type { PoolResources } from './pool-resources.ts'
import type { PoolStats } from './pool-stats.ts'
import { ResourceOpener } from './resource-opener.ts'
import { isExpired, type FilledSlot, type Slot } from './slot.ts'
import { Waiters } from './waiters.ts'

const longestSweepIntervalMs = 30_000
const shortestSweepIntervalMs = 100
const defaultGrowth = { openingAtOnce: 4, jitterMs: 50 }
/** Lives are shorter by a random part of this share. */
const lifetimeSpread = 0.1

/**
 * A pool of sessions: each is used by one caller at a time, and the next one finds it as new.
 *
 * generic-pool keeps the books: which resources are open, idle or lent, and whether one more may be opened. Around it stands what
 * generic-pool lacks: callers in one queue with deadline and abort, validation after idleness, cleaning on return, age, failures to
 * open that reach a caller and slow down the next attempt. A request to generic-pool belongs to no caller in particular; what it
 * yields goes to whoever waits longest. So nobody overtakes, and a caller that gives up leaves nothing behind.
 */
export class SessionPool<T> {
  readonly #resources: PoolResources<T>
  readonly #options: PoolOptions
  readonly #clock: Clock
  readonly #opener: ResourceOpener<T>
  readonly #pool: Pool<Slot<T>>
  readonly #waiters: Waiters<FilledSlot<T>>
  readonly #counters = new PoolCounters()
  readonly #leased: LeaseBook<FilledSlot<T>>
  readonly #random: RandomSource
  readonly #onLeak: (leak: Leak) => void
  readonly #allReturned = Promise.withResolvers<void>()
  /** Requests to generic-pool whose resource has not come, or is being validated. */
  #inFlight = 0
  #sweepTimer: Timer | undefined
  #draining: Promise<void> | undefined

  /** @throws CodedError POOL_BAD_OPTIONS. */
  constructor(resources: PoolResources<T>, options: PoolOptions, clock: Clock, surroundings: PoolSurroundings = {}) {
    this.#resources = resources
    this.#options = checkOptions(options)
    this.#clock = clock
    this.#random = surroundings.random ?? { next: Math.random }
    this.#onLeak = surroundings.onLeak ?? (() => undefined)
    const { openingAtOnce = defaultGrowth.openingAtOnce, openingJitterMs: jitterMs = defaultGrowth.jitterMs } = this.#options
    this.#opener = new ResourceOpener(resources, clock, { openingAtOnce, jitterMs }, this.#random)
    this.#waiters = new Waiters(clock)
    this.#leased = new LeaseBook(clock)
    const factory = { create: () => this.#fill(), destroy: (slot: Slot<T>) => this.#empty(slot) }
    // The sweep keeps the minimum, since generic-pool's own way spins when opening fails. Last in, first out lets the surplus age.
    this.#pool = createPool(factory, { min: 0, max: this.#options.max, fifo: false })
    this.#topUp()
    this.#scheduleSweep()
  }

  /**
   * Waits for a resource, first come first served.
   * @throws CodedError POOL_WAIT_TIMEOUT when none came free in time, POOL_QUEUE_FULL when too many wait already, POOL_DRAINING;
   *   what `create` threw when no resource could be opened for this caller; the signal's reason when it aborts.
   */
  async acquire(options: AcquireOptions<T> = {}): Promise<Lease<T>> {
    const { signal, timeoutMs = this.#options.acquireTimeoutMs, holder = 'unknown', preferred } = options
    signal?.throwIfAborted()
    if (this.#draining) throw new CodedError(poolErrors.POOL_DRAINING)
    if (this.#isQueueFull()) throw this.#queueFull()
    const granted = this.#waiters.wait({ timeoutMs, signal, holder, onTimeout: (waitedMs) => this.#timedOut(waitedMs) })
    this.#request(preferred)
    try {
      return this.#lease(await granted)
    } catch (error) {
      if (signal?.aborted === true && error === signal.reason) this.#counters.count('acquireAborts')
      throw error
    }
  }

  stats(): PoolStats {
    const { min, max } = this.#options
    return {
      ...this.#counters.read(),
      size: this.#pool.size,
      // Once cleared, generic-pool still lists what it closed as available.
      available: Math.min(this.#pool.available, this.#pool.size),
      leased: this.#leased.size,
      waiting: this.#waiters.count,
      min,
      max,
      draining: this.#draining !== undefined,
      longestHeldMs: this.#leased.longestHeldMs,
    }
  }

  /**
   * Closes the pool: who waits is turned away with POOL_DRAINING, what is in use may be used for `timeoutMs` more, then everything
   * is closed. Resolves when it is. Later calls join the first.
   */
  drain(timeoutMs: number): Promise<void> {
    this.#draining ??= this.#drain(timeoutMs)
    return this.#draining
  }

  async #drain(timeoutMs: number): Promise<void> {
    this.#sweepTimer?.cancel()
    this.#waiters.failAll(new CodedError(poolErrors.POOL_DRAINING))
    await this.#leasesReturned(timeoutMs)
    this.#opener.stop(new CodedError(poolErrors.POOL_DRAINING))
    await Promise.all(this.#leased.all().map((slot) => this.#discard(slot)))
    await this.#pool.drain()
    await this.#pool.clear()
  }

  async #leasesReturned(timeoutMs: number): Promise<void> {
    if (this.#leased.size === 0) return
    const timer = this.#clock.at(this.#clock.monotonicMs() + timeoutMs, this.#allReturned.resolve)
    await this.#allReturned.promise
    timer.cancel()
  }

  /** Asks generic-pool for as many resources as are waited for and may come. */
  #request(preferred?: T): void {
    while (this.#inFlight < this.#waiters.count && this.#inFlight + this.#leased.size < this.#options.max)
      this.#requestOne(this.#waiters.count === 1 ? preferred : undefined)
  }

  #requestOne(preferred?: T): void {
    this.#inFlight++
    // Detached: what comes of it reaches a waiter, and neither filling a slot nor validating it ever throws.
    void this.#fetch(preferred)
  }

  async #fetch(preferred: T | undefined): Promise<void> {
    const slot = preferred === undefined ? await this.#pool.acquire() : await takePreferred(this.#pool, preferred)
    const usable = await this.#isUsable(slot)
    this.#inFlight--
    if (usable && slot.kind === 'filled') this.#grant(slot)
    else void this.#pool.destroy(slot)
    this.#request()
  }

  async #isUsable(slot: Slot<T>): Promise<boolean> {
    if (slot.kind === 'empty') return false
    if (isExpired(slot, this.#clock)) {
      this.#counters.count('expired')
      return false
    }
    if (this.#idleMs(slot) <= this.#options.validateAfterIdleMs) return true
    const valid = await this.#resources.validate(slot.resource).catch(() => false)
    if (!valid) this.#counters.count('invalid')
    return valid
  }

  /** Gives the resource to whoever waits longest, or lays it by. */
  #grant(slot: FilledSlot<T>): void {
    const granted = this.#waiters.grant(slot)
    if (granted === undefined) return void this.#pool.release(slot)
    this.#leased.add(slot, granted.holder)
    this.#counters.waited(granted.waitedMs)
  }

  #lease(slot: FilledSlot<T>): Lease<T> {
    let returned: Promise<void> | undefined
    const release = (): Promise<void> => (returned ??= this.#release(slot))
    const discard = (): Promise<void> => (returned ??= this.#discard(slot))
    return { resource: slot.resource, release, discard, [Symbol.asyncDispose]: release }
  }

  async #release(slot: FilledSlot<T>): Promise<void> {
    // A drain that ran out of patience has closed the resource meanwhile, here or while it was cleaned.
    if (!this.#leased.has(slot)) return
    const clean = await this.#resources.clean(slot.resource).catch(() => false)
    if (!clean) return this.#discard(slot)
    if (!this.#leased.delete(slot)) return
    this.#counters.count('cleaned')
    slot.idleSinceMs = this.#clock.monotonicMs()
    await this.#pool.release(slot)
    this.#afterReturn()
  }

  async #discard(slot: FilledSlot<T>): Promise<void> {
    if (!this.#leased.delete(slot)) return
    this.#counters.count('discarded')
    await this.#pool.destroy(slot)
    this.#afterReturn()
  }

  #afterReturn(): void {
    this.#request()
    if (this.#leased.size === 0 && this.#draining) this.#allReturned.resolve()
  }

  async #fill(): Promise<Slot<T>> {
    try {
      const resource = await this.#opener.open()
      const nowMs = this.#clock.monotonicMs()
      this.#counters.count('created')
      const livesMs = this.#options.maxLifetimeMs * (1 - lifetimeSpread * this.#random.next())
      return { kind: 'filled', resource, expiresAtMs: nowMs + livesMs, idleSinceMs: nowMs }
    } catch (error) {
      if (error instanceof NotWanted) return { kind: 'empty' }
      if (!this.#opener.isStopped) this.#counters.count('createFailures')
      this.#waiters.failFirst(error)
      return { kind: 'empty' }
    }
  }

  async #empty(slot: Slot<T>): Promise<void> {
    if (slot.kind === 'empty') return
    this.#counters.count('destroyed')
    await this.#resources.destroy(slot.resource).catch(() => this.#counters.count('destroyFailures'))
  }

  #scheduleSweep(): void {
    const { idleTimeoutMs, maxLifetimeMs, leakAfterMs = Infinity } = this.#options
    const wantedMs = Math.min(idleTimeoutMs, maxLifetimeMs, leakAfterMs, longestSweepIntervalMs)
    const intervalMs = Math.max(wantedMs, shortestSweepIntervalMs)
    const sweep = async (): Promise<void> => {
      await this.#sweep()
      if (!this.#draining) this.#scheduleSweep()
    }
    this.#sweepTimer = this.#clock.at(this.#clock.monotonicMs() + intervalMs, () => void sweep())
  }

  /** Takes out all that is idle, closes what is past its time, opens up to the minimum, and puts the rest back. */
  async #sweep(): Promise<void> {
    this.#tellLeaks()
    const freshestFirst = await takeAllIdle(this.#pool)
    const kept = freshestFirst.toReversed().filter((slot) => this.#isKept(slot))
    if (!this.#draining) this.#topUp()
    for (const slot of kept) void this.#pool.release(slot)
  }

  /** Closes the resource that lay idle longest, where there is one, for somebody who needs its place. */
  async closeOneIdle(): Promise<boolean> {
    if (this.#pool.available === 0 || this.#waiters.count > 0) return false
    const freshestFirst = await takeAllIdle(this.#pool)
    const oldest = freshestFirst.pop()
    for (const slot of freshestFirst.toReversed()) void this.#pool.release(slot)
    if (oldest === undefined) return false
    this.#counters.count('expired')
    await this.#pool.destroy(oldest)
    return true
  }

  #tellLeaks(): void {
    for (const leak of this.#leased.newLeaks(this.#options.leakAfterMs ?? Infinity)) {
      this.#counters.count('leaks')
      this.#onLeak(leak)
    }
  }

  #isKept(slot: Slot<T>): boolean {
    if (slot.kind === 'filled') {
      const isSurplus = this.#pool.size > this.#options.min && this.#idleMs(slot) > this.#options.idleTimeoutMs
      if (!isSurplus && !isExpired(slot, this.#clock)) return true
      this.#counters.count('expired')
    }
    void this.#pool.destroy(slot)
    return false
  }

  /** Only while nothing is idle does a request open a resource. */
  #topUp(): void {
    for (let missing = this.#options.min - this.#pool.size; missing > 0; missing--) this.#requestOne()
  }

  #isQueueFull(): boolean {
    const servedNext = this.#options.max - this.#leased.size
    return this.#waiters.count >= this.#options.maxWaiting + servedNext
  }

  #idleMs(slot: FilledSlot<T>): number {
    return this.#clock.monotonicMs() - slot.idleSinceMs
  }

  #queueFull(): CodedError {
    this.#counters.count('queueFull')
    const message = `${this.#waiters.count} requests wait for one of ${this.#options.max} connections already`
    return new CodedError(poolErrors.POOL_QUEUE_FULL, { message })
  }

  #timedOut(waitedMs: number): CodedError {
    this.#counters.count('acquireTimeouts')
    const busy = `${this.#leased.size} of ${this.#options.max} in use, ${this.#waiters.count} waiting`
    const message = `no connection came free within ${Math.round(waitedMs)} ms: ${busy}`
    return new CodedError(poolErrors.POOL_WAIT_TIMEOUT, { message, cause: this.#opener.lastFailure })
  }
}
