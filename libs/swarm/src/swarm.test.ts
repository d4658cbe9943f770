import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ScenarioPlan } from '@squall/load-plan'
import type { ClientFactory } from '@squall/virtual-client'
import { leaveMs } from './run-end.ts'
import { closed, open, planOf, rigOf, startAtMs } from './test/rig.ts'

const scenario = (name: string, weight: number): ScenarioPlan => ({
  name,
  weight,
  client: { clientKind: name, transport: 'streamable-http', protocolVersion: 'auto', headers: {} },
  flow: [],
})

test('a stop lets calls under way end within the drain, and cuts the others', async () => {
  const rig = rigOf({
    plan: planOf(closed({ clients: 2, spawnRatePerSecond: 1, durationMs: 60_000 })),
    script: { serviceMs: (nowMs) => (nowMs < startAtMs + 500 ? 3_000 : 30_000) },
  })
  await rig.clock.advance(startAtMs + 2_000)
  const stopped = rig.swarm.stop(2_000)
  await rig.clock.advance(1_000)
  expect(rig.diary.closed).toEqual([0])
  expect(rig.isFinished()).toBe(false)
  await rig.clock.advance(1_000)
  await stopped
  expect(rig.diary.cut).toEqual([1])
  expect(rig.diary.iterations).toHaveLength(2)
  expect(Object.fromEntries(rig.numbers().errors)).toEqual({ stopped: 1 })
})

test.each([
  ['the end of the duration', 1_000],
  ['a stop', 60_000],
])('clients that think at %s leave at once', async (_, durationMs) => {
  const rig = rigOf({
    plan: planOf(closed({ clients: 3, spawnRatePerSecond: 1e9, durationMs })),
    script: { serviceMs: () => 100, thinkMs: 30_000 },
  })
  await rig.clock.advance(startAtMs + 1_000)
  if (durationMs > 1_000) void rig.swarm.stop(5_000)
  await rig.clock.advance(0)
  expect(rig.isFinished()).toBe(true)
  expect(rig.numbers().totals).toMatchObject({ calls: 3, ok: 3 })
})

test('clients of an open plan that think at its end go on to the end of their flows', async () => {
  const rig = rigOf({ plan: planOf(open()), script: { thinkMs: 30_000 } })
  await rig.clock.advance(startAtMs + 29_000)
  expect(rig.swarm.clientCount()).toBe(10)
  await rig.clock.advance(3_000)
  expect(rig.isFinished()).toBe(true)
})

test('a second stop with a shorter drain counts, a longer one does not', async () => {
  const rig = rigOf({ plan: planOf(closed({ durationMs: 60_000 })), script: { serviceMs: () => 50_000 } })
  await rig.clock.advance(startAtMs + 1_000)
  const stopped = rig.swarm.stop(10_000)
  void rig.swarm.stop(1_000)
  void rig.swarm.stop(20_000)
  await rig.clock.advance(1_000)
  await stopped
  expect(rig.diary.cut).toEqual([0])
})

test('a stop before the start starts nothing', async () => {
  const rig = rigOf({ plan: planOf(closed({ clients: 5 })) })
  await rig.swarm.stop(1_000)
  await rig.clock.advance(60_000)
  expect(rig.diary.created).toEqual([])
  expect(rig.clock.pendingCount).toBe(0)
})

test('a stopped open plan makes no arrival any more, and cuts flows after the drain', async () => {
  const rig = rigOf({ plan: planOf(open({ durationMs: 60_000 })), script: { serviceMs: () => 120_000 } })
  await rig.clock.advance(startAtMs + 950)
  const stopped = rig.swarm.stop(500)
  await rig.clock.advance(500)
  await stopped
  expect(rig.diary.created).toHaveLength(10)
  expect(rig.diary.cut).toHaveLength(10)
})

test('arrivals that were due when the run was stopped, and had not been started yet, are counted as dropped', async () => {
  const rig = rigOf({ plan: planOf(open({ durationMs: 10_000 })) })
  await rig.clock.advance(startAtMs + 50)
  rig.clock.freeze(500)
  const stopped = rig.swarm.stop(1_000)
  await rig.clock.advance(1_000)
  await stopped
  expect(rig.diary.created).toEqual([0])
  expect(rig.numbers().counters.droppedStarts).toBe(5)
})

test('a client that takes for ever to leave does not keep the run from ending', async () => {
  const rig = rigOf({ plan: planOf(closed({ durationMs: 60_000 })), script: { serviceMs: () => 1e9, closeMs: 1e9 } })
  await rig.clock.advance(startAtMs)
  const stopped = rig.swarm.stop(100)
  await rig.clock.advance(100 + leaveMs)
  await stopped
  expect(rig.isFinished()).toBe(true)
})

test('a closed plan gives its last calls the request time-out, so that none is cut by the end', async () => {
  const rig = rigOf({
    plan: planOf(closed({ durationMs: 1_000 }), { requestTimeoutMs: 5_000 }),
    script: { serviceMs: () => 4_000 },
  })
  await rig.clock.advance(startAtMs + 3_999)
  expect(rig.isFinished()).toBe(false)
  await rig.clock.advance(1)
  expect(rig.isFinished()).toBe(true)
  expect(rig.numbers().totals).toMatchObject({ ok: 1, failed: 0 })
})

test('in a pause nothing starts; afterwards the beat goes on where it stood, and nothing is lag', async () => {
  const rig = rigOf({
    plan: planOf(closed({ durationMs: 5_000 })),
    script: { paceMs: 1_000, serviceMs: () => 300 },
  })
  await rig.clock.advance(startAtMs + 1_100)
  // The call of second 1 is under way.
  rig.swarm.pause()
  await rig.clock.advance(10_000)
  expect(rig.diary.iterations).toHaveLength(2)
  rig.swarm.resume()
  await rig.clock.advance(20_000)
  expect(rig.isFinished()).toBe(true)
  expect(rig.diary.iterations.map(({ intendedMs }) => intendedMs - startAtMs)).toEqual([0, 1_000, 12_000, 13_000, 14_000])
  expect(rig.diary.iterations.every(({ intendedMs, startedMs }) => intendedMs === startedMs)).toBe(true)
  const { generator, counters } = rig.numbers()
  expect([generator.scheduleLag.maxMs, counters.droppedStarts]).toEqual([0, 0])
})

test('a client that is late when the pause comes waits it out as well, and is no later for it', async () => {
  const rig = rigOf({ plan: planOf(closed({ durationMs: 10_000 })), script: { paceMs: 1_000, serviceMs: () => 1_500 } })
  await rig.clock.advance(startAtMs + 1_000)
  rig.swarm.pause()
  await rig.clock.advance(5_000)
  expect(rig.diary.iterations).toHaveLength(1)
  rig.swarm.resume()
  await rig.clock.advance(100)
  // On the schedule, its answer came at the instant of the pause: the start of second 1 is on time.
  expect(rig.diary.iterations[1]).toMatchObject({ intendedMs: startAtMs + 6_000, startedMs: startAtMs + 6_000 })
  await rig.clock.advance(1_400 + 1_000)
  rig.swarm.pause()
  await rig.clock.advance(5_000)
  expect(rig.diary.iterations).toHaveLength(3)
  rig.swarm.resume()
  await rig.clock.advance(100)
  expect(rig.diary.iterations).toHaveLength(4)
  expect(rig.numbers().generator.scheduleLag.maxMs).toBe(0)
})

test('pauses of any length lose no arrival and start none early', async () => {
  const partMs = fc.double({ min: 0.001, max: 400, noNaN: true })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(partMs, partMs), { maxLength: 4 }), async (pauses) => {
      const rig = rigOf({ plan: planOf(open({ rateStart: 33, rateEnd: 47 })) })
      await rig.clock.advance(startAtMs)
      for (const [runMs, pauseMs] of pauses) {
        await rig.clock.advance(runMs)
        rig.swarm.pause()
        await rig.clock.advance(pauseMs)
        rig.swarm.resume()
      }
      await rig.clock.advance(3_000)
      expect(rig.diary.created).toHaveLength(40)
      expect(rig.numbers().counters.droppedStarts).toBe(0)
      for (const { intendedMs, startedMs } of rig.diary.iterations) expect(startedMs).toBeCloseTo(intendedMs, 6)
      expect(rig.isFinished()).toBe(true)
    }),
    { numRuns: 40 },
  )
})

test('a client without a pace waits out a pause as well', async () => {
  const rig = rigOf({ plan: planOf(closed({ durationMs: 1_000 })), script: { serviceMs: () => 100 } })
  await rig.clock.advance(startAtMs + 250)
  rig.swarm.pause()
  await rig.clock.advance(5_000)
  expect(rig.diary.iterations).toHaveLength(3)
  rig.swarm.resume()
  await rig.clock.advance(5_000)
  const late = rig.diary.iterations.slice(3)
  expect(late[0]?.startedMs).toBe(startAtMs + 5_250)
  expect(late.every(({ intendedMs, startedMs }) => intendedMs === startedMs)).toBe(true)
})

test('arrivals of an open plan are moved by a pause, none is lost', async () => {
  const rig = rigOf({ plan: planOf(open({ durationMs: 2_000 })) })
  await rig.clock.advance(startAtMs + 950)
  rig.swarm.pause()
  await rig.clock.advance(7_000)
  expect(rig.diary.created).toHaveLength(10)
  rig.swarm.resume()
  await rig.clock.advance(2_000)
  expect(rig.diary.iterations.at(-1)?.intendedMs).toBe(startAtMs + 1_900 + 7_000)
  expect(rig.diary.created).toHaveLength(20)
  expect(rig.numbers().generator.scheduleLag.maxMs).toBe(0)
})

test('a paused run can be stopped', async () => {
  const rig = rigOf({ plan: planOf(closed()), script: { paceMs: 1_000 } })
  await rig.clock.advance(startAtMs + 500)
  rig.swarm.pause()
  await rig.swarm.stop(1_000)
  expect(rig.diary.closed).toEqual([0])
})

test('a client that throws is a defect: the run stops and says what was thrown', async () => {
  const broken: ClientFactory = {
    scenario: 'only',
    weight: 1,
    retarget: () => undefined,
    create: () => ({
      clientKind: 'http_client',
      open: () => Promise.resolve(true),
      iterate: () => Promise.reject(new Error('a bug in a step')),
      close: () => Promise.resolve(),
    }),
  }
  const rig = rigOf({ plan: planOf(closed({ clients: 3, spawnRatePerSecond: 1 })), changes: { factories: [broken] } })
  const outcome = rig.swarm.finished.then(
    () => 'finished',
    (error: Error) => error.message,
  )
  await rig.clock.advance(startAtMs + 60_000)
  expect(await outcome).toBe('a bug in a step')
  expect(rig.numbers().counters.clientsStarted).toBe(1)
})

test('scenarios are played in proportion to their weights', async () => {
  const played: string[] = []
  const factory = (name: string): ClientFactory => ({
    scenario: name,
    weight: 1,
    retarget: () => undefined,
    create: () => ({
      clientKind: name,
      open: () => Promise.resolve(played.push(name) > 0),
      iterate: () => Promise.resolve(undefined),
      close: () => Promise.resolve(),
    }),
  })
  const plan = planOf(open({ durationMs: 4_000 }), { scenarios: [scenario('often', 3), scenario('rare', 1)] })
  const rig = rigOf({ plan, changes: { factories: [factory('rare'), factory('often')] } })
  await rig.clock.advance(startAtMs + 5_000)
  expect(played.filter((name) => name === 'often')).toHaveLength(30)
  expect(played.filter((name) => name === 'rare')).toHaveLength(10)
})

test('a scenario nobody can play is refused before anything starts', () => {
  expect(() => rigOf({ plan: planOf(closed()), changes: { factories: [] } })).toThrow(
    'No clients can be made for the scenario “only”',
  )
})

test('who must be gone at once waits no longer for clients to leave than it is told', async () => {
  const rig = rigOf({ plan: planOf(closed({ durationMs: 60_000 })), script: { serviceMs: () => 30_000, closeMs: 5_000 } })
  await rig.clock.advance(startAtMs + 2_000)
  const stopped = rig.swarm.stop(0, 30)
  await rig.clock.advance(30)
  await stopped
  expect(rig.diary.cut.length).toBeGreaterThan(0)
  expect(rig.diary.closed).toEqual([])
})
