import { CodedError } from '@squall/errors'
import { shownTarget, type LoadPlan } from '@squall/load-plan'
import type { AgentHello } from '@squall/load-protocol'
import { fabricErrors } from '../../errors.ts'
import type { Fabric } from '../../fabric.ts'
import { openRedis } from '../open-redis.ts'
import { toRedisError } from '../redis-trouble.ts'
import { Seal } from '../seal.ts'
import { fabricDefaults, type BullmqFabricOptions, type FabricContext, type FabricSettings } from './fabric-context.ts'
import { findAgents, waitForAgents } from './fleet.ts'
import { prepareFleetRun } from './prepare-fleet-run.ts'
import { readAnnouncement, readPlan } from './recall-run.ts'

/** A run as Redis keeps it. */
export interface RecalledRun {
  readonly plan: LoadPlan
  readonly shards: number
}

export interface BullmqFabric extends Fabric {
  /**
   * Waits for agents.
   * @returns how many generators they run together: how many shards make use of all of them.
   * @throws CodedError FABRIC_NO_AGENTS, FABRIC_TOO_FEW_AGENTS, FABRIC_OTHER_SECRET, FABRIC_OTHER_VERSION; the signal's reason.
   */
  countWorkers(signal: AbortSignal): Promise<number>
  /**
   * The agents that are there now.
   * @throws CodedError FABRIC_REDIS_UNREACHABLE where Redis does not answer in time, FABRIC_OTHER_SECRET
   */
  agents(): Promise<readonly AgentHello[]>
  /**
   * Looks up a run whose controller is gone.
   * @throws CodedError FABRIC_NO_SUCH_RUN, FABRIC_OTHER_SECRET, FABRIC_OTHER_VERSION
   */
  recall(runId: string): Promise<RecalledRun>
  close(): Promise<void>
}

/**
 * Opens the fabric of many machines: shards are jobs with a lease on a Redis that all of them reach, numbers come back on a stream.
 * @throws CodedError FABRIC_REDIS_UNREACHABLE, FABRIC_REDIS_REFUSED, FABRIC_REDIS_UNFIT, FABRIC_REDIS_RIGHTS, FABRIC_REDIS_FULL; the last three also
 * from what it does later.
 */
export async function openBullmqFabric(options: BullmqFabricOptions): Promise<BullmqFabric> {
  const settings: FabricSettings = { ...fabricDefaults, ...options }
  const redis = await openRedis(settings.url)
  const shown = shownTarget(settings.url)
  const context: FabricContext = { redis, shown, seal: new Seal(settings.secret), settings }
  const inWords = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      throw toRedisError(error, shown)
    }
  }
  return {
    name: 'bullmq',
    prepare: (request) => inWords(prepareFleetRun(request, context)),
    countWorkers: (signal) => inWords(countWorkers(context, signal)),
    agents: () => inWords(inTime(findAgents(context), context)),
    recall: (runId) => inWords(recall(runId, context)),
    close: async () => redis.disconnect(),
  }
}

async function countWorkers(context: FabricContext, signal: AbortSignal): Promise<number> {
  const agents = await waitForAgents({ ...context.settings, ...context }, signal)
  return agents.reduce((sum, { workers }) => sum + workers, 0)
}

/** Commands wait for a Redis that is away; whoever only asks need not. */
const answerMs = 3_000

async function inTime<T>(answer: Promise<T>, { shown, settings: { clock } }: FabricContext): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = clock.at(clock.monotonicMs() + answerMs, () => {
    late.reject(new CodedError(fabricErrors.FABRIC_REDIS_UNREACHABLE, { message: `${shown} does not answer` }))
  })
  try {
    return await Promise.race([answer, late.promise])
  } finally {
    timer.cancel()
  }
}

async function recall(runId: string, context: FabricContext): Promise<RecalledRun> {
  const [{ shards }, plan] = await Promise.all([readAnnouncement(runId, context), readPlan(runId, context)])
  return { plan, shards }
}
