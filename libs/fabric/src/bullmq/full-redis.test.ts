import { RedisServer } from '@squall/testing'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { demoFleet, trial } from '../test/demo-fleet.ts'
import { isAlive, pidsIn } from '../test/processes.ts'

let server: RedisServer
let admin: Redis
beforeAll(async () => {
  server = await RedisServer.start()
  admin = new Redis(server.url)
})
afterAll(async () => {
  admin.disconnect()
  await server[Symbol.asyncDispose]()
})
beforeEach(() => setFull(false))

const { startAgent, openFabric } = demoFleet(() => server)
const setFull = (isFull: boolean): Promise<unknown> => admin.config('SET', 'maxmemory', isFull ? '1' : '0')
const waiting = { timeout: 20_000, interval: 10 }
/** As the agents themselves tell it. */
const whatLies = async (): Promise<string[]> => (await admin.keys('*')).filter((key) => !key.startsWith('squall:agent'))

test('a Redis that is full is told as that before there is a run, and nothing of one is left', async () => {
  const { request } = trial()
  await startAgent()
  const fabric = await openFabric()
  await setFull(true)
  await expect(openFabric()).rejects.toMatchObject({ code: 'FABRIC_REDIS_FULL', exitCode: 9, message: /takes nothing more: OOM/ })
  await expect(fabric.prepare(request)).rejects.toMatchObject({ code: expect.stringMatching(/FULL|NO_AGENTS/) as string })
  await setFull(false)
  await vi.waitFor(async () => expect(await whatLies()).toEqual([]), waiting)
})

test('a run whose start Redis does not take is no run', async () => {
  await startAgent()
  const { request, directory, of } = trial(60_000)
  const run = await (await openFabric()).prepare(request)
  await setFull(true)
  run.start()
  await expect(run.ended).rejects.toMatchObject({ code: 'FABRIC_REDIS_FULL' })
  await setFull(false)
  await run.close()
  expect(of('snapshot')).toEqual([])
  expect(pidsIn(directory).filter(isAlive)).toEqual([])
  expect(await whatLies()).toEqual([])
})

test('a Redis that fills up in mid-run stops the load, says so, and goes on with every number once it has room', async () => {
  const said: string[] = []
  await startAgent({ say: (text) => said.push(text) })
  const { request, directory, of, seen } = trial(60_000)
  const notices: string[] = []
  const run = await (await openFabric({ onNotice: (text) => notices.push(text) })).prepare(request)
  run.start()
  await seen('snapshot')
  const [first = 0] = pidsIn(directory)
  await setFull(true)
  await vi.waitFor(() => expect(isAlive(first)).toBe(false), waiting)
  await vi.waitFor(() => expect(notices).toContainEqual(expect.stringMatching(/takes nothing now: OOM/)), waiting)
  await setFull(false)
  await seen('snapshot', 2)
  await vi.waitFor(() => expect(notices).toContainEqual(expect.stringMatching(/takes what it is told again/)), waiting)
  run.stop(0)
  await run.ended
  await run.close()
  expect(of('shard-interrupted')).toMatchObject([
    { epoch: 1, cause: expect.stringMatching(/could not keep its share: Redis said OOM/) as string },
  ])
  expect(of('shard-finished')).toMatchObject([{ epoch: 2 }])
  for (const wanted of [1, 2]) {
    const sequences = of('snapshot').flatMap(({ epoch, sequence }) => (epoch === wanted ? [sequence] : []))
    expect(sequences).toEqual(sequences.map((_, index) => index))
  }
  // Load went on until the lease was over, and was counted although nobody could be told.
  expect(of('snapshot').filter(({ epoch }) => epoch === 1).length).toBeGreaterThan(100)
  expect(said.filter((text) => text.includes('trouble with Redis'))).toEqual([expect.stringMatching(/: OOM command not allowed/)])
  expect(said).toContain('Redis is well again')
  expect(await whatLies()).toEqual([])
})

test('a run whose Redis stays full ends by itself, and its report can be made', async () => {
  const stop = await startAgent()
  const { request, of, seen } = trial(1_500)
  const run = await (await openFabric({ leaseMs: 2_000 })).prepare(request)
  run.start()
  await seen('snapshot')
  await setFull(true)
  await run.ended
  await run.close()
  expect(of('shard-lost')).toHaveLength(1)
  // An agent that cannot tell what it counted does not keep anybody waiting either.
  await stop()
}, 40_000)
