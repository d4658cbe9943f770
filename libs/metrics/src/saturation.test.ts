import { expect, test } from 'vitest'
import { saturationOf, type GeneratorSecond } from './index.ts'

const healthy: Omit<GeneratorSecond, 'second'> = {
  generatorCpu: 0.6,
  eventLoopUtilization: 0.6,
  eventLoopDelayP99Ms: 4,
  scheduleLagP99Ms: 2,
}

/** A run of `seconds` seconds, of which the first `strained` are different. */
const run = (seconds: number, strained: number, changes: Partial<GeneratorSecond>): GeneratorSecond[] =>
  Array.from({ length: seconds }, (_, second) => ({ ...healthy, second, ...(second < strained ? changes : {}) }))

test('a generator with room to spare was not the bottleneck', () => {
  expect(saturationOf(run(60, 0, {}))).toEqual({ saturated: false, strainedSeconds: 0, judgedSeconds: 60, reasons: [] })
})

test.each([
  ['CPU', { generatorCpu: 0.95 }, 'a generator process used over 90 % of a core in 7 of 60 seconds'],
  ['event loop', { eventLoopUtilization: 0.97 }, "a generator's event loop was busy over 90 % of the time in 7 of 60 seconds"],
  [
    'delay',
    { eventLoopDelayP99Ms: 51 },
    'the event-loop delay p99 was over 50 ms and a tenth of the response p99 in 7 of 60 seconds',
  ],
  ['lag', { scheduleLagP99Ms: 120 }, 'the schedule lag p99 was over 50 ms and a tenth of the response p99 in 7 of 60 seconds'],
])('too many seconds with too much %s are a saturated generator, with the reason', (_, changes, reason) => {
  expect(saturationOf(run(60, 7, changes))).toMatchObject({ saturated: true, strainedSeconds: 7, reasons: [reason] })
  expect(saturationOf(run(60, 6, changes))).toMatchObject({ saturated: false, strainedSeconds: 6, reasons: [] })
})

test('in a short run two bad seconds are forgiven, three are not', () => {
  expect(saturationOf(run(5, 2, { generatorCpu: 1 })).saturated).toBe(false)
  expect(saturationOf(run(5, 3, { generatorCpu: 1 })).saturated).toBe(true)
})

test('a value on the bound is still healthy', () => {
  const onTheBound = { generatorCpu: 0.9, eventLoopUtilization: 0.9, eventLoopDelayP99Ms: 50, scheduleLagP99Ms: 50 }
  expect(saturationOf(run(10, 10, onTheBound)).saturated).toBe(false)
})

test('different troubles in different seconds add up, and each is named', () => {
  const seconds = [...run(20, 2, { generatorCpu: 1 }), { ...healthy, second: 20, scheduleLagP99Ms: 99 }]
  const { saturated, reasons } = saturationOf(seconds)
  expect(saturated).toBe(true)
  expect(reasons).toHaveLength(2)
})

test('trouble in the warm-up does not count', () => {
  expect(saturationOf(run(20, 10, { generatorCpu: 1 }), 10)).toMatchObject({ saturated: false, judgedSeconds: 10 })
})

test('a run without a single second is not called saturated', () => {
  expect(saturationOf([]).saturated).toBe(false)
})

test('a delay that is small beside a slow target is forgiven, and one that makes the target look slow is not', () => {
  expect(saturationOf(run(60, 60, { eventLoopDelayP99Ms: 90, scheduleLagP99Ms: 90, p99: 1_800 })).saturated).toBe(false)
  // A target that takes 100 ms, and a generator that adds 300 to it.
  expect(saturationOf(run(60, 60, { eventLoopDelayP99Ms: 300, p99: 400 })).saturated).toBe(true)
})

test("a neighbour's burst of two seconds in a run of ten is forgiven, one of half the run is not", () => {
  expect(saturationOf(run(10, 2, { eventLoopDelayP99Ms: 400, scheduleLagP99Ms: 300, p99: 350 })).saturated).toBe(false)
  expect(saturationOf(run(10, 5, { eventLoopDelayP99Ms: 400, scheduleLagP99Ms: 300, p99: 350 })).saturated).toBe(true)
})
