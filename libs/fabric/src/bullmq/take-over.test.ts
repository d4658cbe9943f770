import { execFileSync } from 'node:child_process'
import { PartitionProxy, RedisServer } from '@squall/testing'
import { systemClock, type Clock } from '@squall/time'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { demoFleet, trial } from '../test/demo-fleet.ts'
import { isAlive, pidsIn } from '../test/processes.ts'

let redis: RedisServer
beforeAll(async () => {
  redis = await RedisServer.start()
})
afterAll(() => redis[Symbol.asyncDispose]())

const { startAgent, openFabric } = demoFleet(() => redis)

/** A clock whose timers can be held, as those of a frozen process are. */
function freezableClock(): { readonly clock: Clock; readonly freeze: () => void; readonly thaw: () => void } {
  const held: (() => void)[] = []
  let isFrozen = false
  return {
    clock: {
      ...systemClock,
      at: (dueMs, callback) => {
        let isCancelled = false
        const call = (): void => void (isCancelled || callback())
        const timer = systemClock.at(dueMs, () => void (isFrozen ? held.push(call) : call()))
        return {
          cancel: () => {
            isCancelled = true
            timer.cancel()
          },
        }
      },
    },
    freeze: () => void (isFrozen = true),
    thaw: () => {
      isFrozen = false
      for (const call of held.splice(0)) call()
    },
  }
}

test('an agent that wakes within its lease, but later than it may be sure of it, has its share gone on with', async () => {
  const { clock, freeze, thaw } = freezableClock()
  await startAgent({ clock })
  const { request, directory, of, seen } = trial(60_000)
  const run = await (await openFabric()).prepare(request)
  run.start()
  await seen('snapshot')
  const [generator = 0] = pidsIn(directory)
  process.kill(generator, 'SIGSTOP')
  freeze()
  // After 60 % of the lease the agent is to kill the generator; after all of it Redis would give the share away.
  await new Promise((resolve) => setTimeout(resolve, 2_100))
  thaw()
  process.kill(generator, 'SIGCONT')
  await seen('snapshot', 2)
  expect(of('shard-lost')).toEqual([])
  expect(of('shard-interrupted')).toMatchObject([{ epoch: 1, cause: expect.stringContaining('was frozen') as string }])
  run.stop(0)
  await run.ended
  await run.close()
})

test('a lost share goes on in a generator that has waited for it, and none is left behind', async () => {
  const stop = await startAgent()
  const { request, directory, seen } = trial(60_000)
  const run = await (await openFabric()).prepare(request)
  run.start()
  await seen('snapshot')
  await vi.waitUntil(() => generators().length === 2)
  const before = generators()
  const stopOther = await startAgent()
  await vi.waitUntil(() => generators().length === 3)
  const spare = generators().find((pid) => !before.includes(pid))
  await stop()
  await seen('snapshot', 2)
  expect(pidsIn(directory)).toEqual([spare])
  run.stop(0)
  await run.ended
  await run.close()
  await stopOther()
  expect(generators().filter(isAlive)).toEqual([])
})

test('who takes a run over knows how it was steered, and steers it on [D4]', async () => {
  await startAgent()
  const { request, of, seen } = trial(60_000)
  const first = await openFabric()
  const abandoned = await first.prepare(request)
  expect(abandoned.past).toBeUndefined()
  abandoned.start()
  await seen('snapshot')
  const resumedAtWallMs = Date.now() + 200
  const controls = [
    { type: 'pause', atMs: 40 },
    { type: 'resume', atWallMs: resumedAtWallMs },
    { type: 'reset-numbers', fromSecond: 3 },
    { type: 'set-clients', atMs: 20, clients: 5 },
  ] as const
  for (const control of controls) abandoned.control(control)
  await vi.waitUntil(() => of('snapshot').at(-1)?.snapshot.counters.clientsFinished === 5, { timeout: 10_000 })
  await first.close()
  const second = trial()
  const run = await (await openFabric()).prepare({ ...second.request, runId: request.runId, resume: true })
  const [pause, , reset, set] = controls
  // Both ways through the clock of Redis.
  const resume = { type: 'resume', atWallMs: expect.closeTo(resumedAtWallMs, -2) as number }
  expect(run.past).toEqual({ controls: [pause, resume, reset, set] })
  run.start()
  run.control({ type: 'set-rate', atMs: 30, factor: 2 })
  const counters = () => second.of('snapshot').at(-1)?.snapshot.counters
  await vi.waitFor(() => expect(counters()).toMatchObject({ sessionsOpened: 40, clientsFinished: 2_005 }), { timeout: 10_000 })
  run.stop(0)
  await run.ended
  await run.close()
})

test('a run that was stopped when its controller was lost is not begun anew by the next one', async () => {
  await startAgent()
  const { request, of, seen } = trial(60_000)
  const first = await openFabric()
  const abandoned = await first.prepare(request)
  abandoned.start()
  await seen('snapshot')
  abandoned.stop(0)
  const stoppedAtWallMs = Date.now()
  await vi.waitUntil(() => of('shard-finished').length === 1, { timeout: 10_000 })
  await first.close()
  const second = trial()
  const run = await (await openFabric()).prepare({ ...second.request, runId: request.runId, resume: true })
  expect(run.past).toEqual({ controls: [], stoppedAtWallMs: expect.closeTo(stoppedAtWallMs, -2) as number })
  await run.ended
  expect(second.of('shard-finished')).toMatchObject([{ epoch: 1 }])
  await run.close()
})

test('a run whose controller was lost before it told anybody of T0 gets another one, and makes all of its load', async () => {
  await startAgent()
  const { request } = trial(300)
  const first = await openFabric()
  const abandoned = await first.prepare(request)
  abandoned.start()
  // Before it can tell.
  await first.close()
  const second = trial()
  const run = await (await openFabric()).prepare({ ...second.request, runId: request.runId, plan: request.plan, resume: true })
  expect(run.start()).toBeGreaterThan(Date.now())
  await run.ended
  expect(second.of('shard-finished')).toMatchObject([{ epoch: 1 }])
  expect(second.of('snapshot')[0]).toMatchObject({ sequence: 0, snapshot: { second: 0 } })
  await run.close()
})

test('a run that is given up while its controller cannot reach Redis is not closed before its agents are told', async () => {
  const stop = await startAgent()
  const proxy = await PartitionProxy.start(redis.port)
  onTestFinished(() => proxy[Symbol.asyncDispose]())
  const { request, directory, seen } = trial(60_000)
  const notices: string[] = []
  const patient = { farewellMs: 60_000, onNotice: (text: string): void => void notices.push(text) }
  const run = await (await openFabric({ url: `redis://127.0.0.1:${proxy.port}`, ...patient })).prepare(request)
  run.start()
  await seen('snapshot')
  proxy.cut()
  let isClosed = false
  const closed = run.close().then(() => (isClosed = true))
  await vi.waitFor(() => expect(notices.at(-1)).toMatch(/^agents cannot be told that the run is over: Redis does not take it/), {
    timeout: 10_000,
  })
  // Longer than whatever else is waited for when a run is closed.
  await new Promise((resolve) => setTimeout(resolve, 7_000))
  expect([isClosed, pidsIn(directory).some(isAlive)]).toEqual([false, true])
  proxy.heal()
  await closed
  expect(pidsIn(directory).some(isAlive)).toBe(false)
  await stop()
})

/** Those that the agents of this process have started. */
function generators(): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'ppid=,pid=,args='], { encoding: 'utf8' }).trim().split('\n')
  return lines.flatMap((line) => {
    const [, parent, pid] = /^\s*(\d+)\s+(\d+) .*demo-generator/.exec(line) ?? []
    return Number(parent) === process.pid ? [Number(pid)] : []
  })
}
