import fc from 'fast-check'
import { expect, test } from 'vitest'
import { closed, idle, planOf, rigOf, startAtMs } from './test/rig.ts'

const frozenAroundTen = (nowMs: number): number => (nowMs >= 9_000 && nowMs < 11_000 ? 11_000 - nowMs + 5 : 5)

const sorted = (values: readonly number[]): number[] => values.map((ms) => Math.round(ms * 1e6) / 1e6).toSorted((a, b) => a - b)

test('clients start at the spawn rate, open once, and repeat their flow until the duration is over [L5]', async () => {
  const rig = rigOf({ plan: planOf(closed({ clients: 4, spawnRatePerSecond: 2, durationMs: 3_000 })) })
  await rig.clock.advance(startAtMs + 1_000)
  expect(rig.diary.created).toEqual([0, 1, 2])
  expect(rig.swarm.clientCount()).toBe(3)
  await rig.clock.advance(10_000)
  expect(rig.isFinished()).toBe(true)
  expect(rig.diary.opened).toEqual([0, 1, 2, 3])
  expect(rig.diary.closed.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3])
  // One call of 10 ms after the other: three seconds of the first client, 1.5 of the last.
  const perClient = [0, 1, 2, 3].map((client) => rig.diary.iterations.filter((iteration) => iteration.client === client).length)
  expect(perClient).toEqual([300, 250, 200, 150])
  expect(rig.diary.iterations.every(({ startedMs }) => startedMs < startAtMs + 3_000)).toBe(true)
  const { counters } = rig.numbers()
  expect([counters.clientsStarted, counters.clientsFinished, counters.droppedStarts]).toEqual([4, 4, 0])
  expect(rig.recorder.takeSnapshot(1, idle).clients).toEqual({})
})

test('without a pace an iteration is meant to start when the one before ended', async () => {
  const rig = rigOf({ plan: planOf(closed({ durationMs: 100 })) })
  await rig.clock.advance(startAtMs + 200)
  expect(rig.diary.iterations).toHaveLength(10)
  expect(rig.diary.iterations.every(({ intendedMs, startedMs }) => intendedMs === startedMs)).toBe(true)
})

test('a paced client starts on its beat, however long a call took within it', async () => {
  const rig = rigOf({ plan: planOf(closed({ durationMs: 5_000 })), script: { paceMs: 1_000, serviceMs: () => 300 } })
  await rig.clock.advance(startAtMs + 6_000)
  expect(rig.diary.iterations.map(({ startedMs }) => startedMs - startAtMs)).toEqual([0, 1_000, 2_000, 3_000, 4_000])
})

test('a frozen target shows in the response times of a paced flow exactly as it must, call by call, and not as lag of the generator', async () => {
  // 100 clients paced at one call a second, their beats spread over the second; the target is frozen from 9 s to 11 s of a 20 s run.
  const rig = rigOf({
    plan: planOf(closed({ clients: 100, spawnRatePerSecond: 100, durationMs: 20_000 })),
    script: { paceMs: 1_000, serviceMs: frozenAroundTen },
  })
  await rig.clock.advance(startAtMs + 40_000)
  const { totals, counters, generator } = rig.numbers()
  expect([totals.calls, totals.failed, counters.droppedStarts]).toEqual([2_000, 0, 0])
  const responses = rig.diary.iterations.map(({ intendedMs, endedMs = 0 }) => endedMs - intendedMs)
  // Call k of client c is meant for c/100 + k seconds, and made as soon as the one before it is answered.
  const truth = Array.from({ length: 100 }).flatMap((_, client) => {
    let freeMs = 0
    return Array.from({ length: 20 }, (_, call) => {
      const intendedMs = startAtMs + client * 10 + call * 1_000
      const startMs = Math.max(intendedMs, freeMs)
      freeMs = startMs + frozenAroundTen(startMs)
      return freeMs - intendedMs
    })
  })
  expect(sorted(responses)).toEqual(sorted(truth))
  const trueP99 = sorted(truth)[Math.ceil(0.99 * 2_000) - 1] ?? 0
  expect(trueP99).toBe(1_805)
  expect(Math.abs(totals.response.quantileMs(0.99) / trueP99 - 1)).toBeLessThan(0.01)
  // The calls themselves: one of each client was stuck, for one to two seconds.
  expect(totals.service.quantileMs(0.99)).toBeLessThan(totals.response.maxMs)
  expect(totals.service.quantileMs(0.95)).toBeLessThan(6)
  expect(totals.response.quantileMs(0.95)).toBeGreaterThan(900)
  expect(generator.scheduleLag.maxMs).toBe(0)
})

test('what the generator is late by with a start is its lag: the beats it slept through, and the clients', async () => {
  const paced = rigOf({ plan: planOf(closed({ durationMs: 5_000 })), script: { paceMs: 1_000 } })
  await paced.clock.advance(startAtMs + 500)
  paced.clock.freeze(1_200)
  await paced.clock.advance(10_000)
  const { scheduleLag } = paced.numbers().generator
  // The client itself, and four starts it waited for.
  expect([scheduleLag.count, scheduleLag.maxMs]).toEqual([5, 700])
  expect(scheduleLag.meanMs).toBe(700 / 5)

  const coming = rigOf({ plan: planOf(closed({ clients: 3, spawnRatePerSecond: 1 })), script: { serviceMs: () => 60_000 } })
  await coming.clock.advance(startAtMs + 500)
  coming.clock.freeze(900)
  await coming.clock.advance(10_000)
  const late = coming.numbers().generator.scheduleLag
  expect([late.count, late.maxMs]).toEqual([3, 400])
})

test('clients that a pause holds up are not late; what the generator is late by afterwards is its lag', async () => {
  const rig = rigOf({ plan: planOf(closed({ clients: 4, spawnRatePerSecond: 1 })), script: { paceMs: 10_000 } })
  await rig.clock.advance(startAtMs + 500)
  rig.swarm.pause()
  await rig.clock.advance(7_000)
  rig.swarm.resume()
  await rig.clock.advance(1_600)
  expect(rig.diary.created).toEqual([0, 1, 2])
  expect(rig.numbers().generator.scheduleLag.maxMs).toBe(0)
  rig.clock.freeze(1_000)
  await rig.clock.advance(100)
  expect(rig.diary.created).toEqual([0, 1, 2, 3])
  expect(rig.numbers().generator.scheduleLag.maxMs).toBe(100)
})

test('starts that are more than the allowed lag late are dropped and counted', async () => {
  const rig = rigOf({
    plan: planOf(closed({ durationMs: 10_000 }), { maxLagMs: 2_000 }),
    script: { paceMs: 1_000, serviceMs: (nowMs) => (nowMs < startAtMs + 500 ? 5_500 : 10) },
  })
  await rig.clock.advance(startAtMs + 20_000)
  // The call of second 0 ended at 5.5: the starts of 1, 2 and 3 are too late; 4 and 5 are made at once.
  expect(rig.diary.iterations.map(({ intendedMs }) => intendedMs - startAtMs)).toEqual([
    0, 4_000, 5_000, 6_000, 7_000, 8_000, 9_000,
  ])
  expect(rig.numbers().counters.droppedStarts).toBe(3)
})

test('starts that were due while a client waited for its answer until the end are counted as dropped', async () => {
  const rig = rigOf({
    plan: planOf(closed({ durationMs: 10_000 })),
    script: { paceMs: 1_000, serviceMs: (nowMs) => (nowMs >= startAtMs + 4_000 ? 8_000 : 10) },
  })
  await rig.clock.advance(startAtMs + 20_000)
  const { totals, counters } = rig.numbers()
  expect([totals.calls, counters.droppedStarts]).toEqual([5, 5])
})

test('what was due only after the end is not dropped, however late the last answer comes', async () => {
  const rig = rigOf({
    plan: planOf(closed({ durationMs: 10_000 }), { maxLagMs: 1_000 }),
    script: { paceMs: 1_000, serviceMs: (nowMs) => (nowMs >= startAtMs + 4_000 ? 8_000 : 10) },
  })
  await rig.clock.advance(startAtMs + 20_000)
  const { totals, counters } = rig.numbers()
  expect([totals.calls, counters.droppedStarts]).toEqual([5, 5])
})

test('a pace that does not move on starts again at once instead of never', async () => {
  const rig = rigOf({
    plan: planOf(closed({ durationMs: 1_000 }), { maxLagMs: 50 }),
    script: { paceMs: 0, serviceMs: () => 100 },
  })
  await rig.clock.advance(startAtMs + 2_000)
  expect(rig.diary.iterations).toHaveLength(10)
  expect(rig.numbers().counters.droppedStarts).toBe(10)
})

test('a client that cannot open tries again, later and later, until it can', async () => {
  const rig = rigOf({
    plan: planOf(closed({ durationMs: 60_000 })),
    script: { opens: (attempt) => attempt > 4, serviceMs: () => 1_000 },
  })
  await rig.clock.advance(startAtMs + 400)
  expect(rig.diary.opened.length).toBeLessThanOrEqual(2)
  await rig.clock.advance(60_000)
  expect(rig.diary.opened).toHaveLength(5)
  expect(rig.diary.iterations.length).toBeGreaterThan(40)
})

test('a client that can never open leaves when the run ends', async () => {
  const rig = rigOf({ plan: planOf(closed({ durationMs: 60_000 })), script: { opens: () => false } })
  await rig.clock.advance(startAtMs + 60_000)
  expect(rig.isFinished()).toBe(true)
  expect(rig.diary.iterations).toHaveLength(0)
  expect(rig.diary.closed).toEqual([0])
})

test('a flow that waits for nothing does not keep the run from ending', async () => {
  const rig = rigOf({ plan: planOf(closed({ durationMs: 50 })), script: { serviceMs: () => 0 } })
  await rig.clock.advance(startAtMs + 60)
  expect(rig.isFinished()).toBe(true)
})

test('shards of any count start every client exactly once, each at the same instant as one shard would', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 40 }), async (count, clients) => {
      const plan = planOf(closed({ clients, spawnRatePerSecond: 10, durationMs: 5_000 }))
      const starts: { client: number; startedMs: number }[] = []
      for (let index = 0; index < count; index++) {
        const rig = rigOf({ plan, share: { index, count }, script: { serviceMs: () => 10_000 } })
        await rig.clock.advance(startAtMs + 20_000)
        starts.push(...rig.diary.iterations.map(({ client, startedMs }) => ({ client, startedMs })))
      }
      const expected = Array.from({ length: clients }, (_, client) => ({ client, startedMs: startAtMs + client * 100 }))
      expect(starts.toSorted((a, b) => a.client - b.client)).toEqual(expected)
    }),
    { numRuns: 20 },
  )
})

test('a generator that takes a share over starts its clients at once', async () => {
  const plan = planOf(closed({ clients: 30, spawnRatePerSecond: 10, durationMs: 5_000 }))
  const rig = rigOf({ plan, changes: { fromMs: 2_000 } })
  await rig.clock.advance(startAtMs + 1_999)
  expect(rig.swarm.clientCount()).toBe(0)
  await rig.clock.advance(1)
  expect(rig.swarm.clientCount()).toBe(21)
})

const slowFromFour = { paceMs: 1_000, serviceMs: (nowMs: number) => (nowMs >= startAtMs + 4_000 ? 8_000 : 10) }

test.each([
  ['a client', { iterationsPerClient: 7 }, 2],
  ['all together', { iterationsInTotal: 7 }, 2],
  ['a client that is just done', { iterationsPerClient: 5 }, 0],
  ['two clients together', { clients: 2, iterationsInTotal: 13 }, 3],
])('no more starts are dropped than iterations were left: %s', async (_, counts, dropped) => {
  const rig = rigOf({ plan: planOf(closed({ durationMs: 10_000, spawnRatePerSecond: 1_000, ...counts })), script: slowFromFour })
  await rig.clock.advance(startAtMs + 20_000)
  expect(rig.numbers().counters.droppedStarts).toBe(dropped)
})

test('who has made the last iteration drops no start, however late it ended', async () => {
  const rig = rigOf({
    plan: planOf(closed({ durationMs: 20_000, iterationsPerClient: 1 }), { maxLagMs: 1_000 }),
    script: { paceMs: 1_000, serviceMs: () => 5_500 },
  })
  await rig.clock.advance(startAtMs + 30_000)
  expect(rig.numbers().counters.droppedStarts).toBe(0)
})
