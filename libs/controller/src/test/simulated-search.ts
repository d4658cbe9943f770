import type { Fabric } from '@squall/fabric'
import type { Capacity } from '@squall/report'
import { FakeClock, seededRandom } from '@squall/time'
import { findCapacity, type LevelEvent } from '../capacity/find-capacity.ts'
import { parseSlo, type Slo } from '../capacity/slo.ts'
import { toCapacity } from '../capacity/to-capacity.ts'
import { demoPlan } from './demo-plan.ts'
import { createSimulatedFabric } from './simulated-fabric.ts'
import { simulateClosed, type SimulatedLimits } from './simulated-server.ts'

export interface LimitKind {
  readonly name: string
  readonly limits: SimulatedLimits
  /** Clients it carries at a p95 of 400 ms and 1 % failed, by arithmetic. */
  readonly expected: number
  /** Whether a search is short enough for a test. */
  readonly isQuick?: boolean
}

export const limitKinds: readonly LimitKind[] = [
  { name: 'eight slots of 100 ms', limits: { slots: 8, serviceMs: 100 }, expected: 32, isQuick: true },
  { name: 'a lock of 21 ms', limits: { slots: 1000, serviceMs: 60, lockMs: 21 }, expected: 19 },
  { name: 'agreeing, 5 ms with each other client', limits: { slots: 1000, serviceMs: 100, agreeingMs: 5 }, expected: 54 },
  { name: 'memory used up by 48 clients', limits: { slots: 1000, serviceMs: 100, cliffAt: 48, cliffFactor: 10 }, expected: 48 },
  { name: '100 calls a second', limits: { slots: 1000, serviceMs: 250, ratePerSecond: 100 }, expected: 25, isQuick: true },
]

const slo = parseSlo('p95<400ms,failed<1%') as Slo
const pack = { ...demoPlan, model: { type: 'closed', clients: 1, spawnRatePerSecond: 100, durationMs: 1000 } } as const

export interface SearchChanges {
  readonly most?: number
  /** Stops as a user would, after so many events. */
  readonly stopAfter?: number
  /** After so many levels the target is gone. */
  readonly lostAfter?: number
  /** What the target tells of itself. */
  readonly metrics?: string
}

export interface SimulatedSearch {
  readonly capacity: Capacity
  readonly events: readonly LevelEvent[]
}

/** A whole search on simulated clients and a clock that runs as fast as it can. */
export async function searchSimulated(
  fabricOf: (clock: FakeClock) => Fabric,
  reportDirectory: string,
  changes: SearchChanges = {},
): Promise<SimulatedSearch> {
  const clock = new FakeClock()
  const events: LevelEvent[] = []
  const leaving = new AbortController()
  const over = new AbortController()
  let probes = 0
  const found = findCapacity({
    pack,
    slo,
    windowSeconds: 3,
    settleSeconds: 3,
    steadySeconds: 12,
    confirmSeconds: 24,
    search: { least: 1, most: changes.most ?? 1000, step: 1 },
    fetchMetrics: changes.metrics === undefined ? undefined : async () => changes.metrics ?? '',
    onLevel: (event) => {
      events.push(event)
      if (changes.stopAfter !== undefined && events.length >= changes.stopAfter) leaving.abort(new Error('stopped'))
    },
    surroundings: {
      workers: 1,
      fabric: fabricOf(clock),
      clock,
      probe: async () => {
        probes += 1
        return probes > (changes.lostAfter ?? probes) ? { type: 'unreachable', detail: 'connect ECONNREFUSED' } : { type: 'mcp' }
      },
      reportDirectory,
      squallVersion: '1.2.3',
      signal: leaving.signal,
      onProgress: () => undefined,
    },
  }).finally(() => {
    over.abort()
  })
  found.catch(() => undefined)
  while (!over.signal.aborted) {
    await clock.advance(1000)
    await new Promise(setImmediate)
  }
  const machine = { cpuModel: 'x', cpuCount: 1, memoryBytes: 1, platform: 'linux x64' }
  const run = {
    pack: 'demo',
    target: 'http://h/mcp',
    startedAt: '',
    durationSeconds: 1,
    workers: 1,
    seed: 1,
    squallVersion: '1',
    nodeVersion: '24',
    machine,
  }
  const facts = {
    search: await found,
    run,
    slo: slo.text,
    model: 'closed',
    isPaced: false,
    creditsPerHour: undefined,
    notes: [],
  } as const
  return { capacity: toCapacity({ ...facts, wish: { clients: 100, headroom: 0.3 } }), events }
}

/** A fabric whose clients meet a server with these limits. */
export const onServer =
  (limits: SimulatedLimits, seed = 1) =>
  (clock: FakeClock): Fabric => {
    const random = seededRandom(seed)
    return createSimulatedFabric(clock, ({ model }, seconds) =>
      simulateClosed(limits, model.type === 'closed' ? model.clients : 0, seconds, random),
    )
  }

/** The most clients under which the SLO holds, by simulating each number near the one expected for two minutes. */
export function truthOf(limits: SimulatedLimits, expected: number): number {
  const random = seededRandom(99)
  const keeps = (clients: number): boolean => {
    const calls = simulateClosed(limits, clients, 120, random).slice(10).flat()
    const times = calls.map(({ ms = 0 }) => ms).toSorted((a, b) => a - b)
    const failed = calls.filter(({ error }) => error !== undefined).length / calls.length
    return (times[Math.ceil(times.length * 0.95) - 1] ?? 0) <= 400 && failed < 0.01
  }
  const near = Array.from({ length: Math.ceil(expected * 0.4) + 2 }, (_, index) => Math.floor(expected * 0.8) + index)
  return near.findLast(keeps) ?? 0
}
