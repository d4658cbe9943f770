import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { queueName, runKeys } from './keys.ts'

/** The queue of a run's shards, for whoever fills or removes it. */
export function openShardQueue(runId: string, redis: Redis): Queue {
  const queue = new Queue(queueName, { connection: redis, prefix: runKeys(runId).prefix })
  // What fails is told where a command is waited for.
  queue.on('error', () => undefined)
  return queue
}
