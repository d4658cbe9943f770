import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createArrivalSchedule, indicesOfShare, type ArrivalPhase } from './index.ts'

const rate = fc.double({ min: 0, max: 200, noNaN: true })
const phase: fc.Arbitrary<ArrivalPhase> = fc.record({
  name: fc.constantFrom('warm', 'ramp', 'peak'),
  durationMs: fc.integer({ min: 1, max: 20_000 }),
  rateStart: rate,
  rateEnd: rate,
  spacing: fc.constantFrom('constant' as const, 'poisson' as const),
})
const model = fc.record({ type: fc.constant('open' as const), phases: fc.array(phase, { minLength: 1, maxLength: 4 }) })
const seeds = fc.nat()

const constant = (ratePerSecond: number, durationMs: number): ArrivalPhase => ({
  name: 'steady',
  durationMs,
  rateStart: ratePerSecond,
  rateEnd: ratePerSecond,
  spacing: 'constant',
})

const dueTimes = (phases: readonly ArrivalPhase[], seed = 1): number[] => {
  const schedule = createArrivalSchedule({ type: 'open', phases }, seed)
  return Array.from({ length: schedule.count }, (_, index) => schedule.dueMs(index))
}

test('a constant rate spaces arrivals evenly from the first instant', () => {
  expect(dueTimes([constant(4, 1000)])).toEqual([0, 250, 500, 750])
})

test('a fractional rate makes exactly as many arrivals as it says [L5]', () => {
  expect(dueTimes([constant(0.3, 10_000)]).map(Math.round)).toEqual([0, 3333, 6667])
  expect(dueTimes([constant(0.1, 30_000)])).toHaveLength(3)
  // In binary, 1.1 times 10 is a little more than 11.
  expect(dueTimes([constant(1.1, 10_000)])).toHaveLength(11)
})

test('fractions carry over from one phase to the next', () => {
  expect(dueTimes([constant(0.3, 5000), constant(0.3, 5000)])).toHaveLength(3)
})

test('a ramp brings its arrivals closer together as the rate rises', () => {
  const due = dueTimes([{ name: 'ramp', durationMs: 10_000, rateStart: 0, rateEnd: 10, spacing: 'constant' }])
  expect(due).toHaveLength(50)
  // The area under the ramp reaches j at sqrt(2 j) seconds.
  due.forEach((dueMs, index) => expect(dueMs).toBeCloseTo(Math.sqrt(2 * index) * 1000, 6))
})

test('arrivals never go back in time, and stay within the plan', () => {
  fc.assert(
    fc.property(model, seeds, (model, seed) => {
      const schedule = createArrivalSchedule(model, seed)
      let previousMs = 0
      for (let index = 0; index < schedule.count; index++) {
        const dueMs = schedule.dueMs(index)
        expect(dueMs).toBeGreaterThanOrEqual(previousMs)
        previousMs = dueMs
      }
      expect(previousMs).toBeLessThanOrEqual(schedule.durationMs * (1 + 1e-9))
    }),
    { numRuns: 50 },
  )
})

test('shards of any count have every arrival exactly once', () => {
  fc.assert(
    fc.property(model, seeds, fc.integer({ min: 1, max: 9 }), (model, seed, count) => {
      const whole = createArrivalSchedule(model, seed).count
      const shards = Array.from({ length: count }, (_, index) => [...indicesOfShare({ index, count }, whole)])
      expect(shards.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: whole }, (_, index) => index))
    }),
    { numRuns: 50 },
  )
})

test('any second can be resumed: the first arrival from there on is found without those before', () => {
  fc.assert(
    fc.property(model, seeds, fc.double({ min: 0, max: 1, noNaN: true }), (model, seed, part) => {
      const whole = createArrivalSchedule(model, seed)
      const offsetMs = part * whole.durationMs
      const resumed = createArrivalSchedule(model, seed)
      const first = resumed.firstAtOrAfter(offsetMs)
      const due = Array.from({ length: whole.count }, (_, index) => whole.dueMs(index))
      expect(first).toBe(due.filter((dueMs) => dueMs < offsetMs).length)
      const rest = Array.from({ length: whole.count - first }, (_, index) => resumed.dueMs(first + index))
      expect(rest).toEqual(due.slice(first))
    }),
    { numRuns: 50 },
  )
})

test('two Poisson phases with one rate do not repeat each other', () => {
  const poisson = { ...constant(50, 1_000), spacing: 'poisson' as const }
  const due = dueTimes([poisson, poisson])
  expect(due.slice(50).map((dueMs) => Math.round(dueMs - 1_000))).not.toEqual(due.slice(0, 50).map(Math.round))
})

test('an arrival beyond the last is a mistake of the caller', () => {
  const schedule = createArrivalSchedule({ type: 'open', phases: [constant(2, 1000)] }, 1)
  expect(() => schedule.dueMs(2)).toThrow(RangeError)
  expect(() => schedule.dueMs(-1)).toThrow(RangeError)
  expect(schedule.firstAtOrAfter(900)).toBe(2)
})
