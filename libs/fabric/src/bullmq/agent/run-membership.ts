import { randomUUID } from 'node:crypto'
import { availableParallelism } from 'node:os'
import type { LoadPlan } from '@squall/load-plan'
import { parseFleetOrder, parsePlan, type Announcement } from '@squall/load-protocol'
import type { Clock } from '@squall/time'
import { Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { queueName, runKeys, type RunKeys } from '../keys.ts'
import { forkGenerator } from '../../child-generator.ts'
import type { Seal } from '../seal.ts'
import { readServerClock, type ServerClock } from '../server-clock.ts'
import { followStream, type StreamReader } from '../stream-reader.ts'
import { timingsOf, type Timings } from '../timings.ts'
import { OrderBook } from '../order-book.ts'
import { Outbox } from './outbox.ts'
import { layOutFiles, type LaidOutFiles } from './pack-files.ts'
import { ShardLease, type ShardJob } from './shard-lease.ts'
import { SpareGenerator } from './spare-generator.ts'

export interface MembershipOptions {
  readonly redis: Redis
  readonly seal: Seal
  readonly agent: string
  readonly host: string
  readonly workers: number
  readonly generator: URL
  readonly clock: Clock
  /** How long load goes on without a controller. */
  readonly deadManMs: number
  readonly say: (text: string) => void
  /** @throws CodedError where this agent does not make load for such a plan. */
  readonly check: (announcement: Announcement, plan: LoadPlan) => void
}

/** How many times as many shares as it has workers an agent takes over: beyond that it would be a bottleneck, not a help. */
const mostOverload = 4

/** An agent's part in one run: takes shards, holds them, and gives them back. */
export class RunMembership {
  readonly runId: string
  readonly #options: MembershipOptions
  readonly #announcement: Announcement
  readonly #plan: LoadPlan
  readonly #files: LaidOutFiles
  readonly #serverClock: ServerClock
  readonly #keys: RunKeys
  readonly #timings: Timings
  readonly #orders = new OrderBook()
  readonly #outbox: Outbox
  readonly #leases = new Set<ShardLease>()
  readonly #worker: Worker<ShardJob>
  readonly #reader: StreamReader
  readonly #spare: SpareGenerator
  readonly #joinedAtMs: number
  /** Undefined as long as there was none: a run that was abandoned before this agent came is not begun anew. */
  #controllerSeenAtMs: number | undefined
  #closing: Promise<void> | undefined

  /** @throws CodedError where the agent takes no part; the controller has been told then. */
  static async join(announcement: Announcement, options: MembershipOptions): Promise<RunMembership> {
    const keys = runKeys(announcement.runId)
    const { redis, seal, clock, check } = options
    const bytes = await redis.getBuffer(keys.plan)
    if (bytes === null) throw new Error(`run ${announcement.runId} has no plan any more`)
    const plan = parsePlan(seal.open(bytes, keys.plan))
    check(announcement, plan)
    const files = await layOutFiles(announcement, { redis, seal, keys })
    const serverClock = await readServerClock(redis, clock)
    return new RunMembership(announcement, { ...plan, ...files.inPlan }, files, serverClock, options)
  }

  private constructor(
    announcement: Announcement,
    plan: LoadPlan,
    files: LaidOutFiles,
    serverClock: ServerClock,
    options: MembershipOptions,
  ) {
    const { redis, seal, agent, host, workers, clock, generator } = options
    this.runId = announcement.runId
    this.#announcement = announcement
    this.#plan = plan
    this.#files = files
    this.#serverClock = serverClock
    this.#options = options
    this.#keys = runKeys(announcement.runId)
    this.#timings = timingsOf(announcement.leaseMs)
    this.#joinedAtMs = clock.monotonicMs()
    this.#spare = new SpareGenerator(generator, clock)
    this.#outbox = new Outbox({ redis, seal, agent, clock, shards: announcement.shards, keys: this.#keys })
    this.#outbox.send({ type: 'joined', host, workers, cores: availableParallelism() })
    this.#worker = new Worker<ShardJob>(queueName, null, {
      connection: redis,
      prefix: this.#keys.prefix,
      autorun: false,
      lockDuration: this.#timings.leaseMs,
      stalledInterval: this.#timings.checkMs,
      // A share may be lost and taken over as often as it has to.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
    })
    // What fails here is tried again with the next look.
    this.#worker.on('error', () => undefined)
    void this.#worker.startStalledCheckTimer().catch(() => undefined)
    this.#reader = followStream(redis, this.#keys.orders, (entry) => this.#take(entry.get('order')), this.#fail)
  }

  /** Looks for shares to take, and whether there still is a controller. */
  async look(): Promise<void> {
    const { clock, redis, deadManMs, workers } = this.#options
    if (this.#closing !== undefined) return
    if ((await redis.exists(this.#keys.controller)) === 1) this.#controllerSeenAtMs = clock.monotonicMs()
    if (this.#controllerSeenAtMs === undefined) return
    if (clock.monotonicMs() - this.#controllerSeenAtMs > deadManMs) return this.#loseAll()
    if (this.#hasStarted) {
      // One at a time, so that what one agent loses is spread over all others.
      if (this.#leases.size < workers * mostOverload) await this.#takeOne()
    } else await this.#takeDealt(workers)
    if (this.#closing === undefined) this.#spare.keep()
  }

  /** The run is over: what is left of it here goes at once. */
  end(): Promise<void> {
    this.#closing ??= this.#close(async () => {
      await Promise.all([...this.#leases].map((lease) => lease.drop()))
    })
    return this.#closing
  }

  /** This agent goes; others go on with its shares. */
  leave(): Promise<void> {
    this.#closing ??= this.#close(async () => {
      for (const lease of this.#leases) lease.giveBack(`agent ${this.#options.agent} was stopped`)
      await Promise.all([...this.#leases].map(({ over }) => over))
    })
    return this.#closing
  }

  async #close(release: () => Promise<void>): Promise<void> {
    this.#reader.close()
    await release()
    // Its look for stalled jobs writes to the queue, which the controller removes as soon as all have said that they let go.
    await this.#worker.close(true).catch(() => undefined)
    this.#outbox.send({ type: 'released' })
    await this.#spare.close()
    await this.#outbox.flushed()
    await this.#files.remove()
  }

  /** Before the start the shares are dealt out; afterwards an agent takes what others lose. */
  get #hasStarted(): boolean {
    const { startAtMs } = this.#orders
    return startAtMs !== undefined && this.#serverClock.nowMs() >= startAtMs
  }

  /** Before the start an agent takes the shares that were dealt to it, and after a while what was dealt to one that is lost. */
  async #takeDealt(workers: number): Promise<void> {
    const { clock, agent } = this.#options
    const share = this.#announcement.allotment[agent] ?? 0
    while (this.#closing === undefined && this.#leases.size < share && (await this.#takeOne()));
    const isDealt = clock.monotonicMs() - this.#joinedAtMs < this.#timings.leaseMs
    if (!isDealt && this.#leases.size < workers * mostOverload) await this.#takeOne()
  }

  async #takeOne(): Promise<boolean> {
    const { clock, redis, agent } = this.#options
    const token = randomUUID()
    const askedAtMs = clock.monotonicMs()
    const job = await this.#worker.getNextJob(token, { block: false })
    if (job === undefined) return false
    if (this.#closing !== undefined || clock.monotonicMs() >= askedAtMs + this.#timings.stopAfterMs) {
      // It came too late to be held.
      await job.moveToWait(token).catch(() => undefined)
      return false
    }
    if ((await redis.sismember(this.#keys.done, job.data.shard)) === 1) {
      await job.moveToCompleted('', token, false)
      return true
    }
    const lease = new ShardLease({
      job,
      token,
      askedAtMs,
      agent,
      generator: this.#hasStarted ? this.#spare.take() : forkGenerator(this.#options.generator),
      clock,
      runId: this.runId,
      plan: this.#plan,
      shards: this.#announcement.shards,
      serverClock: this.#serverClock,
      timings: this.#timings,
      orders: this.#orders,
      outbox: this.#outbox,
    })
    this.#leases.add(lease)
    void lease.over.finally(() => this.#leases.delete(lease))
    return true
  }

  #take(bytes: Buffer | undefined): void {
    const order = parseFleetOrder(this.#options.seal.open(bytes ?? Buffer.alloc(0), this.#keys.orders))
    this.#orders.take(order)
    if (order.type === 'end') void this.end()
  }

  #loseAll(): void {
    void this.#spare.close()
    for (const lease of this.#leases) lease.lose(`no controller for ${this.#options.deadManMs / 1000} s`)
  }

  readonly #fail = (error: Error): void => {
    this.#options.say(`run ${this.runId} is left: ${error.message}`)
    void this.leave()
  }
}
