import { execFileSync } from 'node:child_process'
import { RedisServer } from '@squall/testing'
import { systemClock, type Clock } from '@squall/time'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
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

/** Those that the agents of this process have started. */
function generators(): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'ppid=,pid=,args='], { encoding: 'utf8' }).trim().split('\n')
  return lines.flatMap((line) => {
    const [, parent, pid] = /^\s*(\d+)\s+(\d+) .*demo-generator/.exec(line) ?? []
    return Number(parent) === process.pid ? [Number(pid)] : []
  })
}
