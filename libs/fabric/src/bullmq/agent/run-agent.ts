import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { CodedError } from '@squall/errors'
import { protocolVersion, parseAnnouncement, type Announcement, type Refusal } from '@squall/load-protocol'
import { abortable, sleep, systemClock, type Clock } from '@squall/time'
import type { Redis } from 'ioredis'
import { fabricErrors } from '../../errors.ts'
import { clearRun } from '../clear-run.ts'
import { fleetKeys, runKeys } from '../keys.ts'
import { openRedis } from '../open-redis.ts'
import { reasonOf } from '../redis-trouble.ts'
import { Seal } from '../seal.ts'
import { agentGoneMs, deadManMs, pollMs } from '../timings.ts'
import { Outbox } from './outbox.ts'
import { RunMembership, type MembershipOptions } from './run-membership.ts'
import { createTargetAllowlist } from '../../target-allowlist.ts'

export interface AgentOptions {
  /** `redis://…` or `rediss://…` */
  readonly url: string
  /** What controllers must share; none unless given. */
  readonly secret?: string | undefined
  /** How many generators run at once. */
  readonly workers: number
  /** See `createTargetAllowlist`; this machine alone unless given. */
  readonly allowTargets?: readonly string[]
  readonly squallVersion: string
  /** The generator program's main file, which calls `runGenerator`. */
  readonly generator: URL
  /** What a person should know, one line each. */
  readonly say: (text: string) => void
  /** Told once the agent can be seen by controllers. */
  readonly onReady?: (agent: string) => void
  readonly stopping: AbortSignal
  readonly clock?: Clock
  readonly deadManMs?: number
}

/**
 * Makes this machine one that makes load for whoever asks through Redis, until it is stopped; what it was about to make then goes to others.
 * @throws CodedError FABRIC_REDIS_UNREACHABLE, FABRIC_REDIS_REFUSED, FABRIC_REDIS_UNFIT, FABRIC_REDIS_RIGHTS, FABRIC_REDIS_FULL where it cannot even begin.
 */
export async function runAgent(options: AgentOptions): Promise<void> {
  const redis = await openRedis(options.url)
  const agent = new Agent(redis, options)
  try {
    await agent.work()
  } finally {
    await agent.leave()
    redis.disconnect()
  }
}

interface Participation {
  readonly run: RunMembership
  /** As it was read. */
  readonly announcement: Buffer
}

class Agent {
  readonly #id = `${hostname()}-${randomBytes(3).toString('hex')}`
  readonly #redis: Redis
  readonly #options: AgentOptions
  readonly #clock: Clock
  readonly #seal: Seal
  readonly #runs = new Map<string, Participation>()
  /** Runs that are none of this agent's business. */
  readonly #declined = new Set<string>()
  #trouble: string | undefined

  constructor(redis: Redis, options: AgentOptions) {
    this.#redis = redis
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#seal = new Seal(options.secret)
  }

  async work(): Promise<void> {
    const { stopping, onReady } = this.#options
    let isFirst = true
    while (!stopping.aborted) {
      try {
        // Whoever is told to stop waits for no Redis that is away.
        await abortable(this.#look(stopping), stopping)
        if (isFirst) onReady?.(this.#id)
        isFirst = false
        this.#tell(undefined)
      } catch (error) {
        if (stopping.aborted) return
        this.#tell(reasonOf(error as Error))
      }
      await sleep(this.#clock, pollMs, stopping).catch(() => undefined)
    }
  }

  /** Says what is wrong with Redis once, however often it is met. */
  #tell(trouble: string | undefined): void {
    if (trouble === this.#trouble) return
    this.#trouble = trouble
    this.#options.say(trouble === undefined ? 'Redis is well again' : `trouble with Redis: ${trouble}`)
  }

  async leave(): Promise<void> {
    const leaving = Promise.all([...this.#runs.values()].map(({ run }) => run.leave()))
    const gone = this.#redis.multi().del(fleetKeys.agent(this.#id)).srem(fleetKeys.agents, this.#id)
    // A Redis that is away finds out by itself.
    const patience = sleep(this.#clock, leaveGraceMs)
    await Promise.race([leaving.then(() => gone.exec()), patience]).catch(() => undefined)
  }

  async #look(stopping: AbortSignal): Promise<void> {
    const announced = await this.#showUp(stopping)
    for (const [runId, { run, announcement }] of this.#runs) {
      // A run may come again under the same name, once it is over.
      if (announced.get(runId)?.equals(announcement) === true) continue
      this.#runs.delete(runId)
      await run.end()
      this.#options.say(`run ${runId} is over`)
    }
    for (const runId of this.#declined) if (!announced.has(runId)) this.#declined.delete(runId)
    for (const [runId, bytes] of announced)
      if (!this.#runs.has(runId) && !this.#declined.has(runId)) await this.#consider(runId, bytes)
    await Promise.all([...this.#runs.values()].map(({ run }) => run.look()))
  }

  /** @returns the announcements of all runs. */
  async #showUp(stopping: AbortSignal): Promise<ReadonlyMap<string, Buffer>> {
    const { workers, squallVersion } = this.#options
    const key = fleetKeys.agent(this.#id)
    const hello = this.#seal.close({ agent: this.#id, host: hostname(), workers, squallVersion, protocolVersion }, key)
    const looked = this.#redis
      .multi()
      .set(key, hello, 'PX', agentGoneMs)
      .sadd(fleetKeys.agents, this.#id)
      .hgetallBuffer(fleetKeys.active)
      .exec()
    const results = await abortable(looked, stopping)
    const [error, active] = results?.at(-1) ?? []
    if (error) throw error
    // As HGETALL answers.
    return new Map(Object.entries((active ?? {}) as Record<string, Buffer>))
  }

  async #consider(runId: string, bytes: Buffer): Promise<void> {
    const { say, workers, generator, deadManMs: patienceMs = deadManMs } = this.#options
    const membership: MembershipOptions = {
      redis: this.#redis,
      seal: this.#seal,
      agent: this.#id,
      host: hostname(),
      workers,
      generator,
      clock: this.#clock,
      deadManMs: patienceMs,
      say,
      check: (announcement, plan) => {
        this.#checkVersion(announcement)
        createTargetAllowlist(this.#options.allowTargets ?? []).check(plan)
      },
    }
    try {
      if ((await this.#redis.exists(runKeys(runId).plan)) === 0) return await this.#sweep(runId)
      const announcement = parseAnnouncement(this.#seal.open(bytes, `${fleetKeys.active}:${runId}`))
      const run = await RunMembership.join(announcement, membership)
      // It left while Redis was slow to answer.
      if (this.#options.stopping.aborted) return await run.leave()
      this.#runs.set(runId, { announcement: bytes, run })
      say(`run ${runId} has begun`)
    } catch (error) {
      this.#declined.add(runId)
      say(`run ${runId} is refused: ${(error as Error).message}`)
      this.#refuse(runId, toRefusal(error))
    }
  }

  /** A run whose plan has outlived its time was left by its controller and by all agents. */
  async #sweep(runId: string): Promise<void> {
    // Whoever withdraws it removes it; its own controller withdraws it before anything else.
    if ((await this.#redis.hdel(fleetKeys.active, runId)) === 0) return
    await clearRun(runId, this.#redis)
    this.#options.say(`run ${runId} was left long ago, and is removed`)
  }

  #checkVersion({ squallVersion, protocolVersion: spoken }: Announcement): void {
    if (spoken === protocolVersion && squallVersion === this.#options.squallVersion) return
    throw new CodedError(fabricErrors.FABRIC_OTHER_VERSION, {
      message: `runs Squall ${this.#options.squallVersion}, the controller ${squallVersion}`,
    })
  }

  #refuse(runId: string, { code, message, hint, exitCode }: Refusal): void {
    // A controller with another secret could not read it.
    if (code === fabricErrors.FABRIC_OTHER_SECRET.code) return
    const { redis, seal, agent, clock } = { redis: this.#redis, seal: this.#seal, agent: this.#id, clock: this.#clock }
    const outbox = new Outbox({ redis, seal, agent, clock, keys: runKeys(runId) })
    outbox.send({ type: 'refused', code, message: `agent ${agent} ${message}`, hint, exitCode })
  }
}

/** Whoever waits for this agent is told in any case. */
function toRefusal(error: unknown): Refusal {
  if (error instanceof CodedError) return error
  const { code, hint, exitCode } = fabricErrors.FABRIC_GENERATOR_REFUSED
  return { code, message: `cannot take part: ${(error as Error).message}`, hint, exitCode }
}

/** What an agent that is told to stop takes at most. */
const leaveGraceMs = 3_000
