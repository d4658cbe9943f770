import fc from 'fast-check'
import { expect, test } from 'vitest'
import { open, planOf, rigOf, startAtMs } from './test/rig.ts'

test('each arrival opens, runs its flow once from its scheduled instant, and leaves', async () => {
  const rig = rigOf({ plan: planOf(open({ rateStart: 4, rateEnd: 4 })) })
  await rig.clock.advance(startAtMs + 2_000)
  expect(rig.isFinished()).toBe(true)
  expect(rig.diary.iterations.map(({ intendedMs }) => intendedMs - startAtMs)).toEqual([0, 250, 500, 750])
  expect(rig.diary.closed).toEqual([0, 1, 2, 3])
  expect(rig.numbers().counters).toMatchObject({ clientsStarted: 4, clientsFinished: 4, droppedStarts: 0 })
})

test('arrivals come however slow the target is, and all finish their flow after the plan ended [L5]', async () => {
  const rig = rigOf({ plan: planOf(open({ rateStart: 100, rateEnd: 100 })), script: { serviceMs: () => 60_000 } })
  await rig.clock.advance(startAtMs + 1_000)
  expect(rig.swarm.clientCount()).toBe(100)
  await rig.clock.advance(30_000)
  expect(rig.isFinished()).toBe(false)
  await rig.clock.advance(30_000)
  expect(rig.isFinished()).toBe(true)
  expect(rig.diary.cut).toEqual([])
  expect(rig.numbers().totals.ok).toBe(100)
})

test('an arrival whose session does not open leaves without running its flow', async () => {
  const rig = rigOf({ plan: planOf(open({})), script: { opens: () => false } })
  await rig.clock.advance(startAtMs + 1_000)
  expect(rig.diary.iterations).toHaveLength(0)
  expect(rig.diary.closed).toHaveLength(10)
})

test('no arrival starts early, and shards of any count make each arrival exactly once', async () => {
  const spacing = fc.constantFrom('constant' as const, 'poisson' as const)
  const rate = fc.double({ min: 0, max: 40, noNaN: true })
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), rate, rate, spacing, async (count, rateStart, rateEnd, spacing) => {
      const plan = planOf(open({ rateStart, rateEnd, spacing, durationMs: 2_000 }))
      const seen: number[] = []
      for (let index = 0; index < count; index++) {
        const rig = rigOf({ plan, share: { index, count } })
        await rig.clock.advance(startAtMs + 3_000)
        for (const { client, intendedMs, startedMs } of rig.diary.iterations) {
          expect(startedMs).toBeGreaterThanOrEqual(intendedMs)
          seen.push(client)
        }
      }
      const whole = rigOf({ plan })
      await whole.clock.advance(startAtMs + 3_000)
      expect(seen.toSorted((a, b) => a - b)).toEqual(whole.diary.created)
    }),
    { numRuns: 15 },
  )
})

test('what a generator was late with an arrival is part of its response time, and no part of its service time', async () => {
  const rig = rigOf({ plan: planOf(open({})), script: { serviceMs: () => 20 } })
  await rig.clock.advance(startAtMs + 450)
  rig.clock.freeze(300)
  await rig.clock.advance(2_000)
  const { service, response } = rig.numbers().totals
  // Those of 500, 600 and 700 ms were begun at 750; all others on time.
  expect(rig.diary.iterations.map(({ intendedMs }) => intendedMs - startAtMs)).toEqual(
    Array.from({ length: 10 }, (_, index) => index * 100),
  )
  expect(rig.diary.iterations.map(({ startedMs, intendedMs }) => startedMs - intendedMs)).toEqual([
    0, 0, 0, 0, 0, 250, 150, 50, 0, 0,
  ])
  expect([service.maxMs, response.maxMs]).toEqual([20, 270])
  expect(response.meanMs).toBeCloseTo(20 + (250 + 150 + 50) / 10)
})

test('arrivals that the generator could not start in time are dropped and counted, later ones are made late', async () => {
  const rig = rigOf({ plan: planOf(open({ durationMs: 10_000, rateStart: 1, rateEnd: 1 }), { maxLagMs: 2_000 }) })
  await rig.clock.advance(startAtMs + 500)
  rig.clock.freeze(5_000)
  await rig.clock.advance(10_000)
  // At 5.5 s the arrivals of 1, 2 and 3 are too late.
  expect(rig.diary.created).toEqual([0, 4, 5, 6, 7, 8, 9])
  const { counters, generator } = rig.numbers()
  expect(counters.droppedStarts).toBe(3)
  expect(generator.scheduleLag.maxMs).toBe(1_500)
})

test('a generator that takes a share over makes the arrivals from there on', async () => {
  const rig = rigOf({ plan: planOf(open({})), share: { index: 1, count: 2 }, changes: { fromMs: 450 } })
  await rig.clock.advance(startAtMs + 1_000)
  expect(rig.diary.created).toEqual([5, 7, 9])
})

test('a plan without a single arrival ends when its time is over', async () => {
  const rig = rigOf({ plan: planOf(open({ rateStart: 0, rateEnd: 0 })) })
  await rig.clock.advance(startAtMs + 999)
  expect(rig.isFinished()).toBe(false)
  await rig.clock.advance(1)
  expect(rig.isFinished()).toBe(true)
})
