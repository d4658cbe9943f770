import type { Problem } from '@squall/errors'
import { planDurationMs } from '@squall/load-plan'
import type { FleetOrder, RunControl } from '@squall/load-protocol'
import { sleep, type Timer } from '@squall/time'
import type { PastSteering, PreparedRun, RunAgent, RunRequest } from '../../fabric.ts'
import { clearRun } from '../clear-run.ts'
import { runKeys, type RunKeys } from '../keys.ts'
import type { OrderBook } from '../order-book.ts'
import type { ServerClock } from '../server-clock.ts'
import { reasonOf, toRedisError } from '../redis-trouble.ts'
import { fromLetter } from '../letter.ts'
import { followStream, type StreamEntry, type StreamReader } from '../stream-reader.ts'
import { agentGoneMs, deadManMs, finishGraceMs, pollMs } from '../timings.ts'
import { allRead } from './all-read.ts'
import type { FabricContext } from './fabric-context.ts'
import type { ControllerLock } from './controller-lock.ts'
import { presentAgents } from './fleet.ts'
import { OrderSender } from './order-sender.ts'
import { ShardBook } from './shard-book.ts'

export interface FleetRunOptions {
  readonly request: RunRequest
  readonly context: FabricContext
  readonly serverClock: ServerClock
  readonly lock: ControllerLock
  /** What controllers have ordered so far; this one adds to it. */
  readonly ordered: OrderBook
  /** Rejects where another controller took the run. */
  readonly lost: Promise<never>
}

/** Ways through Redis that fit between the agreement on T0 and T0. */
const leadRoundTrips = 10
/** After an agent should have said that its generators are gone, the order has its way to go, and the answer too. */
const answerMs = 1_000
/** What agents may take to end their generators. */
const releasePatienceMs = 2_500
const lookEveryMs = 1_000

/** The controller's side of a run on many machines. */
export class FleetRun implements PreparedRun {
  readonly ready: Promise<void>
  readonly ended: Promise<void>
  readonly past?: PastSteering
  readonly #options: FleetRunOptions
  readonly #keys: RunKeys
  readonly #orders: OrderSender
  readonly #book: ShardBook
  readonly #reader: StreamReader
  readonly #closing = new AbortController()
  /** By agent, the number of the last letter: one whose receipt got lost comes twice. */
  readonly #lastLetter = new Map<string, number>()
  readonly #ordered: OrderBook
  /** T0 on the clock of Redis. */
  #startedAtMs: number | undefined
  #giveUp: Timer | undefined
  #isLost = false
  #closed: Promise<void> | undefined

  constructor(options: FleetRunOptions) {
    const { request, context, ordered, serverClock, lost } = options
    this.#ordered = ordered
    this.#options = options
    this.#keys = runKeys(request.runId)
    this.#startedAtMs = ordered.startAtMs
    if (request.resume === true) this.past = toPast(ordered, serverClock)
    const ready = Promise.withResolvers<void>()
    const ended = Promise.withResolvers<void>()
    // Each is waited for by somebody; whoever comes late still hears of it.
    for (const { promise } of [ready, ended]) promise.catch(() => undefined)
    this.ready = ready.promise
    this.ended = ended.promise
    this.#book = new ShardBook(request.shards, {
      onEvent: request.onEvent,
      onReady: ready.resolve,
      // What others said of the same shares may stand behind what ended the last of them.
      onEnded: () => void this.#allRead().then(ended.resolve),
      onRefusal: ready.reject,
      onNotice: (text) => this.#notice(text),
    })
    if (ordered.startAtMs !== undefined) this.#book.started()
    const fail = (error: Error): void => {
      ready.reject(error)
      ended.reject(error)
    }
    lost.catch((error: unknown) => {
      this.#isLost = true
      fail(error as Error)
    })
    this.#orders = new OrderSender({
      redis: context.redis,
      seal: context.seal,
      key: this.#keys.orders,
      clock: context.settings.clock,
      onRefused: (order, error) => {
        if (order.type !== 'start') return true
        // Whoever cannot begin now had better say so than begin at any time.
        fail(toRedisError(error, context.shown) as Error)
        return false
      },
    })
    this.#reader = followStream(
      context.redis,
      this.#keys.events,
      (entry) => {
        try {
          this.#take(entry)
        } catch (error) {
          fail(error as Error)
        }
      },
      fail,
    )
    if (ordered.stop !== undefined) this.#giveUpAfter(ordered.stop.drainMs)
    // Ends with the sleep that is broken off, or with the connection.
    void this.#watch().catch(() => undefined)
  }

  /** Who keeps the run from beginning. */
  get unready(): Problem[] {
    return this.#book.unready
  }

  start(): number {
    const { serverClock, context } = this.#options
    if (this.#startedAtMs === undefined) {
      const startAtMs = serverClock.nowMs() + Math.max(context.settings.leastLeadMs, leadRoundTrips * serverClock.roundTripMs)
      this.#startedAtMs = startAtMs
      this.#order({ type: 'start', startAtMs })
      this.#book.started()
    }
    return serverClock.toWallMs(this.#startedAtMs)
  }

  control(control: RunControl): void {
    if (control.type === 'set-target') throw new TypeError('agents make load on the target of the plan alone')
    const there =
      control.type === 'resume' ? { ...control, atWallMs: this.#options.serverClock.fromWallMs(control.atWallMs) } : control
    const sequence = (this.#ordered.controls.at(-1)?.sequence ?? 0) + 1
    this.#order({ type: 'control', sequence, control: there })
  }

  stop(drainMs: number): void {
    this.#order({ type: 'stop', atMs: this.#options.serverClock.nowMs(), drainMs })
    this.#giveUpAfter(drainMs)
  }

  #order(order: FleetOrder): void {
    this.#ordered.take(order)
    this.#orders.send(order)
  }

  #giveUpAfter(drainMs: number): void {
    const { clock } = this.#options.context.settings
    this.#giveUp?.cancel()
    this.#giveUp = clock.at(clock.monotonicMs() + drainMs + finishGraceMs + answerMs, () => {
      void this.#allRead().then(() => this.#book.loseRest('did not end in time'))
    })
  }

  told(): Promise<void> {
    return this.#orders.flushed()
  }

  async caughtUp(): Promise<void> {
    await this.#allRead()
    // That all is over is heard first by whoever waits for that, failures too.
    if (this.#book.isOver) await this.ended.catch(() => undefined)
  }

  agents(): readonly RunAgent[] {
    return this.#book.agents()
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  /** That agents end what they do is no news while the run is being closed. */
  #notice(text: string): void {
    if (this.#closed === undefined) this.#options.context.settings.onNotice(`${this.#instant()}${text}`)
  }

  /** Of the run, for whoever reads what happened in it. */
  #instant(): string {
    if (this.#startedAtMs === undefined) return ''
    const elapsedMs = this.#options.serverClock.nowMs() - this.#startedAtMs
    return elapsedMs < 0 ? '' : `[${Math.floor(elapsedMs / 1000)} s] `
  }

  async #close(): Promise<void> {
    const { context, lock, request } = this.#options
    this.#giveUp?.cancel()
    try {
      if (this.#isLost) return
      this.#order({ type: 'end' })
      await this.#farewell()
      await Promise.race([this.#released(), sleep(context.settings.clock, releasePatienceMs)])
      await Promise.race([this.#clear(request.runId), sleep(context.settings.clock, releasePatienceMs)])
    } finally {
      this.#closing.abort(new Error('the run is over'))
      this.#reader.close()
      this.#book.loseRest('the run was closed')
      await Promise.race([lock.release(), sleep(context.settings.clock, answerMs)])
    }
  }

  async #farewell(): Promise<void> {
    const { clock, farewellMs, onNotice } = this.#options.context.settings
    const told = this.#orders.flushed().then(() => true)
    const isTold = (patienceMs: number): Promise<boolean> => Promise.race([told, sleep(clock, patienceMs).then(() => false)])
    if (await isTold(Math.min(farewellMs, releasePatienceMs))) return
    onNotice(`agents cannot be told that the run is over: Redis does not take it. They may go on for ${deadManMs / 1000} s`)
    await isTold(farewellMs - releasePatienceMs)
  }

  /** A run whose numbers are told does not fail by what it leaves behind, which goes by itself. */
  async #clear(runId: string): Promise<void> {
    const { context } = this.#options
    await clearRun(runId, context.redis).catch((error: unknown) => {
      context.settings.onNotice(`run ${runId} is left in Redis for a day: ${reasonOf(error as Error)}`)
    })
  }

  async #released(): Promise<void> {
    const { clock } = this.#options.context.settings
    await this.#orders.flushed()
    while (this.#book.membersLeft.length > 0) await sleep(clock, releaseLookMs)
  }

  #take(entry: StreamEntry): void {
    const [agent, number] = [entry.get('agent'), entry.get('number')]
    if (agent === undefined || number === undefined) return
    const sender = agent.toString()
    const letter = Number(number.toString())
    if (letter <= (this.#lastLetter.get(sender) ?? -1)) return
    this.#lastLetter.set(sender, letter)
    const event = fromLetter(entry, this.#options.context.seal, this.#keys.events)
    if (event !== undefined) this.#book.take(sender, event)
  }

  /** Sees agents come and go, and gives up the shares that nobody can take any more. */
  async #watch(): Promise<void> {
    const { context } = this.#options
    const { clock } = context.settings
    for (;;) {
      await sleep(clock, lookEveryMs, this.#closing.signal)
      this.#book.seen(await presentAgents(context.redis))
      if (this.#isPastEnd() && this.#book.orphans.length > 0) await this.#loseOrphans()
    }
  }

  /** Who took a share, or ended it, may stand in what is not read yet. */
  async #loseOrphans(): Promise<void> {
    await this.#allRead()
    this.#book.seen(await presentAgents(this.#options.context.redis))
    for (const shard of this.#book.orphans) this.#book.loseShard(shard, 'its agent was lost, and no other took it over')
  }

  #allRead(): Promise<void> {
    const { redis, settings } = this.#options.context
    return allRead({ redis, key: this.#keys.events, reader: this.#reader, clock: settings.clock })
  }

  /** Whether a share that was lost within the plan would have been taken over by now. */
  #isPastEnd(): boolean {
    const { serverClock, request, context } = this.#options
    if (this.#startedAtMs === undefined) return false
    const { pausedMs, pausedAtMs } = this.#ordered.pauses(this.#startedAtMs)
    if (pausedAtMs !== undefined) return false
    const takeOverMs = context.settings.leaseMs * 1.5 + agentGoneMs + pollMs + answerMs
    return serverClock.nowMs() > this.#startedAtMs + planDurationMs(request.plan) + pausedMs + takeOverMs
  }
}

const releaseLookMs = 20

/** Instants as this machine's wall clock will have shown them. */
function toPast({ controls, stop }: OrderBook, clock: ServerClock): PastSteering {
  return {
    controls: controls.map(({ control }) =>
      control.type === 'resume' ? { ...control, atWallMs: clock.toWallMs(control.atWallMs) } : control,
    ),
    ...(stop && { stoppedAtWallMs: clock.toWallMs(stop.atMs) }),
  }
}
