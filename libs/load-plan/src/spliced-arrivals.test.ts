import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createArrivalSchedule, withRate, type ArrivalPhase, type ArrivalSchedule, type OpenModel } from './index.ts'

const phase = (
  durationMs: number,
  rateStart: number,
  rateEnd = rateStart,
  spacing: ArrivalPhase['spacing'] = 'constant',
): ArrivalPhase => ({
  name: '',
  durationMs,
  rateStart,
  rateEnd,
  spacing,
})

const all = (schedule: ArrivalSchedule): number[] => Array.from({ length: schedule.count }, (_, index) => schedule.dueMs(index))

const modelArbitrary: fc.Arbitrary<OpenModel> = fc
  .array(
    fc.record({
      name: fc.constant(''),
      durationMs: fc.integer({ min: 1, max: 5_000 }),
      rateStart: fc.integer({ min: 0, max: 40 }),
      rateEnd: fc.integer({ min: 0, max: 40 }),
      spacing: fc.constantFrom<ArrivalPhase['spacing'][]>('constant', 'poisson'),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((phases) => ({ type: 'open', phases }))

test('a steady beat doubles without a hiccup: what had grown of the next arrival counts', () => {
  const model: OpenModel = { type: 'open', phases: [phase(2_000, 4)] }
  const faster = withRate(createArrivalSchedule(model, 1), model, { atMs: 625, factor: 2, seed: 2 })
  // Every 250 ms, then every 125; at 625 half an arrival had grown, which took 125 ms, and the other half takes 62.5.
  expect(all(faster).slice(0, 6)).toEqual([0, 250, 500, 687.5, 812.5, 937.5])
  expect(faster.count).toBe(3 + 11)
})

test('a rate of nothing lets no arrival come any more, and the plan comes back later', () => {
  const model: OpenModel = { type: 'open', phases: [phase(4_000, 1)] }
  const none = withRate(createArrivalSchedule(model, 1), model, { atMs: 500, factor: 0, seed: 2 })
  expect(all(none)).toEqual([0])
  const again = withRate(none, model, { atMs: 2_500, factor: 1, seed: 3 })
  expect(all(again)).toEqual([0, 3_000])
})

test('whatever is changed, arrivals keep their order, those before keep their instants, and any can be found', () => {
  fc.assert(
    fc.property(
      modelArbitrary,
      fc.double({ min: 0, max: 1.2, noNaN: true }),
      fc.constantFrom(0, 0.5, 1, 3),
      (model, part, factor) => {
        const before = createArrivalSchedule(model, 1)
        const atMs = part * before.durationMs
        const after = withRate(before, model, { atMs, factor, seed: 2 })
        const due = all(after)
        const kept = before.firstAtOrAfter(atMs)
        expect(due).toEqual(due.toSorted((a, b) => a - b))
        expect(due.slice(0, kept)).toEqual(all(before).slice(0, kept))
        expect(due.every((dueMs) => dueMs <= before.durationMs)).toBe(true)
        for (const [index, dueMs] of due.entries()) {
          // Taking the change's instant off and adding it again may round.
          expect(after.dueMs(after.firstAtOrAfter(dueMs - 1e-6))).toBeCloseTo(dueMs, 5)
          expect(after.firstAtOrAfter(dueMs - 1e-6)).toBeLessThanOrEqual(index)
        }
      },
    ),
  )
})

test('the expected number of arrivals is the area under the rate', () => {
  const schedule = createArrivalSchedule({ type: 'open', phases: [phase(1_000, 0, 10), phase(1_000, 10)] }, 1)
  expect([-5, 0, 500, 1_000, 1_500, 9_000].map((ms) => schedule.expectedAt(ms))).toEqual([0, 0, 1.25, 5, 10, 15])
})
