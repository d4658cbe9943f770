import fc from 'fast-check'
import { expect, test } from 'vitest'
import { changedPhases, phasesOf, type ArrivalPhase, type LoadChange, type LoadModel } from './index.ts'

const phase = (name: string, durationMs: number): ArrivalPhase => ({
  name,
  durationMs,
  rateStart: 1,
  rateEnd: 1,
  spacing: 'constant',
})
const arriving: LoadModel = { type: 'open', phases: [phase('quiet', 4_000), phase('peak', 6_000)] }
const staying: LoadModel = { type: 'closed', clients: 3, spawnRatePerSecond: 1, durationMs: 10_000 }
const shaped: LoadModel = {
  ...staying,
  stages: [
    { name: 'low', durationMs: 4_000, from: 1, to: 1 },
    { name: 'high', durationMs: 6_000, from: 3, to: 3 },
  ],
}

const rate = (atMs: number, factor: number): LoadChange => ({ type: 'set-rate', atMs, factor })
const clients = (atMs: number): LoadChange => ({ type: 'set-clients', atMs, clients: 2 })
const after = (model: LoadModel, ...changes: readonly LoadChange[]): string[] =>
  changes
    .reduce((phases, change) => changedPhases(phases, model, change), phasesOf(model))
    .map(({ name, durationMs }) => `${name} ${durationMs}`)

test("what was set by hand is a phase of its own, and a rate that is the plan's again goes on with the plan's phases", () => {
  expect(after(arriving, rate(1_000, 2))).toEqual(['quiet 1000', 'set by hand 9000'])
  expect(after(arriving, rate(1_000, 2), rate(3_000, 0.5))).toEqual(['quiet 1000', 'set by hand 2000', 'set by hand 7000'])
  expect(after(arriving, rate(1_000, 2), rate(3_000, 1))).toEqual(['quiet 1000', 'set by hand 2000', 'quiet 1000', 'peak 6000'])
  expect(after(arriving, rate(4_000, 2), rate(4_000, 1))).toEqual(['quiet 4000', 'peak 6000'])
  expect(after(shaped, clients(5_000))).toEqual(['low 4000', 'high 1000', 'set by hand 5000'])
})

test("nothing changes after the end, by the other model's changes, and where no phase has a name", () => {
  expect(after(arriving, rate(10_000, 2), clients(1_000))).toEqual(['quiet 4000', 'peak 6000'])
  expect(after(shaped, clients(12_000), rate(1_000, 2))).toEqual(['low 4000', 'high 6000'])
  expect(after(staying, clients(5_000))).toEqual([' 3000', ' 7000'])
})

test('whatever was changed, the phases last as long as the plan', () => {
  const change = fc.record({
    type: fc.constant('set-rate' as const),
    atMs: fc.integer({ min: 0, max: 11_000 }),
    factor: fc.constantFrom(0, 1, 2),
  })
  fc.assert(
    fc.property(fc.array(change, { maxLength: 6 }), (changes) => {
      const inOrder = changes.toSorted((left, right) => left.atMs - right.atMs)
      const phases = inOrder.reduce((before, one) => changedPhases(before, arriving, one), phasesOf(arriving))
      expect(phases.reduce((sum, { durationMs }) => sum + durationMs, 0)).toBe(10_000)
      expect(phases.every(({ durationMs }) => durationMs > 0)).toBe(true)
    }),
  )
})
