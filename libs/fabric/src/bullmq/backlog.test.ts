import { protocolVersion } from '@squall/load-protocol'
import { GeneratorRecorder } from '@squall/metrics'
import { RedisServer } from '@squall/testing'
import { systemClock } from '@squall/time'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoFleet, squallVersion, trial } from '../test/demo-fleet.ts'
import { Outbox } from './agent/outbox.ts'
import { announceRun } from './controller/announce-run.ts'
import { fabricDefaults } from './controller/fabric-context.ts'
import { runKeys } from './keys.ts'
import { Seal } from './seal.ts'

let server: RedisServer
let redis: Redis
beforeAll(async () => {
  server = await RedisServer.start()
  redis = new Redis(server.url)
})
afterAll(async () => {
  redis.disconnect()
  await server[Symbol.asyncDispose]()
})

const { openFabric } = demoFleet(() => server)
const seal = new Seal(undefined)
const agent = 'agent-1'
const ofShard = { shard: 0, epoch: 1 }
const health = { cpuMs: 1, wallMs: 1_000, rssBytes: 1, eventLoopUtilization: 0, eventLoopDelay: new Uint8Array() }
/** Three times what is read at once. */
const seconds = 1_600
const perSnapshotMs = 2

/** A run whose controller died, and whose agent has since told everything and gone. */
async function leaveBehind({ request }: ReturnType<typeof trial>): Promise<void> {
  const settings = { ...fabricDefaults, url: server.url, squallVersion }
  const hello = { agent, host: 'h', workers: 1, squallVersion, protocolVersion }
  await announceRun(request, [hello], { redis, shown: server.url, seal, settings })
  const keys = runKeys(request.runId)
  await redis.xadd(keys.orders, '*', 'order', seal.close({ type: 'start', startAtMs: Date.now() - 3_600_000 }, keys.orders))
  const outbox = new Outbox({ redis, keys, seal, clock: systemClock, agent, shards: 1 })
  outbox.send({ type: 'joined', host: 'h', workers: 1, cores: 1 })
  outbox.send({ type: 'taken', ...ofShard })
  outbox.send({ type: 'ready', ...ofShard })
  const recorder = new GeneratorRecorder()
  for (let sequence = 0; sequence < seconds; sequence++)
    outbox.send({ type: 'snapshot', ...ofShard, sequence, snapshot: recorder.takeSnapshot(sequence, health) })
  outbox.send({ type: 'finished', ...ofShard, snapshots: seconds })
  outbox.send({ type: 'released' })
  await outbox.flushed()
}

const waste = new Int32Array(new SharedArrayBuffer(4))

test.each([
  ['looks for shares that nobody holds any more', false],
  ['has told the generators to end at once', true],
])('a controller that reads for longer than a run may take reads all of it, though it %s [D4]', async (_, isStopped) => {
  const left = trial()
  await leaveBehind(left)
  const { onEvent } = left.request
  const run = await (
    await openFabric()
  ).prepare({
    ...left.request,
    resume: true,
    onEvent: (event) => {
      Atomics.wait(waste, 0, 0, perSnapshotMs)
      onEvent(event)
    },
  })
  run.start()
  if (isStopped) run.stop(0)
  const asked = run.caughtUp().then(() => left.of('snapshot').length)
  await run.ended
  expect(await asked).toBe(seconds)
  expect(left.of('snapshot')).toHaveLength(seconds)
  expect(left.of('shard-lost')).toEqual([])
  expect(left.of('shard-finished')).toMatchObject([{ snapshots: seconds }])
  await run.close()
})

test('of a run whose first events Redis keeps no longer, a controller that takes it over reads the rest, and calls no share lost', async () => {
  const left = trial()
  await leaveBehind(left)
  await redis.xtrim(runKeys(left.request.runId).events, 'MAXLEN', '=', 100)
  const run = await (await openFabric()).prepare({ ...left.request, resume: true })
  run.start()
  await run.ended
  await run.close()
  const kept = left.of('snapshot').map(({ sequence }) => sequence)
  expect(kept).toEqual(Array.from({ length: 98 }, (_, index) => seconds - 98 + index))
  expect(left.of('shard-lost')).toEqual([])
  expect(left.of('shard-finished')).toMatchObject([{ snapshots: seconds }])
})

test('a controller of another version takes no run over, and says which one could', async () => {
  const left = trial()
  await announceRun(left.request, [], {
    redis,
    shown: server.url,
    seal,
    settings: { ...fabricDefaults, url: server.url, squallVersion },
  })
  const other = await openFabric({ squallVersion: '1.2.4' })
  const refusal = {
    code: 'FABRIC_OTHER_VERSION',
    message: expect.stringMatching(/was begun by Squall 1\.2\.3, protocol \d+; this is Squall 1\.2\.4/) as string,
  }
  await expect(other.recall(left.request.runId)).rejects.toMatchObject(refusal)
  await expect(other.prepare({ ...left.request, resume: true })).rejects.toMatchObject(refusal)
})
