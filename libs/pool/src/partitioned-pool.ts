import { CodedError } from '@squall/errors'
import type { Clock, Timer } from '@squall/time'
import type { AcquireOptions, PoolSurroundings } from './acquire-options.ts'
import { Capacity, type Sharer } from './capacity.ts'
import { poolErrors } from './errors.ts'
import type { Lease } from './lease.ts'
import type { PoolOptions } from './pool-options.ts'
import type { PoolResources } from './pool-resources.ts'
import { addStats, noStats, type PoolStats } from './pool-stats.ts'
import { SessionPool } from './session-pool.ts'

/** How the resources of one kind of caller are made. */
export interface Partition<T> {
  /** The same for all callers who may use each other's resources, and for nobody else. */
  readonly key: string
  readonly resources: PoolResources<T>
  /** Kept open even when nobody needs them; the others of the options hold for every partition. */
  readonly min?: number
}

interface OpenPartition<T> {
  readonly pool: SessionPool<T>
  readonly sharer: Sharer
}

const sweepIntervalMs = 30_000
/** Partitions beside which unused ones are not kept until the next sweep: whoever makes up callers must not fill the memory. */
const mostUnused = 64

/**
 * Pools side by side, one for each kind of caller whose resources nobody else may use: a principal that signs in as itself, a role.
 * They share one bound: where it is reached, each partition that waits gets an equal share in the end, idle resources of others are closed
 * for it, and what comes back to a partition with more than its share is closed too. A partition that has nothing left is dropped.
 */
export class PartitionedPool<T> {
  readonly #options: PoolOptions
  readonly #clock: Clock
  readonly #surroundings: PoolSurroundings
  readonly #capacity: Capacity
  readonly #partitions = new Map<string, OpenPartition<T>>()
  /** What dropped partitions did. */
  #past = noStats
  #sweepTimer: Timer
  #draining: Promise<void> | undefined

  /** @throws CodedError POOL_BAD_OPTIONS. */
  constructor(options: PoolOptions, clock: Clock, surroundings: PoolSurroundings = {}) {
    this.#options = options
    this.#clock = clock
    this.#surroundings = surroundings
    this.#capacity = new Capacity(options.max)
    this.#sweepTimer = this.#scheduleSweep()
  }

  /** Opens a partition before anybody asks, so that its minimum is kept open. */
  open(partition: Partition<T>): void {
    this.#partition(partition)
  }

  /**
   * Waits for a resource of the caller's partition.
   * @throws what `SessionPool.acquire` throws.
   */
  async acquire(partition: Partition<T>, options: AcquireOptions<T> = {}): Promise<Lease<T>> {
    if (this.#draining) throw new CodedError(poolErrors.POOL_DRAINING)
    return this.#partition(partition).pool.acquire(options)
  }

  /** Of all partitions, open and dropped, together. */
  stats(): PoolStats {
    const all = [...this.#partitions.values()].map(({ pool }) => pool.stats())
    const { min, max } = this.#options
    return { ...all.reduce(addStats, this.#past), min, max, draining: this.#draining !== undefined }
  }

  /** Open partitions. */
  get size(): number {
    return this.#partitions.size
  }

  /** Closes all as `SessionPool.drain` does. */
  drain(timeoutMs: number): Promise<void> {
    this.#sweepTimer.cancel()
    this.#draining ??= Promise.all([...this.#partitions.values()].map(({ pool }) => pool.drain(timeoutMs))).then(() => undefined)
    return this.#draining
  }

  #partition({ key, resources, min = 0 }: Partition<T>): OpenPartition<T> {
    const found = this.#partitions.get(key)
    if (found) return found
    if (this.#partitions.size >= mostUnused) this.#dropUnused()
    const sharer: Sharer = {
      isWaiting: () => opened.pool.stats().waiting > 0 || opened.pool.stats().size <= min,
      giveUpIdle: () => opened.pool.closeOneIdle(),
    }
    const pool = new SessionPool(this.#sharing(resources, sharer), { ...this.#options, min }, this.#clock, this.#surroundings)
    const opened: OpenPartition<T> = { pool, sharer }
    this.#partitions.set(key, opened)
    return opened
  }

  /** The same resources, each of which takes a place of the shared bound as long as it is open. */
  #sharing(resources: PoolResources<T>, sharer: Sharer): PoolResources<T> {
    const capacity = this.#capacity
    return {
      async create(signal) {
        await capacity.take(sharer, signal)
        try {
          return await resources.create(signal)
        } catch (error) {
          capacity.giveBack(sharer)
          throw error
        }
      },
      async destroy(resource) {
        try {
          await resources.destroy(resource)
        } finally {
          capacity.giveBack(sharer)
        }
      },
      validate: (resource) => resources.validate(resource),
      clean: async (resource) => (await resources.clean(resource)) && !capacity.shouldGiveUp(sharer),
    }
  }

  #scheduleSweep(): Timer {
    return this.#clock.at(this.#clock.monotonicMs() + sweepIntervalMs, () => {
      this.#dropUnused()
      this.#sweepTimer = this.#scheduleSweep()
    })
  }

  #dropUnused(): void {
    for (const [key, { pool }] of this.#partitions) {
      const stats = pool.stats()
      if (stats.size + stats.leased + stats.waiting + stats.min > 0) continue
      this.#partitions.delete(key)
      this.#past = addStats(this.#past, stats)
      // Detached: nothing is open in it, and it cannot fail.
      void pool.drain(0)
    }
  }
}
