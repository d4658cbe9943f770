import { CodedError, exitCodes } from '@squall/errors'
import { planDurationMs, type LoadPlan } from '@squall/load-plan'
import type { FleetOrder, GeneratorCommand } from '@squall/load-protocol'
import type { Clock, Timer } from '@squall/time'
import type { Job } from 'bullmq'
import type { ChildGenerator } from '../../child-generator.ts'
import { fabricErrors } from '../../errors.ts'
import { startShard, type ShardEvent, type ShardRun } from '../../shard-run.ts'
import { isRefusal, reasonOf } from '../redis-trouble.ts'
import type { ServerClock } from '../server-clock.ts'
import { finishGraceMs, tooLateMs, type Timings } from '../timings.ts'
import type { OrderBook } from '../order-book.ts'
import type { Outbox } from './outbox.ts'

export interface ShardLeaseOptions {
  readonly job: Pick<Job<ShardJob>, 'data' | 'attemptsStarted' | 'extendLock' | 'moveToCompleted' | 'moveToWait'>
  readonly token: string
  /** When the job was asked for: its lease has run since then at the latest. */
  readonly askedAtMs: number
  readonly agent: string
  readonly runId: string
  readonly plan: LoadPlan
  readonly shards: number
  /** Just started, for this shard alone. */
  readonly generator: ChildGenerator
  readonly clock: Clock
  readonly serverClock: ServerClock
  readonly timings: Timings
  readonly orders: OrderBook
  readonly outbox: Outbox
}

/** What the queue holds. */
export interface ShardJob {
  readonly shard: number
}

/** A generator that has finished exits by itself at once. */
const exitGraceMs = 500
/** From the decision to go on with a share to its first call. */
const resumeLeadMs = 100

/** One shard while this agent holds it: its lease in Redis, and the generator that makes its load. */
export class ShardLease {
  readonly shard: number
  readonly epoch: number
  /** Resolves when the shard is over, or no longer this agent's, and its generator is gone. */
  readonly over: Promise<void>
  readonly #options: ShardLeaseOptions
  readonly #run: ShardRun
  readonly #listening: () => void
  readonly #renewing: Timer
  /** When the lease was told last: what counts is when Redis was asked, not when it answered. */
  #renewedAtMs: number
  #killer: Timer
  #givingBack: string | undefined
  #losing: string | undefined
  /** Why Redis did not take the last renewal, where it answered at all. */
  #refusal: string | undefined
  #isReady = false
  #hasStarted = false
  #isOver = false
  /** Whether this agent killed the generator, not sure of its lease; Redis may have kept it nevertheless. */
  #hasKilled = false

  constructor(options: ShardLeaseOptions) {
    const { job, plan, shards, runId, generator, clock, outbox, orders, timings, askedAtMs } = options
    this.#options = options
    this.shard = job.data.shard
    this.epoch = job.attemptsStarted
    this.#renewedAtMs = askedAtMs
    outbox.send({ type: 'taken', shard: this.shard, epoch: this.epoch })
    const assignment = { runId, plan, share: { index: this.shard, count: shards }, epoch: this.epoch }
    this.#run = startShard(generator, assignment, clock, (event) => this.#hear(event))
    this.#killer = this.#armKiller()
    this.#renewing = every(clock, timings.renewMs, () => void this.#renew())
    this.#listening = orders.listen((order) => this.#obey(order))
    this.over = this.#live()
  }

  /** Stops the load, and lets another agent go on with it. */
  giveBack(why: string): void {
    this.#givingBack = why
    this.#stop(0)
  }

  /** Stops the load for good. */
  lose(why: string): void {
    this.#losing = why
    this.#stop(0)
  }

  /** Ends the generator at once, without a word. */
  async drop(): Promise<void> {
    this.#end()
    await this.#run.close(0)
  }

  async #live(): Promise<void> {
    try {
      await this.#run.ready
      this.#becomeReady()
      await this.#run.ended
    } catch (error) {
      this.#tellUnprepared(error)
    } finally {
      this.#end()
      await this.#run.close(exitGraceMs)
    }
  }

  #becomeReady(): void {
    this.#isReady = true
    this.#tellLease()
    const { outbox, orders } = this.#options
    outbox.send({ type: 'ready', shard: this.shard, epoch: this.epoch })
    if (this.#losing !== undefined || this.#givingBack !== undefined) this.#stop(0)
    else if (orders.stop !== undefined) this.#stop(orders.stop.drainMs)
    else if (orders.startAtMs !== undefined) this.#start(orders.startAtMs, false)
  }

  #obey(order: FleetOrder): void {
    if (!this.#isReady) return
    if (order.type === 'stop') this.#stop(order.drainMs)
    if (order.type === 'start' && !this.#hasStarted) this.#startInTime(order.startAtMs)
    if (order.type === 'control') this.#control(order)
  }

  /** Of a share that was ready for it. */
  #startInTime(startAtServerMs: number): void {
    const { serverClock, outbox, agent } = this.#options
    const lateMs = serverClock.nowMs() - startAtServerMs
    if (lateMs >= tooLateMs) {
      const cause = `agent ${agent} heard of the start ${(lateMs / 1000).toFixed(1)} s late: Redis was away, or the agent was frozen or cut off from it`
      outbox.send({ type: 'late', shard: this.shard, epoch: this.epoch, cause })
    }
    this.#start(startAtServerMs, lateMs < tooLateMs)
  }

  /** @param isInTime whether what is due since T0 can still be made: with a lag that is told, if any. */
  #start(startAtServerMs: number, isInTime: boolean): void {
    const { serverClock, orders, plan } = this.#options
    this.#hasStarted = true
    const startAtWallMs = serverClock.toWallMs(startAtServerMs)
    const nowMs = serverClock.nowMs()
    if (nowMs < startAtServerMs || isInTime) return this.#tell({ type: 'start', startAtWallMs, fromMs: 0, pausedMs: 0 })
    const { fromMs, pausedMs, controls } = orders.resumePoint(nowMs + resumeLeadMs)
    // Nothing of the share is left to be made.
    if (fromMs >= planDurationMs(plan)) return this.#stop(0)
    this.#tell({ type: 'start', startAtWallMs, fromMs, pausedMs })
    for (const order of controls) this.#control(order)
  }

  #control({ sequence, control }: Extract<FleetOrder, { type: 'control' }>): void {
    const { serverClock } = this.#options
    const here = control.type === 'resume' ? { ...control, atWallMs: serverClock.toWallMs(control.atWallMs) } : control
    this.#tell({ type: 'control', sequence, control: here })
  }

  #stop(drainMs: number): void {
    const { clock } = this.#options
    if (this.#isReady) this.#tell({ type: 'stop', drainMs })
    this.#run.endBy(clock.monotonicMs() + drainMs + finishGraceMs)
  }

  #tell(command: GeneratorCommand): void {
    this.#run.generator.send(command)
  }

  #hear(event: ShardEvent): void {
    const { outbox } = this.#options
    const { shard, epoch } = event
    if (event.type === 'snapshot' || event.type === 'samples') return outbox.send(event)
    this.#end()
    const stoppedItself = event.type === 'shard-lost' && event.cause === fabricErrors.FABRIC_LEASE_EXPIRED.summary
    const why = this.#givingBack ?? (this.#isCutOff || stoppedItself ? this.#cutOff : undefined)
    if (why !== undefined) return this.#handOn(why)
    const cause = this.#losing ?? (event.type === 'shard-lost' ? event.cause : undefined)
    if (cause !== undefined) outbox.send({ type: 'lost', shard, epoch, cause }, shard)
    else if (event.type === 'shard-finished') outbox.send({ type: 'finished', shard, epoch, snapshots: event.snapshots }, shard)
    this.#complete()
  }

  #handOn(cause: string): void {
    const { outbox, job, token } = this.#options
    outbox.send({ type: 'interrupted', shard: this.shard, epoch: this.epoch, cause })
    // It may be somebody else's already.
    void job.moveToWait(token).catch(() => undefined)
  }

  #tellUnprepared(error: unknown): void {
    const { outbox } = this.#options
    const { shard, epoch } = this
    const message = error instanceof Error ? error.message : String(error)
    const known =
      error instanceof CodedError ? error : { code: 'FABRIC_GENERATOR_REFUSED', hint: '', exitCode: exitCodes.internal }
    const { code, hint, exitCode } = known
    if (this.#isOver) return
    // Killed by this very agent, which was not sure of its lease any more.
    if (this.#givingBack !== undefined || this.#isCutOff) return this.#handOn(this.#givingBack ?? this.#cutOff)
    outbox.send({ type: 'unprepared', shard, epoch, code, message, hint, exitCode }, shard)
    this.#complete()
  }

  // A job that is completed is not given to others; the next one, if any, is asked for by itself.
  #complete(): void {
    const { job, token } = this.#options
    void job.moveToCompleted('', token, false).catch(() => undefined)
  }

  get #isCutOff(): boolean {
    return this.#hasKilled || this.#options.clock.monotonicMs() >= this.#renewedAtMs + this.#options.timings.stopAfterMs
  }

  get #cutOff(): string {
    const { agent } = this.#options
    return this.#refusal === undefined
      ? `agent ${agent} was frozen, or cut off from Redis`
      : `agent ${agent} could not keep its share: Redis said ${this.#refusal}`
  }

  async #renew(): Promise<void> {
    const { job, token, clock, timings } = this.#options
    const askedAtMs = clock.monotonicMs()
    const isHeld = await job.extendLock(token, timings.leaseMs).catch((error: unknown) => this.#noteRefusal(error))
    if (this.#isOver || isHeld !== 1) return
    this.#refusal = undefined
    this.#renewedAtMs = Math.max(this.#renewedAtMs, askedAtMs)
    this.#killer.cancel()
    this.#killer = this.#armKiller()
    this.#tellLease()
  }

  #noteRefusal(error: unknown): number {
    if (isRefusal(error)) this.#refusal = reasonOf(error)
    return 0
  }

  // A generator that is not ready yet makes no load, and would read of leases long over.
  #tellLease(): void {
    if (!this.#isReady) return
    this.#tell({ type: 'lease', untilMs: this.#renewedAtMs + this.#options.timings.stopAfterMs })
  }

  #armKiller(): Timer {
    const { clock, timings } = this.#options
    return clock.at(this.#renewedAtMs + timings.killAfterMs, () => {
      this.#hasKilled = true
      this.#run.generator.kill()
    })
  }

  #end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#listening()
    this.#renewing.cancel()
    // The generator is gone, or stopped making load before it said anything.
    this.#killer.cancel()
  }
}

function every(clock: Clock, intervalMs: number, callback: () => void): Timer {
  let timer = clock.at(clock.monotonicMs() + intervalMs, tick)
  function tick(): void {
    timer = clock.at(clock.monotonicMs() + intervalMs, tick)
    callback()
  }
  return { cancel: () => timer.cancel() }
}
