import fc from 'fast-check'
import { expect, test } from 'vitest'
import { indicesOfShare, isBeyondPlan, payloadRow, turnOf, type ClosedModel, type PayloadPlan } from './index.ts'

const payloadOf = (order: PayloadPlan['order'], count: number): PayloadPlan => ({
  fields: ['row'],
  rows: Array.from({ length: count }, (_, row) => [row]),
  order,
})
const closed = (clients: number): ClosedModel => ({ type: 'closed', clients, spawnRatePerSecond: 1, durationMs: 1000 })

/** Every row that the clients of all shards take in so many iterations each, shard by shard. */
function takenBy(
  payload: PayloadPlan,
  { clients, shards, iterations }: Record<'clients' | 'shards' | 'iterations', number>,
): number[] {
  const model = closed(clients)
  const taken: number[] = []
  for (let shard = 0; shard < shards; shard++)
    for (const index of indicesOfShare({ index: shard, count: shards }, clients))
      for (let iteration = 0; iteration < iterations; iteration++) {
        const row = payloadRow(payload, turnOf(model, index, iteration), 1)
        if (row !== undefined) taken.push(row)
      }
  return taken
}

const run = fc.record({
  clients: fc.integer({ min: 1, max: 40 }),
  shards: fc.integer({ min: 1, max: 7 }),
  iterations: fc.integer({ min: 1, max: 12 }),
})

test('over any number of shards no unique row is taken twice, and none is lost while anybody still asks', () => {
  fc.assert(
    fc.property(run, fc.integer({ min: 1, max: 300 }), (parts, count) => {
      const taken = takenBy(payloadOf('unique', count), parts)
      expect(new Set(taken).size).toBe(taken.length)
      expect(taken).toHaveLength(Math.min(count, parts.clients * parts.iterations))
    }),
  )
})

test('over any number of shards rows in sequence come equally often, but for the last round', () => {
  fc.assert(
    fc.property(run, fc.integer({ min: 1, max: 50 }), (parts, count) => {
      const times = Array.from({ length: count }, () => 0)
      for (const row of takenBy(payloadOf('sequence', count), parts)) times[row] = (times[row] ?? 0) + 1
      expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(1)
    }),
  )
})

test('an arrival takes the row of its number', () => {
  const model = { type: 'open', phases: [] } as const
  expect([0, 1, 2, 3].map((index) => payloadRow(payloadOf('unique', 3), turnOf(model, index, 0), 1))).toEqual([
    0,
    1,
    2,
    undefined,
  ])
  expect(isBeyondPlan(model, 1_000_000)).toBe(false)
})

test('a client that was added to a closed plan is known to be beyond it', () => {
  expect([2, 3].map((index) => isBeyondPlan(closed(3), index))).toEqual([false, true])
})
