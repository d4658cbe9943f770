import { RunAggregate } from '@squall/metrics'
import { expect, test } from 'vitest'
import { demoSnapshot, many } from '../test/demo-snapshot.ts'
import type { LevelMeasurement } from './measure-level.ts'
import { toCapacity, type CapacityFacts } from './to-capacity.ts'

/** A level of so many clients on a pool of eight, 50 ms a call. */
function level(load: number, changes: Partial<LevelMeasurement> = {}): LevelMeasurement {
  const ms = 50 * Math.max(1, load / 8)
  const aggregate = new RunAggregate()
  aggregate.add(0, 1, 0, demoSnapshot(0, many(Math.round((load * 1000) / ms), { ms })))
  return {
    type: 'measure',
    load,
    strain: ms / 300,
    windows: [{ strain: ms / 305 }, { strain: ms / 295 }],
    numbers: aggregate.numbers(1),
    steadySeconds: 15,
    droppedSeconds: 5,
    isSteady: true,
    longestSilenceSeconds: 0,
    wasCut: false,
    generatorTrouble: [],
    target: {
      poolUse: Math.min(1, load / 8),
      poolSize: 8,
      poolWaitMs: ms - 50,
      poolHeldSeconds: 0.05,
      warehouseRunMs: 40,
      residentBytes: 1_000_000 + 2000 * load,
      cpuUse: 0.2,
    },
    ...changes,
  }
}

const levels = [1, 2, 4, 8, 16, 32, 64, 48, 50].map((load) => level(load))
const facts: CapacityFacts = {
  search: { levels, end: { type: 'found', load: 48, broken: level(50) } },
  run: {
    pack: 'heavy',
    target: 'http://h/mcp',
    startedAt: '2026-01-01T00:00:00.000Z',
    durationSeconds: 100,
    workers: 1,
    seed: 1,
    squallVersion: '1',
    nodeVersion: '24',
    machine: { cpuModel: 'x', cpuCount: 2, memoryBytes: 1, platform: 'linux' },
  },
  slo: 'p95<300ms',
  model: 'closed',
  isPaced: false,
  wish: { clients: 1000, headroom: 0.3 },
  creditsPerHour: 1,
  notes: [],
}

test('a pool that is the bound, a plan with pools and memory and credits, and what it takes for granted [C4]', () => {
  const capacity = toCapacity(facts)
  expect(capacity).toMatchObject({ verdict: 'found', reasons: [], bound: { by: 'pool' }, knee: { clients: 8 } })
  expect(capacity.maximum).toMatchObject({ load: 48, clients: 48, isAtLeast: false })
  expect(capacity.plan).toMatchObject({ instances: 28, poolSize: 11, memoryBytes: Math.round((2000 * 1300) / 28) })
  expect(capacity.plan?.creditsPerThousandCalls).toBeCloseTo((1 / 3600 / 160) * 1000, 4)
  expect(capacity.sentence).toContain(
    'bound by its connection pool. For 1000 clients with 30 % of headroom run 28 instances with pools of 11, at',
  )
  expect(capacity.assumptions.length).toBe(5)
  expect(capacity.pools).toEqual([
    { poolSize: 16, clients: 96, boundBy: 'pool' },
    { poolSize: 32, clients: 192, boundBy: 'pool' },
  ])
  expect(capacity.littlesLaw.every(({ holds }) => holds)).toBe(true)
  expect(capacity.whatIf.map(({ clients }) => clients)).toEqual([
    500, 500, 500, 1000, 1000, 1000, 2000, 2000, 2000, 5000, 5000, 5000,
  ])
})

test('one client is one client', () => {
  const search: CapacityFacts['search'] = { levels: [level(1), level(2)], end: { type: 'found', load: 1, broken: level(2) } }
  const { sentence } = toCapacity({ ...facts, search, wish: { clients: 1, headroom: 0 } })
  expect(sentence).toMatch(/^The server carries 1 client \(/)
  expect(sentence).toContain('For 1 client without headroom run 1 instance')
  const { reasons } = toCapacity({ ...facts, search: { levels: [level(1)], end: { type: 'found', load: 1, broken: undefined } } })
  expect(reasons).toEqual(['no limit was found: even 1 client keeps the SLO, and no more were to be tried'])
})

test('what is not known is not made up', () => {
  const bare = levels.map((one) => ({ ...one, target: {} }))
  const { plan, bound, sentence, assumptions } = toCapacity({ ...facts, search: { ...facts.search, levels: bare } })
  expect(plan).toMatchObject({ poolSize: null, memoryBytes: null, creditsPerThousandCalls: null })
  expect(bound).toEqual({ by: 'unknown', evidence: ['the target tells nothing of its resources'] })
  expect(sentence).toContain('what bounds it is not known')
  expect(assumptions.length).toBe(2)
})

test('a generator in trouble makes it inconclusive, with what was seen before', () => {
  const at = level(16, { generatorTrouble: ['a generator process used over 90 % of a core'] })
  const capacity = toCapacity({ ...facts, search: { levels: [...levels.slice(0, 4), at], end: { type: 'generator', at } } })
  expect(capacity).toMatchObject({ verdict: 'inconclusive', bound: { by: 'generator' }, maximum: { isAtLeast: true } })
  expect(capacity.reasons).toEqual([
    'the generator was the bottleneck at 16 clients; give it more workers, or a machine to itself',
  ])
  expect(capacity.sentence).toMatch(/; the search ended before more could be said\.$/)
  // Nobody shall buy instances for what a search had not yet tried.
  expect(capacity).toMatchObject({ plan: null, whatIf: [], pools: [] })
})

test('a load that the generator could not make was not carried', () => {
  const at = level(32, { generatorTrouble: ['a generator process used over 90 % of a core'] })
  const { maximum } = toCapacity({ ...facts, search: { levels: [...levels.slice(0, 5), at], end: { type: 'generator', at } } })
  expect(at.strain).toBeLessThan(1)
  expect(maximum).toMatchObject({ load: 16, isAtLeast: true })
})

test('no row of the table of plans stands there twice', () => {
  const { whatIf } = toCapacity({ ...facts, wish: { clients: 1, headroom: 1 } })
  expect(whatIf.map(({ clients, headroom }) => [clients, headroom])).toEqual(
    [1, 2, 5].flatMap((clients) => [0, 0.5, 1].map((headroom) => [clients, headroom])),
  )
})

test('rates instead of clients: no plan, since a rate does not say how many clients there are', () => {
  const capacity = toCapacity({ ...facts, model: 'open' })
  expect(capacity).toMatchObject({ plan: null, whatIf: [], littlesLaw: [], maximum: { load: 48, clients: null } })
  expect(capacity.sentence).toMatch(/^The server carries 48 arrivals a second/)
  // The law is of clients at once: a straight line of arrivals would be read as a server that scales without end.
  expect(capacity).toMatchObject({ usl: null, uslRefused: 'it is a law of clients at once, and an open pack has arrivals' })
})

test('a paced pack is not held to a pause that it does not have, and a level that was cut is no point of the curve', () => {
  expect(toCapacity({ ...facts, isPaced: true }).littlesLaw).toEqual([])
  const cut = [...levels, level(500, { wasCut: true, strain: Number.POSITIVE_INFINITY })]
  const { usl, levels: shown } = toCapacity({ ...facts, search: { ...facts.search, levels: cut } })
  expect(usl).toEqual(toCapacity(facts).usl)
  expect(shown.at(-1)).toMatchObject({ load: 500, strain: null, meetsSlo: false })
})

test('a level under which no call was answered has no times', () => {
  const nothing = level(1, { numbers: new RunAggregate().numbers(0), strain: Number.POSITIVE_INFINITY })
  const capacity = toCapacity({ ...facts, search: { levels: [nothing], end: { type: 'none', broken: nothing } } })
  expect(capacity.levels[0]).toMatchObject({ p50: null, serviceMeanMs: null, callsPerSecond: 0, errorRatio: 0 })
  expect(capacity.sentence).toBe(
    'No load was found under which p95<300ms holds: no call was answered while 1 client was there; where clients pause for so long, hold levels for longer (--steady).',
  )
})
