import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chooseByWeight, chooseScenarios, type ScenarioPlan } from './index.ts'

const counted = (weights: readonly number[], indices: readonly number[]): number[] => {
  const choose = chooseByWeight(weights)
  const counts = weights.map(() => 0)
  for (const index of indices) counts[choose(index)] = (counts[choose(index)] ?? 0) + 1
  return counts
}
const upTo = (count: number, step = 1, first = 0): number[] => Array.from({ length: count }, (_, index) => first + index * step)
const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)

test('three hundred clients of weights 3, 2 and 1 are exactly 150, 100 and 50', () => {
  expect(counted([3, 2, 1], upTo(300))).toEqual([150, 100, 50])
})

test('fractional weights are kept exactly as well', () => {
  expect(counted([0.35, 0.65], upTo(2_000))).toEqual([700, 1_300])
  expect(counted([0.1, 0.2, 0.7], upTo(10))).toEqual([1, 2, 7])
})

test('a scenario of weight 0 is never played, a single one always', () => {
  expect(counted([0, 5], upTo(50))).toEqual([0, 50])
  expect(counted([0.3], upTo(50))).toEqual([50])
})

test('any first few clients are as near to the weights as whole clients can be', () => {
  const weights = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(weights, fc.integer({ min: 1, max: 400 }), (weights, clients) => {
      const total = sum(weights)
      counted(weights, upTo(clients)).forEach((count, scenario) =>
        expect(Math.abs(count - (clients * (weights[scenario] ?? 0)) / total)).toBeLessThan(weights.length),
      )
    }),
  )
})

test('every shard gets its share of each scenario, also where their numbers have a common measure', () => {
  for (const shards of [2, 3, 4, 5, 8])
    for (const weights of [
      [1, 1],
      [3, 1],
      [1, 1, 1, 1],
      [5, 3, 2],
    ])
      for (let shard = 0; shard < shards; shard++) {
        const share = 1_000 / sum(weights)
        counted(weights, upTo(1_000, shards, shard)).forEach((count, scenario) =>
          expect(Math.abs(count / (share * (weights[scenario] ?? 1)) - 1)).toBeLessThan(0.1),
        )
      }
})

test('weights without a small common measure are kept to a thousandth, and none is lost', () => {
  const counts = counted([Math.PI, Math.E, 0.0001], upTo(100_000))
  expect((counts[0] ?? 0) / 100_000).toBeCloseTo(Math.PI / (Math.PI + Math.E), 2)
  expect(counts[2]).toBeGreaterThan(0)
  expect(counted([1_000_000, 999_999], upTo(1_000))).toEqual([500, 500])
})

const scenario = (weight: number, fixedClients?: number): ScenarioPlan => ({
  name: '',
  weight,
  client: { clientKind: '', transport: 'stdio', protocolVersion: '', headers: {} },
  flow: [],
  ...(fixedClients !== undefined && { fixedClients }),
})
const closedModel = { type: 'closed', clients: 10, spawnRatePerSecond: 1, durationMs: 1 } as const

test('exactly so many clients run a scenario with a fixed number, the others by weight', () => {
  const choose = chooseScenarios({ model: closedModel, scenarios: [scenario(1), scenario(9, 2), scenario(1)] })
  const chosen = Array.from({ length: 10 }, (_, index) => choose(index))
  expect(chosen.map((index) => index === 1)).toEqual([true, true, ...Array.from({ length: 8 }, () => false)])
  expect(chosen.filter((index) => index === 0)).toHaveLength(4)
})

test('where all scenarios have a fixed number, further clients go by weight again', () => {
  const choose = chooseScenarios({ model: closedModel, scenarios: [scenario(1, 1), scenario(1, 1)] })
  expect(Array.from({ length: 6 }, (_, index) => choose(index)).toSorted((a, b) => a - b)).toEqual([0, 0, 0, 1, 1, 1])
})

test('arrivals know no fixed numbers', () => {
  const choose = chooseScenarios({ model: { type: 'open', phases: [] }, scenarios: [scenario(1), scenario(1, 5)] })
  expect(new Set([0, 1, 2, 3].map(choose))).toEqual(new Set([0, 1]))
})
