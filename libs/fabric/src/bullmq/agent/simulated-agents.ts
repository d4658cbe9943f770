import { availableParallelism } from 'node:os'
import { planDurationMs } from '@squall/load-plan'
import { parseAnnouncement, parseFleetOrder, parsePlan, protocolVersion } from '@squall/load-protocol'
import type { Snapshot } from '@squall/metrics'
import { sleep, systemClock as clock } from '@squall/time'
import { Worker, type Job } from 'bullmq'
import type { Redis } from 'ioredis'
import { fleetKeys, queueName, runKeys } from '../keys.ts'
import { openRedis } from '../open-redis.ts'
import { Seal } from '../seal.ts'
import { readServerClock } from '../server-clock.ts'
import { followStream } from '../stream-reader.ts'
import { agentGoneMs, timingsOf } from '../timings.ts'
import { OrderBook } from '../order-book.ts'
import { Outbox } from './outbox.ts'
import type { ShardJob } from './shard-lease.ts'

export interface SimulatedAgents {
  readonly url: string
  readonly agents: number
  readonly squallVersion: string
  /** What the generator of a shard counted in a second of the run. */
  readonly snapshotOf: (shard: number, second: number) => Snapshot
  /** Told of each snapshot how long after the end of its second it was handed over. */
  readonly onSent: (shard: number, second: number, lateMs: number) => void
}

interface Held {
  readonly agent: string
  readonly job: Job<ShardJob>
  readonly outbox: Outbox
}

/** A real agent shows itself and renews its lease as often or more often. */
const beatMs = 1_000
const turns = 10
const pollMs = 100
/** So many agents say something before whatever else waits gets its turn. */
const atOnce = 20
const epoch = 1

/**
 * Plays many agents with one generator each through one run, for benchmarks: there is no load, and all share one connection; what they write is written
 * by the code of real agents. Returns when the run is over for all of them.
 */
export async function simulateAgents(options: SimulatedAgents): Promise<void> {
  const redis = await openRedis(options.url)
  const seal = new Seal(undefined)
  const names = Array.from({ length: options.agents }, (_, index) => `simulated-${index}`)
  const over = new AbortController()
  const hellos = names.map((agent) => toHello(agent, seal, options.squallVersion))
  const showing = eachInTurn(hellos, (some) => showUp(redis, some), over.signal)
  try {
    await takePart(redis, seal, names, options)
  } finally {
    over.abort(new Error('the run is over'))
    await showing
    redis.disconnect()
  }
}

/** Does something for each once in a beat, for a part of them at a time: agents are not in step. */
async function eachInTurn<T>(
  all: readonly T[],
  work: (some: readonly T[]) => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  let dueMs = clock.monotonicMs()
  for (let turn = 0; !signal.aborted; turn = (turn + 1) % turns) {
    await work(all.filter((_, index) => index % turns === turn))
    dueMs += beatMs / turns
    await sleep(clock, Math.max(0, dueMs - clock.monotonicMs()), signal).catch(() => undefined)
  }
}

interface Hello {
  readonly agent: string
  readonly key: string
  readonly bytes: Buffer
}

function toHello(agent: string, seal: Seal, squallVersion: string): Hello {
  const key = fleetKeys.agent(agent)
  return { agent, key, bytes: seal.close({ agent, host: agent, workers: 1, squallVersion, protocolVersion }, key) }
}

async function showUp(redis: Redis, hellos: readonly Hello[]): Promise<void> {
  if (hellos.length === 0) return
  const pipeline = redis.pipeline().sadd(fleetKeys.agents, ...hellos.map(({ agent }) => agent))
  for (const { key, bytes } of hellos) pipeline.set(key, bytes, 'PX', agentGoneMs)
  await pipeline.exec()
}

async function takePart(redis: Redis, seal: Seal, names: readonly string[], options: SimulatedAgents): Promise<void> {
  const { runId, leaseMs, shards } = await waitForRun(redis, seal)
  const keys = runKeys(runId)
  const plan = parsePlan(seal.open((await redis.getBuffer(keys.plan)) ?? Buffer.alloc(0), keys.plan))
  const token = `${runId}-simulated`
  const worker = new Worker<ShardJob>(queueName, null, {
    connection: redis,
    prefix: keys.prefix,
    autorun: false,
    lockDuration: leaseMs,
    stalledInterval: timingsOf(leaseMs).checkMs,
  })
  const orders = new OrderBook()
  const told = Promise.withResolvers<never>()
  told.promise.catch(() => undefined)
  const take = (bytes: Buffer = Buffer.alloc(0)): void => orders.take(parseFleetOrder(seal.open(bytes, keys.orders)))
  const reader = followStream(redis, keys.orders, (entry) => take(entry.get('order')), told.reject)
  const heard = (type: 'start' | 'end'): Promise<void> =>
    Promise.race([told.promise, new Promise<void>((resolve) => void orders.listen((order) => order.type === type && resolve()))])
  const [started, ended] = [heard('start'), heard('end')]
  const over = new AbortController()
  let renewing: Promise<void> = Promise.resolve()
  try {
    const held: Held[] = []
    for (const agent of names) {
      const job = await worker.getNextJob(token, { block: false })
      if (job === undefined) throw new Error(`there is no share for ${agent}`)
      held.push({ agent, job, outbox: new Outbox({ redis, seal, agent, clock, keys, shards }) })
    }
    const renew = (some: readonly Held[]): Promise<unknown> => Promise.all(some.map(({ job }) => job.extendLock(token, leaseMs)))
    renewing = eachInTurn(held, renew, over.signal)
    beReady(held)
    await started
    await sendSeconds(held, orders.startAtMs ?? 0, Math.ceil(planDurationMs(plan) / 1000), redis, options)
    over.abort(new Error('all is said'))
    await renewing
    for (const { job } of held) await job.moveToCompleted('', token, false)
    await ended
    await Promise.all(
      held.map(({ outbox }) => {
        outbox.send({ type: 'released' })
        return outbox.flushed()
      }),
    )
  } finally {
    over.abort(new Error('all is said'))
    await renewing
    reader.close()
    await worker.close()
  }
}

async function waitForRun(redis: Redis, seal: Seal): Promise<ReturnType<typeof parseAnnouncement>> {
  for (;;) {
    const [entry] = Object.entries(await redis.hgetallBuffer(fleetKeys.active))
    if (entry !== undefined) return parseAnnouncement(seal.open(entry[1], `${fleetKeys.active}:${entry[0]}`))
    await sleep(clock, pollMs)
  }
}

function beReady(held: readonly Held[]): void {
  for (const { agent, job, outbox } of held) {
    const { shard } = job.data
    outbox.send({ type: 'joined', host: agent, workers: 1, cores: availableParallelism() })
    outbox.send({ type: 'taken', shard, epoch })
    outbox.send({ type: 'ready', shard, epoch })
  }
}

/** All seconds end for all generators at once, and so do these. */
async function sendSeconds(
  held: readonly Held[],
  startAtMs: number,
  seconds: number,
  redis: Redis,
  { snapshotOf, onSent }: SimulatedAgents,
): Promise<void> {
  const serverClock = await readServerClock(redis, clock)
  for (let second = 0; second < seconds; second++) {
    const endMs = startAtMs + (second + 1) * 1000
    await sleep(clock, Math.max(0, endMs - serverClock.nowMs()))
    for (const [index, { job, outbox }] of held.entries()) {
      const { shard } = job.data
      outbox.send({ type: 'snapshot', shard, epoch, sequence: second, snapshot: snapshotOf(shard, second) })
      onSent(shard, second, serverClock.nowMs() - endMs)
      if (index % atOnce === 0) await sleep(clock, 0)
    }
  }
  for (const { job, outbox } of held) {
    const { shard } = job.data
    outbox.send({ type: 'finished', shard, epoch, snapshots: seconds }, shard)
  }
  await Promise.all(held.map(({ outbox }) => outbox.flushed()))
}
