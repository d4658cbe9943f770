import type { LoadPlan } from '@squall/load-plan'
import type { LiveState } from '@squall/report'
import { temporaryDirectory } from '@squall/testing'
import { FakeClock } from '@squall/time'
import { expect, onTestFinished, test } from 'vitest'
import { drive, type DrivenRun, type EndedRun } from './drive.ts'
import type { RunControls } from './run-controls.ts'
import { RunRecord } from './run-record.ts'
import { demoPlan } from './test/demo-plan.ts'
import { many } from './test/demo-snapshot.ts'
import { createFakeFabric, type FakeFabric, type FakeFabricOptions } from './test/fake-fabric.ts'

interface Driven {
  readonly clock: FakeClock
  readonly fabric: FakeFabric
  readonly states: LiveState[]
  readonly leaving: AbortController
  readonly controls: RunControls
  readonly record: RunRecord
  readonly driven: Promise<DrivenRun>
  readonly ended: Promise<EndedRun>
}

/** A run whose T0 is 100 ms from now, or long ago where it is taken over. */
async function begin(
  plan: LoadPlan = demoPlan,
  leaving = new AbortController(),
  options: FakeFabricOptions = {},
): Promise<Driven> {
  const clock = new FakeClock()
  const fabric = createFakeFabric(clock, options)
  const record = new RunRecord(plan, 1, temporaryDirectory(onTestFinished))
  const { signal } = leaving
  const run = await fabric.prepare({ runId: 'r', plan, shards: 1, signal, onEvent: (event) => record.take(event) })
  const states: LiveState[] = []
  const onProgress = (state: LiveState): void => void states.push(state)
  const handed = Promise.withResolvers<RunControls>()
  const onControls = handed.resolve
  const driven = drive(run, { plan, clock, record, signal, onProgress, onStart: () => undefined, onControls })
  const controls = await handed.promise
  return { clock, fabric, states, leaving, controls, record, driven, ended: driven.then(({ ended }) => ended) }
}

test('a run shows each second as soon as its numbers are there', async () => {
  const { clock, fabric, states, ended } = await begin()
  await clock.advance(100)
  expect(states.map(({ phase }) => phase)).toEqual(['starting', 'running'])
  await clock.advance(1_000)
  fabric.send(0, many(30))
  await clock.advance(200)
  expect(states.at(-1)).toMatchObject({ phase: 'running', elapsedSeconds: 1.2, durationSeconds: 2, ok: 30, callsPerSecond: 30 })
  await clock.advance(1_000)
  fabric.send(1, many(3, { error: 'http.500' }))
  fabric.finish()
  expect(await ended).toEqual({ type: 'finalising', startAtMs: 100, stoppedAtMs: 2_300, endedAtMs: 2_300, why: 'complete' })
  expect(states.at(-1)).toMatchObject({ phase: 'writing the report', ok: 30, failed: 3, failuresByKind: { 'http.500': 3 } })
  expect(states.at(-1)?.tools).toMatchObject([{ tool: 'echo', calls: 33, failed: 3 }])
})

test('nothing waits any longer when a run is over', async () => {
  const { clock, fabric, ended } = await begin()
  fabric.finish()
  await ended
  expect(clock.pendingCount).toBe(0)
})

test('a user who stops a run has its calls finish for a moment', async () => {
  const { clock, fabric, leaving, states, ended } = await begin()
  await clock.advance(600)
  leaving.abort(new Error('Ctrl-C'))
  expect(fabric.stops).toEqual([800])
  expect(states.at(-1)?.phase).toBe('finishing calls')
  fabric.finish()
  expect(await ended).toMatchObject({ why: 'stopped', endedAtMs: 600 })
})

test('a run that is stopped before its first second drains like any other', async () => {
  const { fabric, ended } = await begin(demoPlan, abortedController())
  expect(fabric.stops).toEqual([800])
  fabric.finish()
  expect(await ended).toMatchObject({ why: 'stopped' })
})

test.each([
  ['closed', demoPlan, 2_000 + 1_000 + 15_000],
  [
    'open',
    {
      ...demoPlan,
      model: { type: 'open', phases: [{ name: 'p', durationMs: 5_000, rateStart: 1, rateEnd: 1, spacing: 'constant' }] },
    },
    5_000 + 1_000 + 120_000,
  ],
] satisfies [string, LoadPlan, number][])(
  'generators of a %s plan that never end are stopped at last',
  async (_, plan, longestMs) => {
    const { clock, fabric, record, ended } = await begin(plan)
    await clock.advance(100 + longestMs - 1)
    expect(fabric.stops).toEqual([])
    await clock.advance(1)
    expect(fabric.stops).toEqual([0])
    expect(texts(record)).toEqual([expect.stringContaining('cut: clients were still there long after the ')])
    fabric.finish()
    expect(await ended).toMatchObject({ why: 'overdue' })
  },
)

const longAfterMs = 100 + 2_000 + 1_000 + 15_000 + 5_000

test('a run whose numbers come late is not cut while they do: all of them count, and nobody is called late', async () => {
  const { clock, fabric, record, ended } = await begin()
  fabric.fallBehind()
  await clock.advance(longAfterMs)
  fabric.send(0, many(30))
  await clock.advance(60_000)
  fabric.send(1, many(12))
  fabric.finish()
  expect(await ended).toMatchObject({ why: 'complete' })
  expect([fabric.stops, texts(record), record.aggregate.numbers().totals.calls]).toEqual([[], [], 42])
})

test('generators that have not ended by what they said are stopped once all of it is read', async () => {
  const { clock, fabric, ended } = await begin()
  const catchUp = fabric.fallBehind()
  await clock.advance(longAfterMs)
  expect(fabric.stops).toEqual([])
  catchUp()
  await clock.advance(1)
  expect(fabric.stops).toEqual([0])
  fabric.finish()
  expect(await ended).toMatchObject({ why: 'overdue' })
})

test('a run that is over when all is read is not cut any more', async () => {
  const { clock, fabric, ended } = await begin()
  const catchUp = fabric.fallBehind()
  await clock.advance(longAfterMs)
  fabric.finish()
  await ended
  catchUp()
  await clock.advance(1)
  expect(fabric.stops).toEqual([])
})

test('the warm-up is told from the rest', async () => {
  const { clock, fabric, states, ended } = await begin({ ...demoPlan, warmUpMs: 1_000 })
  await clock.advance(200)
  expect(states.at(-1)?.phase).toBe('warming up')
  await clock.advance(1_500)
  expect(states.at(-1)?.phase).toBe('running')
  fabric.finish()
  await ended
})

const paced: LoadPlan = { ...demoPlan, model: { type: 'closed', clients: 10, spawnRatePerSecond: 5, durationMs: 60_000 } }
const arriving: LoadPlan = {
  ...demoPlan,
  model: { type: 'open', phases: [{ name: 'p', durationMs: 5_000, rateStart: 1, rateEnd: 1, spacing: 'constant' }] },
}
const texts = ({ events }: RunRecord): string[] => events.map(({ second, text }) => `${second.toFixed(1)} ${text}`)

test('what is set by hand reaches the generators for an instant that lies ahead, and becomes an event', async () => {
  const { clock, fabric, controls, record, ended } = await begin(paced)
  await clock.advance(1_100)
  expect([controls.model, controls.clients]).toEqual(['closed', 10])
  expect(controls.setClients(12)).toBe(true)
  expect(controls.setRateFactor(2)).toBe(false)
  await clock.advance(1_000)
  controls.setClients(-4)
  expect(controls.clients).toBe(0)
  expect(fabric.controls).toEqual([
    { type: 'set-clients', atMs: 1_150, clients: 12 },
    { type: 'set-clients', atMs: 2_150, clients: 0 },
  ])
  expect(texts(record)).toEqual(['1.0 clients set to 12', '2.0 clients set to 0'])
  fabric.finish()
  await ended
})

test('the rate of arrivals is set as a multiple of the plan', async () => {
  const { clock, fabric, controls, record, ended } = await begin(arriving)
  await clock.advance(2_100)
  expect([controls.model, controls.clients, controls.setClients(5)]).toEqual(['open', 0, false])
  expect([controls.setRateFactor(1.5), controls.rateFactor]).toEqual([true, 1.5])
  expect(fabric.controls).toEqual([{ type: 'set-rate', atMs: 2_150, factor: 1.5 }])
  expect(texts(record)).toEqual(['2.0 rate set to 150 % of the plan'])
  fabric.finish()
  await ended
})

test("what was set by hand is a phase of its own: the rates of the plan's phases are over their own time alone", async () => {
  const { clock, fabric, controls, driven } = await begin(arriving)
  await clock.advance(2_100)
  controls.setRateFactor(3)
  await clock.advance(1_000)
  controls.setRateFactor(1)
  fabric.finish()
  expect((await driven).phases).toEqual([
    { name: 'p', durationMs: 2_150 },
    { name: 'set by hand', durationMs: 1_000 },
    { name: 'p', durationMs: 1_850 },
  ])
})

test('another target is checked like the first, and is an event of the report without its credentials', async () => {
  const { clock, fabric, controls, record, ended } = await begin(paced)
  await clock.advance(1_100)
  expect(controls.setTarget('localhost:3000')).toMatchObject({
    value: 'localhost:3000',
    expected: expect.stringContaining('a whole URL') as string,
  })
  expect(controls.setTarget(' http://user:geheim@127.0.0.1:1/mcp ')).toBeUndefined()
  expect(fabric.controls).toEqual([{ type: 'set-target', atMs: 1_150, target: 'http://user:geheim@127.0.0.1:1/mcp' }])
  expect(texts(record)).toEqual(['1.0 target set to http://***@127.0.0.1:1/mcp'])
  fabric.finish()
  await ended
})

test('agents are not sent to a target that they were not asked about', async () => {
  const { clock, fabric, controls, ended } = await begin(paced, undefined, { agents: () => [] })
  await clock.advance(1_100)
  expect(controls.setTarget('http://127.0.0.1:1/mcp')).toEqual({
    value: 'http://127.0.0.1:1/mcp',
    expected: 'a run of this machine alone',
  })
  expect(fabric.controls).toEqual([])
  fabric.finish()
  await ended
})

test('a shape says how many clients are wanted until someone else does', async () => {
  const stages = [
    { name: 'a', durationMs: 1_000, from: 2, to: 2 },
    { name: 'b', durationMs: 9_000, from: 8, to: 8 },
  ]
  const { clock, controls, fabric, ended } = await begin({
    ...demoPlan,
    model: { type: 'closed', clients: 8, spawnRatePerSecond: 1, durationMs: 10_000, stages },
  })
  await clock.advance(600)
  expect(controls.clients).toBe(2)
  await clock.advance(1_000)
  expect(controls.clients).toBe(8)
  controls.setClients(3)
  expect(controls.clients).toBe(3)
  fabric.finish()
  await ended
})

test('a pause moves the rest of the plan, its end and the time it may take', async () => {
  const { clock, fabric, states, controls, record, driven } = await begin()
  await clock.advance(600)
  controls.pause()
  controls.pause()
  expect(states.at(-1)?.phase).toBe('paused')
  // Changes made in a pause are for the instant at which the plan stands.
  controls.setClients(2)
  await clock.advance(60_000)
  expect(fabric.stops).toEqual([])
  controls.resume()
  controls.resume()
  await clock.advance(200)
  expect(states.at(-1)).toMatchObject({ phase: 'running' })
  const pausedMs = 60_000
  expect(fabric.controls).toEqual([
    { type: 'pause', atMs: 650 },
    { type: 'set-clients', atMs: 650, clients: 2 },
    // Half a second after T0 plus the lead of 150 ms it stood still, and it goes on 150 ms from now.
    { type: 'resume', atWallMs: clock.wallMs() - 200 + 150 },
  ])
  expect(texts(record)).toEqual(['0.5 paused', '0.5 clients set to 2', '60.5 resumed after 60.0 s'])
  await clock.advance(2_000 + 1_000 + 15_000 - 900)
  expect(fabric.stops).toEqual([])
  await clock.advance(300)
  expect(fabric.stops).toEqual([0])
  fabric.finish()
  expect(await driven).toMatchObject({ pausedMs, measuredPausedMs: pausedMs, isSetByHand: true })
})

test('a run that is stopped in a pause stood still until then, however long its last calls take', async () => {
  const { clock, fabric, controls, driven } = await begin(paced)
  await clock.advance(2_100)
  controls.pause()
  await clock.advance(3_000)
  controls.stop()
  await clock.advance(20_000)
  fabric.finish()
  const { ended, pausedMs, measuredPausedMs, planMsAt } = await driven
  expect([ended.stoppedAtMs, pausedMs, measuredPausedMs]).toEqual([5_100, 2_850, 2_850])
  expect([planMsAt(1), planMsAt(5), planMsAt(25)]).toEqual([1_000, 2_150, 2_150])
})

test('a run that is taken over goes on as it was steered before, and its numbers stand still where it did [D4]', async () => {
  const wallMs = new FakeClock().wallMs()
  const past = {
    controls: [
      { type: 'set-clients', atMs: 1_000, clients: 2 },
      { type: 'pause', atMs: 3_000 },
      { type: 'resume', atWallMs: wallMs - 20_000 },
      { type: 'reset-numbers', fromSecond: 12 },
      { type: 'pause', atMs: 13_000 },
    ],
  } as const
  // It stood still after 3 s for 7 s, and stands since second 20.
  const { clock, fabric, controls, states, record, driven } = await begin(paced, undefined, {
    takenOver: { startedMsAgo: 30_000, past },
  })
  expect(controls).toMatchObject({ clients: 2, isPaused: true })
  expect(texts(record)).toEqual([
    '1.0 clients set to 2',
    '3.0 paused',
    '10.0 resumed after 7.0 s',
    '12.0 numbers reset: they count from second 12',
    '20.0 paused',
  ])
  expect(fabric.controls).toEqual([])
  await clock.advance(600_000)
  expect(fabric.stops).toEqual([])
  expect(states.at(-1)?.phase).toBe('paused')
  controls.resume()
  expect(fabric.controls).toEqual([{ type: 'resume', atWallMs: clock.wallMs() + 150 }])
  await clock.advance(150 + 47_000)
  fabric.finish()
  const { ended, pausedMs, measuredPausedMs, planMsAt, phases, isSetByHand } = await driven
  expect({ pausedMs, measuredPausedMs, isSetByHand }).toEqual({
    pausedMs: 7_000 + 610_150,
    measuredPausedMs: 610_150,
    isSetByHand: true,
  })
  expect([planMsAt(2), planMsAt(5), planMsAt(11), planMsAt(25)]).toEqual([2_000, 3_000, 4_000, 13_000])
  expect(phases).toHaveLength(2)
  expect(ended.why).toBe('complete')
})

test('a run that was being stopped when its controller was lost has been stopped', async () => {
  const past = { controls: [], stoppedAtWallMs: new FakeClock().wallMs() - 1_000 }
  const takenOver = { startedMsAgo: 5_000, past }
  const { fabric, record, states, ended } = await begin(paced, undefined, { takenOver })
  expect(states.at(-1)?.phase).toBe('finishing calls')
  expect(texts(record)).toEqual(['4.0 stopped before it was taken over'])
  fabric.finish()
  expect(await ended).toMatchObject({ why: 'stopped', startAtMs: -5_000, stoppedAtMs: -1_000 })
})

test('numbers that are reset begin anew with the next second', async () => {
  const { clock, fabric, controls, record, ended } = await begin(paced)
  await clock.advance(1_300)
  fabric.send(0, many(30))
  controls.resetNumbers()
  fabric.send(1, many(5))
  await clock.advance(2_000)
  fabric.send(2, many(7))
  const { totals, warmUp, warmUpSeconds, measuredSeconds } = record.aggregate.numbers(10)
  expect([totals.calls, warmUp.calls, warmUpSeconds, measuredSeconds]).toEqual([7, 35, 2, 8])
  expect(texts(record)).toEqual(['1.2 numbers reset: they count from second 2'])
  fabric.finish()
  await ended
})

test('stopping by hand lets calls finish; once more ends them', async () => {
  const { clock, fabric, controls, record, ended } = await begin(paced)
  await clock.advance(1_100)
  controls.stop()
  controls.stopNow()
  expect(fabric.stops).toEqual([demoPlan.requestTimeoutMs, 0])
  expect(texts(record)).toEqual(['1.0 stopped by hand', '1.0 stopped by hand, at once'])
  fabric.finish()
  expect(await ended).toMatchObject({ why: 'stopped' })
})

test('a threshold that may end the run does, once the newest seconds break it and it is due [L9]', async () => {
  const aborts = [{ expression: 'failed<50%', afterMs: 3_000 }]
  const { clock, fabric, record, driven } = await begin({ ...paced, thresholds: ['failed<50%'], aborts })
  await clock.advance(100)
  for (let second = 0; second < 20; second++) {
    fabric.send(second, many(10, second < 10 ? {} : { error: 'http.500' }))
    await clock.advance(1_000)
    if (fabric.stops.length > 0) break
  }
  fabric.finish()
  // Half of the last ten seconds are bad with second 14, which this test sends as it begins; of a whole run, it would take until second 19.
  expect(texts(record)).toEqual(['14.2 ended early: the last seconds broke failed<50%'])
  const { ended, abort } = await driven
  expect(ended.why).toBe('aborted')
  expect(abort).toEqual({ expression: 'failed<50%', value: 50, ok: false })
})

/** Forty seconds, of which the last twenty are the peak; calls come at ten a second. */
const peaking: LoadPlan = {
  ...demoPlan,
  model: {
    type: 'open',
    phases: [
      { name: 'quiet', durationMs: 20_000, rateStart: 10, rateEnd: 10, spacing: 'constant' },
      { name: 'peak', durationMs: 20_000, rateStart: 10, rateEnd: 10, spacing: 'constant' },
    ],
  },
  aborts: [
    { expression: 'rate>8', afterMs: 1_000 },
    { expression: 'phase.peak.rate>8', afterMs: 1_000 },
  ],
}

test('a rate that may end the run is judged by the time there was load: neither a pause nor a phase to come breaks it', async () => {
  const { clock, fabric, controls } = await begin(peaking)
  await clock.advance(100)
  let planned = 0
  for (let second = 0; second < 52; second++) {
    if (second === 12) controls.pause()
    if (second === 24) controls.resume()
    const isPaused = second >= 12 && second < 24
    fabric.send(second, isPaused ? [] : many(10, { phase: planned++ < 20 ? 'quiet' : 'peak' }))
    await clock.advance(1_000)
    expect(fabric.stops, `second ${second}`).toEqual([])
  }
  // The same watch sees a rate that is really too low.
  for (let second = 52; second < 57; second++) {
    fabric.send(second, many(1, { phase: 'peak' }))
    await clock.advance(1_000)
  }
  expect(fabric.stops).not.toEqual([])
  fabric.finish()
})

test('a threshold that is not yet due ends nothing', async () => {
  const aborts = [{ expression: 'failed<50%', afterMs: 30_000 }]
  const { clock, fabric, ended } = await begin({ ...paced, thresholds: ['failed<50%'], aborts })
  await clock.advance(100)
  for (let second = 0; second < 20; second++) {
    fabric.send(second, many(10, { error: 'http.500' }))
    await clock.advance(1_000)
  }
  expect(fabric.stops).toEqual([])
  fabric.finish()
  expect(await ended).toMatchObject({ why: 'complete' })
})

test('who takes a run over does not judge its first seconds by a threshold that was not due then', async () => {
  const aborts = [{ expression: 'failed<50%', afterMs: 30_000 }]
  const plan = { ...paced, thresholds: ['failed<50%'], aborts }
  const { clock, fabric, ended } = await begin(plan, undefined, {
    takenOver: { startedMsAgo: 50_000, past: { controls: [] } },
  })
  for (let second = 0; second < 29; second++) {
    fabric.send(second, many(10, { error: 'http.500' }))
    // Many seconds of numbers are read in one.
    await clock.advance(100)
    expect(fabric.stops).toEqual([])
  }
  fabric.send(29, many(10, { error: 'http.500' }))
  await clock.advance(1_000)
  expect(fabric.stops).toEqual([800])
  fabric.finish()
  expect(await ended).toMatchObject({ why: 'aborted' })
})

function abortedController(): AbortController {
  const controller = new AbortController()
  controller.abort(new Error('Ctrl-C'))
  return controller
}
