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
  return { scenario: 'only', weight: 1, create }
}

test(
  'an hour of load takes no more memory than ten minutes, but for a point of the timeline each second',
  { timeout: 60_000 },
  async () => {
    const clock = new FakeClock()
    const recorder = new GeneratorRecorder()
    const aggregate = new RunAggregate()
    const plan = planOf(closed({ clients, spawnRatePerSecond: clients, durationMs: seconds * 1_000 }))
    const factories = [soakingFactory(clock, recorder)]
    const share = { index: 0, count: 1 }
    const swarm = startSwarm({ plan, share, factories, clock, random: seededRandom(1), recorder, startAtMs: 0 })
    let afterTenMinutes = 0
    for (let second = 0; second <= seconds; second++) {
      await clock.advance(1_000)
      aggregate.add(0, 0, second, recorder.takeSnapshot(second, idle))
      if (second === 600) afterTenMinutes = await usedBytes()
    }
    const grownPerSecond = ((await usedBytes()) - afterTenMinutes) / (seconds - 600)
    expect(swarm.clientCount()).toBe(0)
    // A point holds a number for each tool that was called in its second; measured at about 900 bytes.
    expect(grownPerSecond).toBeLessThan(2_000)
    const { totals, tools: byTool } = aggregate.numbers()
    expect(byTool.size).toBe(tools)
    // Each client but the first starts within the first second, and loses no beat after that.
    expect(totals.calls).toBe(clients * seconds)
  },
)
