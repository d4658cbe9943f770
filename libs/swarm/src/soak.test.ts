import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { GeneratorRecorder, RunAggregate } from '@squall/metrics'
import { FakeClock, seededRandom, sleep } from '@squall/time'
import type { ClientFactory } from '@squall/virtual-client'
import { startSwarm } from './index.ts'
import { closed, idle, planOf } from './test/rig.ts'

const tools = 50
const clients = 20
const seconds = 3_600
setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

async function usedBytes(): Promise<number> {
  // The memory behind typed arrays is given back a little later than the arrays.
  for (let round = 0; round < 3; round++) {
    collectGarbage()
    await new Promise((resolve) => setImmediate(resolve))
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** Clients that call one of fifty tools a second, now and then in vain. */
function soakingFactory(clock: FakeClock, recorder: GeneratorRecorder): ClientFactory {
  const key = { method: 'tools/call', clientKind: 'http_client', transport: 'streamable-http', phase: '' }
  const series = Array.from({ length: tools }, (_, tool) => recorder.series({ ...key, tool: `tool_${tool}` }))
  let calls = 0
  const create = (index: number): ReturnType<ClientFactory['create']> => {
    const random = seededRandom(1, index)
    return {
      clientKind: 'http_client',
      open: () => Promise.resolve(true),
      iterate: async (intendedMs) => {
        const startedMs = clock.monotonicMs()
        await sleep(clock, 5 + random.next() ** 4 * 800)
        const endedMs = clock.monotonicMs()
        const errorCode = random.next() < 0.01 ? `http.${500 + Math.floor(random.next() * 9)}` : undefined
        series[calls++ % tools]?.record(endedMs - startedMs, endedMs - intendedMs, errorCode)
        return intendedMs + 1_000
      },
      close: () => Promise.resolve(),
    }
  }
  return { scenario: 'only', weight: 1, create, retarget: () => undefined }
}

test(
  'an hour of load with fifty tools takes no more memory at its end than after a quarter of it',
  { timeout: 120_000 },
  async () => {
    const clock = new FakeClock()
    const recorder = new GeneratorRecorder()
    const aggregate = new RunAggregate()
    const plan = planOf(closed({ clients, spawnRatePerSecond: clients, durationMs: seconds * 1_000 }))
    const factories = [soakingFactory(clock, recorder)]
    const share = { index: 0, count: 1 }
    const swarm = startSwarm({ plan, share, factories, clock, random: seededRandom(1), recorder, startAtMs: 0 })
    // The timeline fills up and is then made coarser, over and over; at these seconds it is equally full.
    const used = new Map<number, number>()
    const fullAt = [880, 1_760, 3_520]
    for (let second = 0; second <= seconds; second++) {
      await clock.advance(1_000)
      aggregate.add(0, 0, second, recorder.takeSnapshot(second, idle))
      if (fullAt.includes(second)) used.set(second, await usedBytes())
    }
    expect(swarm.clientCount()).toBe(0)
    const [first = 0, , last = 0] = fullAt.map((second) => used.get(second) ?? 0)
    // Points that cover several seconds name more tools each, at most fifty: bounded, and less than a megabyte in all.
    expect(last - first).toBeLessThan(1_000_000)
    expect(aggregate.numbers().timeline.length).toBeLessThanOrEqual(960)
    const { totals, tools: byTool } = aggregate.numbers()
    expect(byTool.size).toBe(tools)
    // Each client but the first starts within the first second, and loses no beat after that.
    expect(totals.calls).toBe(clients * seconds)
  },
)
