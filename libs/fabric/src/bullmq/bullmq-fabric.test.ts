import { RedisServer } from '@squall/testing'
import { afterAll, beforeAll } from 'vitest'
import { openBullmqFabric, runAgent, type Fabric } from '../index.ts'
import { describeFabric, type FabricLimits } from '../test/fabric-conformance.ts'

const generator = new URL('../test/demo-generator.ts', import.meta.url)
const squallVersion = '1.2.3'
const leaseMs = 4_000

let redis: RedisServer
const leaving = new AbortController()
const agents: Promise<void>[] = []

beforeAll(async () => {
  redis = await RedisServer.start()
  for (const workers of [1, 2]) {
    const { promise, resolve } = Promise.withResolvers<unknown>()
    const { url } = redis
    agents.push(
      runAgent({ url, workers, squallVersion, generator, say: () => undefined, onReady: resolve, stopping: leaving.signal }),
    )
    await promise
  }
})

afterAll(async () => {
  leaving.abort(new Error('the tests are over'))
  await Promise.all(agents)
  await redis[Symbol.asyncDispose]()
})

describeFabric('bullmq', overRedis)

/** A fabric that is opened for each run, as a controller does. */
function overRedis(limits: FabricLimits = {}): Fabric {
  return {
    name: 'bullmq',
    prepare: async (request) => {
      const fabric = await openBullmqFabric({ url: redis.url, squallVersion, leaseMs, leastLeadMs: 300, ...limits })
      try {
        const run = await fabric.prepare(request)
        return {
          ...bound(run),
          close: async () => {
            await run.close()
            await fabric.close()
          },
        }
      } catch (error) {
        await fabric.close()
        throw error
      }
    },
  }
}

type Run = Awaited<ReturnType<Fabric['prepare']>>

const bound = (run: Run): Run => ({
  start: () => run.start(),
  control: (control) => run.control(control),
  stop: (drainMs) => run.stop(drainMs),
  ended: run.ended,
  caughtUp: () => run.caughtUp(),
  agents: () => run.agents?.() ?? [],
  close: () => run.close(),
})
