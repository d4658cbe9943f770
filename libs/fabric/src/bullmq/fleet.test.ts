import { PartitionProxy, RedisServer } from '@squall/testing'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { demoFleet, trial, type Trial } from '../test/demo-fleet.ts'
import { demoPlan } from '../test/demo-plan.ts'
import { isAlive, pidsIn } from '../test/processes.ts'
import { fleetKeys, runKeys } from './keys.ts'
import { Seal } from './seal.ts'

let redis: RedisServer
beforeAll(async () => {
  redis = await RedisServer.start()
})
afterAll(() => redis[Symbol.asyncDispose]())

const { startAgent, openFabric } = demoFleet(() => redis)

/** Who looks at what lies in Redis, until the test is over. */
function connect(): Redis {
  const look = new Redis(redis.url)
  onTestFinished(() => look.disconnect())
  return look
}

/** A run that has made load, and whose controller is gone. */
async function abandonedRun(): Promise<Trial> {
  const abandoned = trial(60_000)
  const controller = await openFabric()
  const run = await controller.prepare(abandoned.request)
  run.start()
  await abandoned.seen('snapshot')
  await controller.close()
  return abandoned
}

test('a run without agents, or with agents of another version or secret, is told what is wrong', async () => {
  const { request } = trial()
  await expect((await openFabric()).prepare(request)).rejects.toMatchObject({
    code: 'FABRIC_NO_AGENTS',
    message: 'no agent came within 1.5 s',
  })
  const stop = await startAgent({ squallVersion: '1.2.2' })
  await expect((await openFabric()).prepare(request)).rejects.toMatchObject({
    code: 'FABRIC_OTHER_VERSION',
    problems: [{ value: expect.stringContaining('1.2.2') as string }],
  })
  await expect((await openFabric({ secret: 'x' })).prepare(request)).rejects.toMatchObject({
    code: 'FABRIC_OTHER_SECRET',
    message: expect.stringMatching(/^agent \S+ waits for work there with another secret than this program has/) as string,
  })
  await stop()
})

test('a run that wants several agents waits for them, says how many there are, and gives up after a while', async () => {
  const { request } = trial()
  const notices: string[] = []
  const options = { leastAgents: 2, onNotice: (text: string): void => void notices.push(text) }
  const patient = await openFabric({ ...options, agentPatienceMs: 20_000 })
  const counting = patient.countWorkers(request.signal)
  await startAgent()
  await vi.waitUntil(() => notices.length > 0, { timeout: 10_000 })
  await expect((await openFabric(options)).prepare(request)).rejects.toMatchObject({
    code: 'FABRIC_TOO_FEW_AGENTS',
    message: '1 of 2 agents came within 1.5 s',
  })
  await startAgent({ workers: 3 })
  expect(await counting).toBe(4)
  expect(new Set(notices)).toEqual(new Set(['1 of 2 agents are there']))
})

test('an agent obeys who has its secret, and nobody can read what travels [D8]', async () => {
  await startAgent({ secret: 'open sesame' })
  await expect((await openFabric()).prepare(trial().request)).rejects.toMatchObject({ code: 'FABRIC_OTHER_SECRET' })
  const { request, of } = trial()
  const run = await (await openFabric({ secret: 'open sesame' })).prepare(request)
  run.start()
  await run.ended
  await run.close()
  expect(of('shard-finished')).toHaveLength(1)
})

test('an agent makes load on the targets of its own list alone [D8]', async () => {
  await startAgent({ allowTargets: ['*.example.com'] })
  await expect((await openFabric()).prepare(trial().request)).rejects.toMatchObject({
    code: 'FABRIC_TARGET_NOT_ALLOWED',
    message: expect.stringMatching(
      /^agent \S+ makes no load on http:\/\/127\.0\.0\.1:1\/mcp; it allows \*\.example\.com$/,
    ) as string,
  })
})

test('an agent that is ordered to another target in mid-run lets go of the run [D8]', async () => {
  const said: string[] = []
  await startAgent({ say: (text) => said.push(text) })
  const { request, directory, seen } = trial(60_000)
  const run = await (await openFabric()).prepare(request)
  run.start()
  await seen('snapshot')
  const control = { type: 'set-target', atMs: 0, target: 'http://192.0.2.1/mcp' } as const
  expect(() => run.control(control)).toThrow(TypeError)
  const { orders } = runKeys(request.runId)
  // As whoever else can write there.
  await connect().xadd(orders, '*', 'order', new Seal(undefined).close({ type: 'control', sequence: 1, control }, orders))
  await vi.waitFor(() => expect(said.join()).toContain(`run ${request.runId} is left: `), { timeout: 10_000 })
  await vi.waitUntil(() => !pidsIn(directory).some(isAlive), { timeout: 10_000 })
  await run.close()
})

test('a run has one id and one controller, and leaves nothing in Redis but its agents', async () => {
  const stop = await startAgent()
  const { request } = trial(60_000)
  const run = await (await openFabric()).prepare(request)
  const [second, third] = await Promise.all([openFabric(), openFabric()])
  await expect(second.prepare(request)).rejects.toMatchObject({ code: 'FABRIC_RUN_EXISTS' })
  await expect(second.prepare({ ...request, resume: true })).rejects.toMatchObject({ code: 'FABRIC_OTHER_CONTROLLER' })
  expect(await third.recall(request.runId)).toMatchObject({ shards: 1, plan: request.plan })
  await run.close()
  await expect(third.recall(request.runId)).rejects.toMatchObject({ code: 'FABRIC_NO_SUCH_RUN' })
  await expect(third.prepare({ ...request, resume: true })).rejects.toMatchObject({ code: 'FABRIC_NO_SUCH_RUN' })
  await stop()
  expect(await connect().keys('*')).toEqual([])
})

test('an agent that is stopped hands its share on at once', async () => {
  const stop = await startAgent()
  const { request, of, seen } = trial(60_000)
  const notices: string[] = []
  const run = await (await openFabric({ onNotice: (text) => notices.push(text) })).prepare(request)
  run.start()
  await seen('snapshot')
  await startAgent()
  await stop()
  await seen('snapshot', 2)
  expect(of('shard-interrupted')).toMatchObject([{ epoch: 1, cause: expect.stringMatching(/^agent .* was stopped$/) as string }])
  expect(notices).toContainEqual(expect.stringMatching(/takes over shard 0$/))
  run.stop(0)
  await run.ended
  await run.close()
  expect(of('shard-finished')).toMatchObject([{ epoch: 2 }])
})

test('an agent that is cut off stops its load before another one takes its share, and what it had counted still comes', async () => {
  await using proxy = await PartitionProxy.start(redis.port)
  await startAgent({ url: `redis://127.0.0.1:${proxy.port}` })
  const { request, directory, of, seen } = trial(60_000)
  const run = await (await openFabric()).prepare(request)
  run.start()
  await seen('snapshot')
  await startAgent()
  const [cutOff = 0] = pidsIn(directory)
  proxy.cut()
  await vi.waitUntil(() => pidsIn(directory)[0] !== cutOff, { timeout: 15_000, interval: 5 })
  expect(isAlive(cutOff)).toBe(false)
  await seen('snapshot', 2)
  proxy.heal()
  run.stop(0)
  await run.ended
  // Everything of the first epoch without a hole, although most of it was counted while nothing came through.
  await vi.waitFor(() => expect(of('snapshot').filter(({ epoch }) => epoch === 1).length).toBeGreaterThan(50), {
    timeout: 10_000,
  })
  const sequences = of('snapshot').flatMap(({ epoch, sequence }) => (epoch === 1 ? [sequence] : []))
  expect(sequences).toEqual(sequences.map((_, index) => index))
  await run.close()
})

test('a Redis that is killed and comes back within the lease is not noticed in the numbers', async () => {
  await startAgent()
  const { request, of, seen } = trial(60_000)
  const run = await (await openFabric({ leaseMs: 8_000 })).prepare(request)
  run.start()
  await seen('snapshot')
  await redis.kill()
  const before = of('snapshot').length
  await redis.start()
  await vi.waitFor(() => expect(of('snapshot').length).toBeGreaterThan(before + 50), { timeout: 15_000 })
  run.stop(0)
  await run.ended
  await run.close()
  const sequences = of('snapshot').map(({ sequence }) => sequence)
  expect(sequences).toEqual(sequences.map((_, index) => index))
  expect(of('shard-interrupted')).toEqual([])
  expect(of('shard-finished')).toMatchObject([{ epoch: 1, snapshots: sequences.length }])
})

test('load ends by itself when no controller is there for too long, and whoever takes the run over is told [D4]', async () => {
  await startAgent({ deadManMs: 500 })
  const { request, directory } = await abandonedRun()
  await vi.waitUntil(() => !pidsIn(directory).some(isAlive), { timeout: 15_000 })
  const second = trial()
  const run = await (await openFabric()).prepare({ ...second.request, runId: request.runId, resume: true })
  await run.ended
  expect(second.of('shard-lost')).toMatchObject([{ cause: 'no controller for 0.5 s' }])
  expect(second.of('snapshot').length).toBeGreaterThan(10)
  await run.close()
})

test('who comes to a run that was abandoned makes no load before somebody takes the run over', async () => {
  const stop = await startAgent()
  const { request, directory } = await abandonedRun()
  await stop()
  const look = connect()
  const { controller } = runKeys(request.runId)
  await vi.waitUntil(async () => (await look.exists(controller)) === 0, { timeout: 10_000 })
  const said: string[] = []
  await startAgent({ say: (text) => said.push(text) })
  await vi.waitUntil(() => said.includes(`run ${request.runId} has begun`))
  // Four times as long as between two looks for shares.
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  expect(pidsIn(directory).filter(isAlive)).toEqual([])
  const second = trial()
  const run = await (await openFabric()).prepare({ ...second.request, runId: request.runId, resume: true })
  await second.seen('snapshot', 2)
  run.stop(0)
  await run.ended
  await run.close()
})

test('what nobody ended is removed by the first agent that comes when its time is over', async () => {
  const stop = await startAgent()
  const { request } = trial(60_000)
  const first = await openFabric()
  await first.prepare(request)
  await first.close()
  await stop()
  const look = connect()
  const { plan, prefix, controller } = runKeys(request.runId)
  // As Redis does by itself a day later.
  await look.unlink(plan, controller)
  expect(await look.hexists(fleetKeys.active, request.runId)).toBe(1)
  await startAgent()
  await vi.waitUntil(async () => (await look.keys(`${prefix}*`)).length === 0, { timeout: 5_000 })
  expect(await look.hexists(fleetKeys.active, request.runId)).toBe(0)
})

test('an agent that is lost before the start costs a while, and no load: another one takes what it was dealt', async () => {
  await using proxy = await PartitionProxy.start(redis.port)
  const notices: string[] = []
  await startAgent({ url: `redis://127.0.0.1:${proxy.port}` })
  const { request, directory, of } = trial(300, 2)
  const fabric = await openFabric({ onNotice: (text) => notices.push(text), leaseMs: 2_000 })
  const preparing = fabric.prepare({ ...request, plan: demoPlan(300, { directory, behaviours: { 0: 'silent-at-first' } }) })
  await vi.waitUntil(() => pidsIn(directory).length === 2, { timeout: 10_000 })
  proxy.cut()
  await startAgent({ workers: 2 })
  const run = await preparing
  run.start()
  await run.ended
  await run.close()
  expect(of('shard-finished').map(({ epoch }) => epoch)).toEqual([2, 2])
  expect(of('shard-interrupted')).toEqual([])
  for (const shard of [0, 1]) expect(notices).toContainEqual(expect.stringMatching(`takes over shard ${shard}$`))
})

test('a run that does not become ready says whose doing that is', async () => {
  await startAgent()
  const { request, directory } = trial(100, 2)
  const plan = demoPlan(100, { directory, behaviours: { 1: 'silent' } })
  await expect((await openFabric({ readyTimeoutMs: 1_500 })).prepare({ ...request, plan })).rejects.toMatchObject({
    code: 'FABRIC_GENERATOR_DID_NOT_START',
    problems: expect.arrayContaining([
      expect.objectContaining({ where: 'shard 1', value: expect.stringMatching(/^agent \S+ prepares it$/) as string }),
    ]) as unknown,
  })
})

test('an agent of another version that comes in mid-run takes no part, and the run is told', async () => {
  await startAgent()
  const { request, of, seen } = trial(60_000)
  const notices: string[] = []
  const run = await (await openFabric({ onNotice: (text) => notices.push(text) })).prepare(request)
  run.start()
  await seen('snapshot')
  await startAgent({ squallVersion: '1.2.2' })
  await startAgent({ secret: 'another' })
  await vi.waitFor(() => expect(notices).toContainEqual(expect.stringMatching(/runs Squall 1\.2\.2, the controller 1\.2\.3$/)), {
    timeout: 10_000,
  })
  const late = await startAgent()
  await vi.waitFor(() => expect(run.agents?.()).toHaveLength(2), { timeout: 10_000 })
  // Who came and went is still seen, although a stranger is there.
  await late()
  await vi.waitFor(() => expect(notices).toContainEqual(expect.stringMatching(/^\[\d+ s\] agent \S+ has left$/)), {
    timeout: 10_000,
  })
  run.stop(0)
  await run.ended
  await run.close()
  expect(of('shard-finished')).toMatchObject([{ epoch: 1 }])
})

test('an agent that is told to stop while Redis is away does so within seconds, and leaves no generator behind', async () => {
  const stop = await startAgent()
  const { request, directory, seen } = trial(60_000)
  const run = await (await openFabric()).prepare(request)
  run.start()
  await seen('snapshot')
  await redis.kill()
  const askedAtMs = performance.now()
  await stop()
  expect(performance.now() - askedAtMs).toBeLessThan(6_000)
  await vi.waitFor(() => expect(pidsIn(directory).filter(isAlive)).toEqual([]), { timeout: 5_000 })
  await redis.start()
  run.stop(0)
  await run.ended
  await run.close()
})
