import { PartitionProxy, RedisServer } from '@squall/testing'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { PreparedRun } from '../index.ts'
import { demoFleet, trial, type Trial } from '../test/demo-fleet.ts'
import { isAlive, pidsIn } from '../test/processes.ts'

let redis: RedisServer
beforeAll(async () => {
  redis = await RedisServer.start()
})
afterAll(() => redis[Symbol.asyncDispose]())

const { startAgent, openFabric } = demoFleet(() => redis)
const otherController = { code: 'FABRIC_OTHER_CONTROLLER', exitCode: 2 }

test('of two controllers that take a run over at once one gets it, and the other is told', async () => {
  await startAgent()
  const { request, seen } = trial(60_000)
  const first = await openFabric()
  const abandoned = await first.prepare(request)
  abandoned.start()
  await seen('snapshot')
  await first.close()
  const takers = [trial(), trial()]
  const takeOver = async (taker: Trial): Promise<PreparedRun> =>
    (await openFabric()).prepare({ ...taker.request, runId: request.runId, resume: true })
  const results = await Promise.allSettled(takers.map(takeOver))
  const taken = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
  expect(taken).toHaveLength(1)
  expect(refused).toMatchObject([otherController])
  await endOf(taken[0])
  // Each second came to one of them alone.
  expect(takers.flatMap(({ of }) => of('shard-finished'))).toHaveLength(1)
})

test('a controller that was cut off until another one took its run finds out, and leaves the run alone', async () => {
  await using proxy = await PartitionProxy.start(redis.port)
  await startAgent()
  const { request, directory, seen } = trial(60_000)
  const cutOff = await (await openFabric({ url: `redis://127.0.0.1:${proxy.port}` })).prepare(request)
  cutOff.start()
  await seen('snapshot')
  const before = pidsIn(directory)
  proxy.cut()
  const second = trial()
  const run = await (await openFabric()).prepare({ ...second.request, runId: request.runId, resume: true })
  proxy.heal()
  await expect(cutOff.ended).rejects.toMatchObject(otherController)
  await cutOff.close()
  await vi.waitFor(() => expect(second.of('snapshot').length).toBeGreaterThan(50), { timeout: 10_000 })
  expect(pidsIn(directory)).toEqual(before)
  expect(before.every(isAlive)).toBe(true)
  await endOf(run)
  expect(second.of('shard-finished')).toMatchObject([{ epoch: 1, snapshots: second.of('snapshot').length }])
})

async function endOf(run: PreparedRun | undefined): Promise<void> {
  run?.stop(0)
  await run?.ended
  await run?.close()
}
