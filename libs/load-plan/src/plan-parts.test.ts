import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  indicesOfShare,
  payloadRow,
  phaseAt,
  phasesOf,
  planDurationMs,
  type ArrivalPhase,
  type LoadModel,
  type LoadPlan,
} from './index.ts'

const phase = (name: string, durationMs: number): ArrivalPhase => ({
  name,
  durationMs,
  rateStart: 1,
  rateEnd: 1,
  spacing: 'constant',
})
const planOf = (model: LoadModel): LoadPlan => ({
  version: 1,
  name: 'test',
  target: 'http://127.0.0.1:1/mcp',
  seed: 1,
  model,
  scenarios: [],
  payloads: [],
  variables: {},
  requestTimeoutMs: 1_000,
  maxLagMs: 1_000,
  warmUpMs: 0,
  thresholds: [],
})
const openPlan = planOf({ type: 'open', phases: [phase('ramp', 2_000), phase('hold', 3_000)] })
const closedPlan = planOf({ type: 'closed', clients: 10, spawnRatePerSecond: 4, durationMs: 60_000 })
const rows = Array.from({ length: 7 }, (_, row) => [`row ${row}`])

test('a plan lasts as long as its phases, or as its duration says', () => {
  expect(planDurationMs(openPlan)).toBe(5_000)
  expect(planDurationMs(closedPlan)).toBe(60_000)
})

test('a call belongs to the phase in which it was due', () => {
  expect([0, 1_999, 2_000, 4_999, 5_000, 9_000].map((offsetMs) => phaseAt(phasesOf(openPlan.model), offsetMs))).toEqual([
    'ramp',
    'ramp',
    'hold',
    'hold',
    'hold',
    'hold',
  ])
  expect(phaseAt(phasesOf(closedPlan.model), 10)).toBe('')
  expect(phaseAt([], 10)).toBe('')
})

test('shares part the indices among them from any one on', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(60), fc.nat(60), (count, total, first) => {
      const parts = Array.from({ length: count }, (_, index) => [...indicesOfShare({ index, count }, total, first)])
      const expected = Array.from({ length: Math.max(0, total - first) }, (_, index) => first + index)
      expect(parts.flat().toSorted((a, b) => a - b)).toEqual(expected)
      parts.forEach((part, index) => expect(part.every((each) => each % count === index)).toBe(true))
    }),
  )
})

test('in sequence no two clients get one row until all are taken', () => {
  const payload = { fields: ['sql'], rows, order: 'sequence' } as const
  expect([0, 1, 2, 3, 4, 5, 6, 7].map((index) => payloadRow(payload, index, 1))).toEqual([0, 1, 2, 3, 4, 5, 6, 0])
})

test('at random every row gets its turn, and a client always the same', () => {
  const payload = { fields: ['sql'], rows, order: 'random' } as const
  const taken = Array.from({ length: 7_000 }, (_, index) => payloadRow(payload, index, 1))
  for (let row = 0; row < rows.length; row++) expect(taken.filter((each) => each === row).length).toBeGreaterThan(850)
  expect(payloadRow(payload, 42, 1)).toBe(taken[42])
  expect(Array.from({ length: 50 }, (_, index) => payloadRow(payload, index, 2))).not.toEqual(taken.slice(0, 50))
})
