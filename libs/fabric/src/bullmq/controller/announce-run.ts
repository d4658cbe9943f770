import { CodedError } from '@squall/errors'
import { planDurationMs, type LoadPlan } from '@squall/load-plan'
import { protocolVersion, type AgentHello, type Announcement } from '@squall/load-protocol'
import { fabricErrors } from '../../errors.ts'
import type { RunRequest } from '../../fabric.ts'
import { clearRun } from '../clear-run.ts'
import { fleetKeys, keptMs, runKeys } from '../keys.ts'
import { openShardQueue } from '../shard-queue.ts'
import type { FabricContext } from './fabric-context.ts'
import { collectFiles } from './collect-files.ts'
import { allot } from './fleet.ts'

/**
 * Puts a run where agents find it: its plan, its files, a job for each shard, and last of all the announcement.
 * Nothing of it is left where that fails.
 * @throws CodedError FABRIC_RUN_EXISTS; what Redis answers where it takes no more.
 */
export async function announceRun(request: RunRequest, agents: readonly AgentHello[], context: FabricContext): Promise<void> {
  const { runId, plan } = request
  const { redis, seal } = context
  const { plan: planKey } = runKeys(runId)
  if ((await redis.set(planKey, seal.close(plan, planKey), 'PX', ttlOf(plan), 'NX')) === null) throw runExists(runId)
  try {
    await layOut(request, agents, context)
  } catch (error) {
    // Redis has more to say to the cause than to the consequence.
    await clearRun(runId, context.redis).catch(() => undefined)
    throw error
  }
}

const ttlOf = (plan: LoadPlan): number => keptMs + planDurationMs(plan)

async function layOut(request: RunRequest, agents: readonly AgentHello[], context: FabricContext): Promise<void> {
  const { runId, plan, shards } = request
  const { redis, seal, settings } = context
  const keys = runKeys(runId)
  const { files, processor, contents } = collectFiles(plan)
  for (const [sha256, content] of contents) await redis.hset(keys.files, sha256, seal.close(new Uint8Array(content), keys.files))
  await redis.xadd(keys.events, '*', 'begins', runId)
  for (const key of [keys.files, keys.events]) await redis.pexpire(key, ttlOf(plan))
  await queueShards(request, context)
  const announcement: Announcement = {
    runId,
    shards,
    protocolVersion,
    squallVersion: settings.squallVersion,
    leaseMs: settings.leaseMs,
    allotment: allot(agents, shards),
    files,
    ...(processor !== undefined && { processor }),
  }
  await redis.hset(fleetKeys.active, runId, seal.close(announcement, `${fleetKeys.active}:${runId}`))
}

async function queueShards({ runId, shards }: RunRequest, context: FabricContext): Promise<void> {
  const queue = openShardQueue(runId, context.redis)
  try {
    await queue.addBulk(
      Array.from({ length: shards }, (_, shard) => ({
        name: 'shard',
        data: { shard },
        opts: { jobId: `shard-${shard}`, removeOnComplete: true, removeOnFail: true },
      })),
    )
  } finally {
    await queue.close()
  }
}

/** @throws CodedError FABRIC_RUN_EXISTS */
export async function checkUnused(runId: string, { redis }: FabricContext): Promise<void> {
  if ((await redis.exists(runKeys(runId).plan)) === 1) throw runExists(runId)
}

const runExists = (runId: string): CodedError =>
  new CodedError(fabricErrors.FABRIC_RUN_EXISTS, { message: `there is a run ${runId} in this Redis already` })
