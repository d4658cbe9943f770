import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clientsAtLevel, levelAt, type LoadStage, type Share } from '@squall/load-plan'
import { closed, open, planOf, rigOf, startAtMs, type Rig } from './test/rig.ts'

const stage = (durationMs: number, from: number, to = from, name = ''): LoadStage => ({ name, durationMs, from, to })
const shaped = (...stages: LoadStage[]) =>
  closed({
    stages,
    clients: Math.ceil(Math.max(...stages.flatMap(({ from, to }) => [from, to]))),
    durationMs: stages.reduce((sum, { durationMs }) => sum + durationMs, 0),
  })

/** How many clients there are at the end of each second. */
async function countsBySecond(rigs: readonly Rig[], seconds: number): Promise<number[]> {
  const counts: number[] = []
  for (const rig of rigs) await rig.clock.advance(startAtMs)
  for (let second = 0; second < seconds; second++) {
    for (const rig of rigs) await rig.clock.advance(999)
    counts.push(rigs.reduce((sum, { swarm }) => sum + swarm.clientCount(), 0))
    for (const rig of rigs) await rig.clock.advance(1)
  }
  return counts
}

const sharesOf = (count: number): Share[] => Array.from({ length: count }, (_, index) => ({ index, count }))

test('clients come and go with the shape, over all shards together [L5]', async () => {
  const plan = planOf(shaped(stage(2_000, 0, 10), stage(2_000, 10), stage(2_000, 3), stage(2_000, 3, 0)))
  const rigs = sharesOf(3).map((share) => rigOf({ plan, share, script: { paceMs: 500, serviceMs: () => 1 } }))
  expect(await countsBySecond(rigs, 8)).toEqual([5, 10, 10, 10, 3, 3, 2, 1])
})

test('a client that is to leave finishes its iteration, begins no other, and drops none', async () => {
  const plan = planOf(shaped(stage(1_000, 2), stage(4_000, 1)))
  const rig = rigOf({ plan, script: { paceMs: 700, serviceMs: () => 600 } })
  await rig.clock.advance(startAtMs + 3_000)
  const ofLast = rig.diary.iterations.filter(({ client }) => client === 1)
  expect(ofLast.map(({ startedMs, endedMs }) => [startedMs - startAtMs, (endedMs ?? 0) - startAtMs])).toEqual([
    [0, 600],
    [700, 1_300],
  ])
  expect(rig.diary.closed).toEqual([1])
  expect(rig.numbers().counters.droppedStarts).toBe(0)
})

test('a waiting client that is to leave does so at once', async () => {
  const rig = rigOf({ plan: planOf(shaped(stage(1_000, 2), stage(9_000, 1))), script: { paceMs: 5_000 } })
  await rig.clock.advance(startAtMs + 1_000)
  expect(rig.diary.closed).toEqual([1])
})

test('a beat that falls on the leaving itself is not a dropped start, however late both are noticed', async () => {
  const rig = rigOf({ plan: planOf(shaped(stage(1_000, 1), stage(4_000, 0))), script: { paceMs: 500 } })
  await rig.clock.advance(startAtMs + 900)
  rig.clock.freeze(105)
  await rig.clock.advance(4_000)
  expect(rig.diary.iterations).toHaveLength(2)
  expect(rig.numbers().counters.droppedStarts).toBe(0)
})

test('a client that is wanted again before it left stays, and keeps its beat', async () => {
  const plan = planOf(shaped(stage(1_000, 1), stage(100, 0), stage(3_900, 1)))
  const rig = rigOf({ plan, script: { paceMs: 1_500, serviceMs: () => 1_200 } })
  await rig.clock.advance(startAtMs + 5_000)
  expect(rig.diary.created).toEqual([0])
  expect(rig.diary.iterations.map(({ startedMs }) => startedMs - startAtMs)).toEqual([0, 1_500, 3_000, 4_500])
})

test('a client that left comes back as a new one when the level rises again', async () => {
  const rig = rigOf({ plan: planOf(shaped(stage(1_000, 1), stage(1_000, 0), stage(1_000, 1))) })
  await rig.clock.advance(startAtMs + 4_000)
  expect(rig.diary.created).toEqual([0, 0])
  expect(rig.isFinished()).toBe(true)
})

test('clients can be set while the run goes on: more start at the spawn rate, fewer leave, in every shard at the same instant', async () => {
  const plan = planOf(closed({ clients: 6, spawnRatePerSecond: 2, durationMs: 20_000 }))
  const rigs = sharesOf(2).map((share) => rigOf({ plan, share, script: { paceMs: 500, serviceMs: () => 1 } }))
  for (const { swarm } of rigs) {
    swarm.change({ type: 'set-clients', atMs: 5_000, clients: 10 })
    swarm.change({ type: 'set-clients', atMs: 9_000, clients: 1 })
  }
  expect(await countsBySecond(rigs, 11)).toEqual(
    [2, 4, 6, 6, 6, 8, 10, 10, 10, 1, 1].map((count, second) => (second === 9 ? 1 : count)),
  )
})

test('a change that comes late sets the same clients all the same', async () => {
  const plan = planOf(closed({ clients: 4, spawnRatePerSecond: 1_000, durationMs: 20_000 }))
  const rig = rigOf({ plan, script: { paceMs: 500, serviceMs: () => 1 } })
  await rig.clock.advance(startAtMs + 3_000)
  rig.swarm.change({ type: 'set-clients', atMs: 2_500, clients: 7 })
  await rig.clock.advance(100)
  expect(rig.swarm.clientCount()).toBe(7)
  expect(rig.diary.created.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6])
})

test('whatever changes by hand, every shard keeps to its own clients, and together they are as many as were set', async () => {
  const changes = fc.array(fc.tuple(fc.integer({ min: 0, max: 4_000 }), fc.integer({ min: 0, max: 30 })), {
    minLength: 1,
    maxLength: 4,
  })
  await fc.assert(
    fc.asyncProperty(changes, fc.integer({ min: 1, max: 4 }), async (written, count) => {
      const inOrder = written.toSorted(([a], [b]) => a - b)
      const plan = planOf(closed({ clients: 5, spawnRatePerSecond: 1_000, durationMs: 9_000 }))
      const rigs = sharesOf(count).map((share) => rigOf({ plan, share, script: { paceMs: 500, serviceMs: () => 1 } }))
      for (const { swarm } of rigs) for (const [atMs, clients] of inOrder) swarm.change({ type: 'set-clients', atMs, clients })
      for (const { clock } of rigs) await clock.advance(startAtMs + 5_000)
      expect(rigs.reduce((sum, { swarm }) => sum + swarm.clientCount(), 0)).toBe(inOrder.at(-1)?.[1])
      for (const [index, { diary }] of rigs.entries())
        expect(diary.created.every((client) => client % count === index)).toBe(true)
      for (const { clock } of rigs) await clock.advance(20_000)
      expect(rigs.every((rig) => rig.isFinished())).toBe(true)
    }),
    { numRuns: 15 },
  )
})

test('a rate can be changed while the run goes on, and no arrival is made twice or left out', async () => {
  const plan = planOf(open({ durationMs: 4_000, rateStart: 10, rateEnd: 10 }))
  const rigs = sharesOf(3).map((share) => rigOf({ plan, share }))
  for (const { clock, swarm } of rigs) {
    swarm.change({ type: 'set-rate', atMs: 1_000, factor: 3 })
    swarm.change({ type: 'set-rate', atMs: 2_000, factor: 0.5 })
    await clock.advance(startAtMs + 6_000)
  }
  const indices = rigs.flatMap(({ diary }) => diary.created).toSorted((a, b) => a - b)
  // Ten in the first second, thirty in the next, five in each of the last two.
  expect(indices).toEqual(Array.from({ length: 50 }, (_, index) => index))
  const started = rigs.flatMap(({ diary }) => diary.iterations.map(({ startedMs }) => startedMs - startAtMs))
  expect(started.filter((ms) => ms >= 1_000 && ms < 2_000)).toHaveLength(30)
})

test('a change that belongs to the other model does nothing', async () => {
  const arrivals = rigOf({ plan: planOf(open()) })
  arrivals.swarm.change({ type: 'set-clients', atMs: 0, clients: 50 })
  const clients = rigOf({ plan: planOf(closed({ durationMs: 1_000 })) })
  clients.swarm.change({ type: 'set-rate', atMs: 0, factor: 9 })
  for (const { clock } of [arrivals, clients]) await clock.advance(startAtMs + 3_000)
  expect([arrivals.diary.created.length, clients.diary.created.length]).toEqual([10, 1])
})

test('arrivals that find the most clients there are dropped and counted, in exact shares', async () => {
  const plan = planOf({ ...open({ durationMs: 1_000, rateStart: 100, rateEnd: 100 }), maxClients: 7 })
  const rigs = sharesOf(2).map((share) => rigOf({ plan, share, script: { serviceMs: () => 60_000 } }))
  for (const { clock } of rigs) await clock.advance(startAtMs + 2_000)
  expect(rigs.map(({ swarm }) => swarm.clientCount())).toEqual([4, 3])
  expect(rigs.reduce((sum, rig) => sum + rig.numbers().counters.droppedStarts, 0)).toBe(93)
})

test('a frozen target cannot fill the memory of an open plan that sets no limit', async () => {
  // One of a hundred shards: a hundred of the ten thousand clients that are let in.
  const plan = planOf(open({ durationMs: 1_000, rateStart: 12_000, rateEnd: 12_000 }))
  const rig = rigOf({ plan, share: { index: 7, count: 100 }, script: { serviceMs: () => 60_000 } })
  await rig.clock.advance(startAtMs + 1_000)
  expect([rig.swarm.clientCount(), rig.numbers().counters.droppedStarts]).toEqual([100, 20])
})

test('each client makes as many iterations as it may, and the run is over with the last [L5]', async () => {
  const plan = planOf(closed({ clients: 3, iterationsPerClient: 4, durationMs: 60_000 }))
  const rigs = sharesOf(2).map((share) => rigOf({ plan, share }))
  for (const { clock } of rigs) await clock.advance(startAtMs + 1_000)
  expect(rigs.flatMap(({ diary }) => diary.iterations)).toHaveLength(12)
  expect(rigs.every((rig) => rig.isFinished())).toBe(true)
})

test.each([
  { clients: 2, iterationsPerClient: 4 },
  { clients: 5, iterationsInTotal: 1 },
])('where iterations are counted, a share that nothing of $clients clients falls to is done from the start', async (counted) => {
  const rig = rigOf({ plan: planOf(closed({ ...counted, durationMs: 60_000 })), share: { index: 3, count: 4 } })
  let isOver = false
  void rig.swarm.finished.then(() => (isOver = true))
  await rig.clock.advance(startAtMs + 1)
  expect(isOver).toBe(true)
  expect(rig.diary.iterations).toEqual([])
})

test('all clients together make as many iterations as they may, over all shards', async () => {
  const plan = planOf(closed({ clients: 5, iterationsInTotal: 17, durationMs: 60_000 }))
  const rigs = sharesOf(3).map((share) => rigOf({ plan, share }))
  for (const { clock } of rigs) await clock.advance(startAtMs + 2_000)
  expect(rigs.map(({ diary }) => diary.iterations.length)).toEqual([6, 6, 5])
  expect(rigs.every((rig) => rig.isFinished())).toBe(true)
})

test('a pause that shards hear of at different times stops the plan at the same instant for all', async () => {
  const plan = planOf(open({ durationMs: 3_000, rateStart: 10, rateEnd: 10 }))
  const rigs = sharesOf(2).map((share) => rigOf({ plan, share }))
  for (const [index, { clock, swarm }] of rigs.entries()) {
    // The second one hears of it 40 ms after the fact.
    await clock.advance(startAtMs + 1_000 + index * 90)
    swarm.pause(1_050)
    await clock.advance(4_000 - index * 90)
    swarm.resume(startAtMs + 5_050)
    swarm.change({ type: 'set-rate', atMs: 1_500, factor: 2 })
    await clock.advance(10_000)
  }
  const indices = rigs.flatMap(({ diary }) => diary.created).toSorted((a, b) => a - b)
  expect(indices).toEqual(Array.from({ length: 15 + 30 }, (_, index) => index))
  const intended = rigs.flatMap(({ diary }) => diary.iterations.map(({ intendedMs }) => intendedMs - startAtMs))
  // Nothing was due in the pause; four seconds lie between the last start before it and the first after it.
  expect(intended.filter((ms) => ms > 1_050 && ms < 5_050)).toEqual([])
})

test('phases follow the plan, not the clock, where there were pauses', async () => {
  const plan = planOf(shaped(stage(1_000, 1, 1, 'low'), stage(1_000, 2, 2, 'high')))
  const { clock, swarm } = rigOf({ plan })
  await clock.advance(startAtMs + 500)
  swarm.pause()
  await clock.advance(5_000)
  expect(swarm.phaseAt(startAtMs + 5_400)).toBe('low')
  swarm.resume()
  await clock.advance(2_000)
  expect([400, 5_900, 6_100].map((ms) => swarm.phaseAt(startAtMs + ms))).toEqual(['low', 'low', 'high'])
})

test('calls due after load was set by hand carry a phase of their own, in both models', async () => {
  const shape = rigOf({ plan: planOf(shaped(stage(1_000, 1, 1, 'low'), stage(2_000, 2, 2, 'high'))) })
  shape.swarm.change({ type: 'set-clients', atMs: 1_500, clients: 5 })
  const arrivals = rigOf({ plan: planOf(open({ name: 'steady', durationMs: 3_000 })) })
  arrivals.swarm.change({ type: 'set-rate', atMs: 500, factor: 4 })
  arrivals.swarm.change({ type: 'set-rate', atMs: 1_500, factor: 1 })
  for (const { clock } of [shape, arrivals]) await clock.advance(startAtMs + 2_000)
  const phasesAt = [shape, arrivals].map(({ swarm }) => [100, 700, 1_400, 1_600].map((ms) => swarm.phaseAt(startAtMs + ms)))
  expect(phasesAt).toEqual([
    ['low', 'low', 'high', 'set by hand'],
    ['steady', 'set by hand', 'set by hand', 'steady'],
  ])
})

test('another target reaches the clients at its instant of the plan, in both models', async () => {
  const rigs = [rigOf({ plan: planOf(open({ durationMs: 3_000 })) }), rigOf({ plan: planOf(closed()) })]
  for (const { clock, swarm, diary } of rigs) {
    swarm.change({ type: 'set-target', atMs: 500, target: 'http://127.0.0.1:2/mcp' })
    await clock.advance(startAtMs + 499)
    expect(diary.targets).toEqual([])
    await clock.advance(1)
    expect(diary.targets).toEqual(['http://127.0.0.1:2/mcp'])
    expect(swarm.phaseAt(startAtMs + 500)).not.toBe('set by hand')
  }
})

test('whatever the shape, as many clients live as its level says, in as many shards as there are, and none starts early', async () => {
  const level = fc.integer({ min: 0, max: 12 })
  const stages = fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), level, level), { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(stages, fc.integer({ min: 1, max: 3 }), async (written, count) => {
      const parts = written.map(([seconds, from, to]) => stage(seconds * 1_000, from, to))
      const plan = planOf(shaped(...parts))
      // A client that waits for its next beat leaves at once.
      const rigs = sharesOf(count).map((share) => rigOf({ plan, share, script: { paceMs: 60_000, serviceMs: () => 1 } }))
      const seconds = written.reduce((sum, [length]) => sum + length, 0)
      // Half a second after each whole one, when no level of these passes a whole number and the last call has ended.
      for (const { clock } of rigs) await clock.advance(startAtMs + 503)
      for (let second = 0; second < seconds; second++) {
        const wanted = clientsAtLevel(levelAt(parts, second * 1_000 + 503))
        const living = rigs.reduce((sum, { swarm }) => sum + swarm.clientCount(), 0)
        // One more may be about to end its only call.
        expect(Math.abs(living - wanted)).toBeLessThanOrEqual(1)
        for (const { clock } of rigs) await clock.advance(1_000)
      }
      for (const { diary } of rigs)
        expect(diary.iterations.every(({ startedMs, intendedMs }) => startedMs >= intendedMs)).toBe(true)
    }),
    { numRuns: 25 },
  )
})

test('with fewer clients set by hand, the run is over when those have made their iterations', async () => {
  const plan = planOf(closed({ clients: 4, spawnRatePerSecond: 1_000, iterationsPerClient: 4, durationMs: 60_000 }))
  const rig = rigOf({ plan, script: { paceMs: 1_000, serviceMs: () => 10 } })
  rig.swarm.change({ type: 'set-clients', atMs: 1_500, clients: 2 })
  await rig.clock.advance(startAtMs + 8_000)
  expect([rig.diary.iterations.length, rig.isFinished()]).toEqual([12, true])
})

test('with fewer clients set by hand than are done, the run is over at once', async () => {
  const plan = planOf(closed({ clients: 4, spawnRatePerSecond: 0.5, iterationsPerClient: 1, durationMs: 60_000 }))
  const rig = rigOf({ plan, script: { serviceMs: () => 10 } })
  rig.swarm.change({ type: 'set-clients', atMs: 1_500, clients: 1 })
  await rig.clock.advance(startAtMs + 2_500)
  expect([rig.diary.iterations.length, rig.isFinished()]).toEqual([1, true])
})

test('clients set to none may be set again, though their iterations are counted', async () => {
  const plan = planOf(closed({ clients: 2, spawnRatePerSecond: 1_000, iterationsPerClient: 9, durationMs: 60_000 }))
  const rig = rigOf({ plan, script: { paceMs: 1_000, serviceMs: () => 10 } })
  rig.swarm.change({ type: 'set-clients', atMs: 1_500, clients: 0 })
  rig.swarm.change({ type: 'set-clients', atMs: 4_500, clients: 2 })
  await rig.clock.advance(startAtMs + 5_000)
  expect([rig.swarm.clientCount(), rig.isFinished()]).toEqual([2, false])
})
