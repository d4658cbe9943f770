import type { Redis } from 'ioredis'
import { fleetKeys, queueName, runKeys } from './keys.ts'
import { openShardQueue } from './shard-queue.ts'

/** What BullMQ may leave of a queue that was obliterated. */
const queueParts = ['meta', 'events', 'stalled', 'stalled-check', 'marker', 'id', 'pc']

/** Removes everything of a run from Redis. */
export async function clearRun(runId: string, redis: Redis): Promise<void> {
  const keys = runKeys(runId)
  await redis.hdel(fleetKeys.active, runId)
  const queue = openShardQueue(runId, redis)
  try {
    await queue.obliterate({ force: true })
  } finally {
    await queue.close()
  }
  const own = [keys.plan, keys.files, keys.orders, keys.events, keys.done]
  await redis.unlink(...own, ...queueParts.map((part) => `${keys.prefix}:${queueName}:${part}`))
}
