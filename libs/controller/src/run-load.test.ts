import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLocalFabric } from '@squall/fabric'
import type { LoadPlan } from '@squall/load-plan'
import { removeDirectory, temporaryDirectory } from '@squall/testing'
import { FakeClock, systemClock } from '@squall/time'
import { expect, onTestFinished, test, vi } from 'vitest'
import { readJournal, runLoad, type LoadRun, type RunControls, type RunOutcome } from './index.ts'
import { demoPlan } from './test/demo-plan.ts'
import { demoSnapshot, many } from './test/demo-snapshot.ts'
import { createFakeFabric, type FakeFabric } from './test/fake-fabric.ts'

interface Trial {
  readonly clock: FakeClock
  readonly fabric: FakeFabric
  readonly directory: string
  readonly outcome: Promise<RunOutcome>
}

/** A run with a fabric the test plays, up to where its generators are ready. */
async function begin(changes: Partial<LoadRun> = {}): Promise<Trial> {
  const clock = new FakeClock()
  const fabric = createFakeFabric(clock)
  const directory = join(temporaryDirectory(onTestFinished), 'report')
  const outcome = runLoad({ ...request(directory), fabric, clock, ...changes })
  await vi.waitFor(() => expect(fabric.requests).toHaveLength(1), { timeout: 20_000 })
  await clock.advance(100)
  return { clock, fabric, directory, outcome }
}

const request = (reportDirectory: string): Omit<LoadRun, 'fabric' | 'clock'> => ({
  plan: demoPlan,
  workers: 1,
  probe: async () => ({ type: 'mcp' }),
  reportDirectory,
  squallVersion: '1.2.3',
  signal: new AbortController().signal,
  onProgress: () => undefined,
})

test('a run that goes well leaves a report, a journal, and nothing else', async () => {
  const { clock, fabric, directory, outcome } = await begin()
  await clock.advance(1_000)
  fabric.send(0, many(10))
  await clock.advance(1_000)
  fabric.send(1, many(30))
  fabric.finish()
  const { summary, exitCode, files, notes, writeError } = await outcome
  expect({ exitCode, notes, writeError }).toEqual({ exitCode: 0, notes: [], writeError: undefined })
  expect(summary).toMatchObject({
    verdict: 'pass',
    reasons: [],
    run: {
      pack: 'demo',
      durationSeconds: 2,
      workers: 1,
      fabric: 'local',
      squallVersion: '1.2.3',
      model: 'closed: 1 client, 1 started per second',
    },
    totals: { calls: 40, ok: 40 },
    rate: { callsPerSecond: 20 },
    loss: { shardSeconds: 0, snapshots: 0, gaps: [] },
    thresholds: [{ expression: 'failed<1%', value: 0, ok: true }],
    agents: [{ id: 'generator-0', state: 'finished' }],
  })
  expect(JSON.parse(readFileSync(files?.summary ?? '', 'utf8'))).toEqual(summary)
  expect(readdirSync(directory).toSorted()).toEqual(['journal.jsonl', 'junit.xml', 'report.html', 'report.md', 'summary.json'])
  expect(readJournal(join(directory, 'journal.jsonl')).map(({ type }) => type)).toEqual([
    'run',
    'snapshot',
    'snapshot',
    'shard-finished',
  ])
  expect(fabric.isClosed).toBe(true)
})

test('failed calls that generators show are in the report and in the journal', async () => {
  const { clock, fabric, directory, outcome } = await begin()
  await clock.advance(1_000)
  const sample = {
    code: 'http.500',
    method: 'tools/call',
    name: 'echo',
    message: 'm',
    request: '{}',
    reply: 'no',
    serviceMs: 1.5,
  }
  fabric.send(0, many(10, { error: 'http.500' }))
  fabric.emit({ type: 'samples', shard: 0, epoch: 1, samples: [sample] })
  fabric.finish()
  const { summary } = await outcome
  expect(summary.samples).toEqual([sample])
  expect(summary.loss).toMatchObject({ snapshots: 0, gaps: [] })
  expect(readJournal(join(directory, 'journal.jsonl'))).toContainEqual({ type: 'samples', shard: 0, epoch: 1, samples: [sample] })
})

test.each([
  ['nothing', 'pass', 0, []],
  ['one in a hundred', 'fail', 1, ['failed<1% does not hold']],
  ['everything', 'fail', 100, ['no call succeeded']],
])(
  'where only other methods are called and %s fails, the verdict without thresholds of its own is %s',
  async (_, verdict, bad, reasons) => {
    const { fabric, outcome } = await begin()
    fabric.send(0, [...many(100 - bad, { method: 'resources/read' }), ...many(bad, { method: 'ping', error: 'rpc.-32603' })])
    fabric.finish()
    expect(await outcome).toMatchObject({ exitCode: verdict === 'pass' ? 0 : 3, summary: { verdict, reasons } })
  },
)

test('a run without load, one that lost a shard, and one that broke a threshold say so', async () => {
  const none = await begin()
  none.fabric.finish()
  expect(await none.outcome).toMatchObject({ exitCode: 3, summary: { verdict: 'fail', reasons: ['no call succeeded'] } })

  const lost = await begin({ workers: 2 })
  lost.fabric.send(0, many(10), 0)
  lost.fabric.emit({ type: 'shard-lost', shard: 1, epoch: 1, cause: 'killed by SIGKILL' })
  lost.fabric.finish()
  expect(await lost.outcome).toMatchObject({ exitCode: 8, summary: { verdict: 'degraded', loss: { gaps: [{ shard: 1 }] } } })

  const broken = await begin({ plan: { ...demoPlan, thresholds: ['p95<1ms'] } })
  broken.fabric.send(0, many(10))
  broken.fabric.finish()
  expect(await broken.outcome).toMatchObject({ exitCode: 3, summary: { thresholds: [{ ok: false }] } })
})

test('an open plan is described by its phases', async () => {
  const phase = { name: 'up', durationMs: 2_000, rateStart: 1, rateEnd: 2.5, spacing: 'constant' } as const
  const plan: LoadPlan = { ...demoPlan, model: { type: 'open', phases: [phase, { ...phase, rateStart: 2.5 }] } }
  const { fabric, outcome } = await begin({ plan })
  fabric.finish()
  expect((await outcome).summary.run.model).toBe('open: 1 to 2.5/s for 2 s, 2.5/s for 2 s')
})

test('a snapshot that came twice counts once', async () => {
  const { fabric, outcome } = await begin()
  fabric.send(0, many(10))
  fabric.emit({ type: 'snapshot', shard: 0, epoch: 1, sequence: 0, snapshot: demoSnapshot(0, many(10)) })
  fabric.finish()
  expect((await outcome).summary).toMatchObject({ totals: { calls: 10 }, loss: { snapshots: 0 } })
})

test.each([
  [
    'the target is not there',
    { probe: async () => ({ type: 'unreachable', detail: 'ECONNREFUSED' }) as const },
    'CONTROLLER_TARGET_UNREACHABLE',
  ],
  [
    'the target is something else',
    { probe: async () => ({ type: 'not-mcp', detail: 'HTTP 404' }) as const },
    'CONTROLLER_TARGET_NOT_MCP',
  ],
])('where %s no generator is started and no directory left', async (_, changes, code) => {
  const clock = new FakeClock()
  const fabric = createFakeFabric(clock)
  const root = temporaryDirectory(onTestFinished)
  await expect(runLoad({ ...request(join(root, 'report')), fabric, clock, ...changes })).rejects.toMatchObject({ code })
  expect(fabric.requests).toEqual([])
  expect(readdirSync(root)).toEqual([])
})

test('where the generators do not start, no directory is left', async () => {
  const clock = new FakeClock()
  const root = temporaryDirectory(onTestFinished)
  const failure = new Error('no processes left')
  const run = runLoad({ ...request(join(root, 'report')), fabric: createFakeFabric(clock, { failure }), clock })
  await expect(run).rejects.toBe(failure)
  expect(readdirSync(root)).toEqual([])
})

test('a user who leaves while the target is looked for has no run', async () => {
  const clock = new FakeClock()
  const fabric = createFakeFabric(clock)
  const reason = new Error('Ctrl-C')
  const leaving = new AbortController()
  const probe = async () => {
    leaving.abort(reason)
    return { type: 'mcp' } as const
  }
  const run = runLoad({
    ...request(join(temporaryDirectory(onTestFinished), 'report')),
    fabric,
    clock,
    probe,
    signal: leaving.signal,
  })
  await expect(run).rejects.toBe(reason)
  expect(fabric.requests).toEqual([])
})

test('a stopped run has a whole report of what ran', async () => {
  const leaving = new AbortController()
  const { clock, fabric, outcome } = await begin({ signal: leaving.signal })
  await clock.advance(1_000)
  fabric.send(0, many(10))
  leaving.abort(new Error('Ctrl-C'))
  fabric.finish()
  expect(await outcome).toMatchObject({
    exitCode: 130,
    summary: { verdict: 'stopped', totals: { calls: 10 }, run: { durationSeconds: 1 }, agents: [{ state: 'stopped' }] },
  })
})

test('a report that cannot be written in the end is told of, and the numbers are still there', async () => {
  const { fabric, directory, outcome } = await begin()
  fabric.send(0, many(10))
  removeDirectory(directory)
  writeFileSync(directory, 'in the way')
  fabric.finish()
  const { summary, files, writeError } = await outcome
  expect(summary.totals.calls).toBe(10)
  expect(files).toBeUndefined()
  expect(writeError).toMatchObject({ code: 'REPORT_NOT_WRITABLE', exitCode: 9 })
})

test('with real processes every share arrives, and the sum is whole', async () => {
  const generator = new URL('./test/demo-generator.ts', import.meta.url)
  const directory = join(temporaryDirectory(onTestFinished), 'report')
  const phases: string[] = []
  const { summary, exitCode } = await runLoad({
    ...request(directory),
    workers: 3,
    fabric: createLocalFabric({ generator }),
    clock: systemClock,
    onProgress: ({ phase }) => void phases.push(phase),
  })
  expect(exitCode).toBe(0)
  expect(summary.totals.calls).toBe(60)
  expect(summary.timeline.map(({ calls }) => calls)).toEqual([30, 30])
  expect([...new Set(phases)]).toEqual(['starting', 'running', 'writing the report'])
})

test('a real process that is killed is a gap in the report; the others are counted', async () => {
  const generator = new URL('./test/demo-generator.ts', import.meta.url)
  const directory = join(temporaryDirectory(onTestFinished), 'report')
  const plan = { ...demoPlan, variables: { crash: 1 } }
  const { summary, exitCode } = await runLoad({
    ...request(directory),
    plan,
    workers: 2,
    fabric: createLocalFabric({ generator }),
    clock: systemClock,
  })
  expect(exitCode).toBe(8)
  expect(summary).toMatchObject({
    verdict: 'degraded',
    totals: { calls: 30 },
    loss: { shardSeconds: 1, gaps: [{ shard: 1, fromSecond: 1, toSecond: 2, cause: 'generator killed by SIGKILL' }] },
    agents: [{ state: 'finished' }, { state: 'lost' }],
  })
  expect(existsSync(join(directory, 'report.html'))).toBe(true)
})

test('a run of arrivals says how many came, how fast, and for how long', async () => {
  const phases = [
    { name: 'ramp', durationMs: 1_000, rateStart: 10, rateEnd: 30, spacing: 'constant' },
    { name: 'hold', durationMs: 1_000, rateStart: 30, rateEnd: 30, spacing: 'constant' },
  ] as const
  const { clock, fabric, outcome } = await begin({ plan: { ...demoPlan, model: { type: 'open', phases } } })
  await clock.advance(2_000)
  const snapshot = { ...demoSnapshot(0, many(50)), counters: { clientsStarted: 50 } }
  fabric.emit({ type: 'snapshot', shard: 0, epoch: 1, sequence: 0, snapshot })
  for (const second of [1, 2, 3, 4])
    fabric.emit({ type: 'snapshot', shard: 0, epoch: 1, sequence: second, snapshot: demoSnapshot(second) })
  await clock.advance(3_500)
  fabric.finish()
  const { summary } = await outcome
  expect(summary.run).toMatchObject({ arrivalSeconds: 2, model: 'open: 10 to 30/s for 1 s, 30/s for 1 s' })
  expect(summary.run.durationSeconds).toBeGreaterThanOrEqual(5)
  expect(summary.rate.callsPerSecond).toBeCloseTo(50 / summary.run.durationSeconds, 2)
})

test('rates of a run whose end is heard of long after it are over the time in which there was load', async () => {
  const phases = [{ name: '', durationMs: 2_000, rateStart: 25, rateEnd: 25, spacing: 'constant' }] as const
  const { clock, fabric, outcome } = await begin({ plan: { ...demoPlan, model: { type: 'open', phases } } })
  await clock.advance(60_000)
  for (const second of [0, 1, 2]) fabric.send(second, many(25))
  fabric.finish()
  const { summary } = await outcome
  expect(summary).toMatchObject({
    run: { durationSeconds: 3, arrivalSeconds: 2 },
    totals: { calls: 75 },
    rate: { callsPerSecond: 25 },
  })
})

test('seconds that were gone before a controller took the run over are told, and make it degraded [D5]', async () => {
  const { clock, fabric, outcome } = await begin({ resume: 'a-run' })
  await clock.advance(10_000)
  for (const second of [7, 8, 9])
    fabric.emit({ type: 'snapshot', shard: 0, epoch: 1, sequence: second, snapshot: demoSnapshot(second, many(5)) })
  fabric.finish()
  const { summary, exitCode } = await outcome
  expect(summary).toMatchObject({ verdict: 'degraded', loss: { snapshots: 7 }, totals: { calls: 15 } })
  expect([exitCode, summary.reasons]).toEqual([8, ['7 snapshots never arrived']])
})

/** Pauses its run from second 4 to second 14, so that second 15 of the run is second 5 of the plan, and stops it at second 22. */
async function pausedRun(plan: LoadPlan, resetAtSecond?: number): Promise<RunOutcome> {
  const handed = Promise.withResolvers<RunControls>()
  const { clock, fabric, outcome } = await begin({ plan, onControls: handed.resolve })
  const controls = await handed.promise
  for (let second = 0; second < 22; second++) {
    if (second === 4) controls.pause()
    if (second === 14) controls.resume()
    if (second === resetAtSecond) controls.resetNumbers()
    await clock.advance(1_000)
    const calls = second >= 4 && second < 14 ? [] : many(10, { phase: second < 20 ? 'quiet' : 'peak' })
    const snapshot = { ...demoSnapshot(second, calls), counters: { clientsStarted: calls.length } }
    fabric.emit({ type: 'snapshot', shard: 0, epoch: 1, sequence: second, snapshot })
  }
  controls.stop()
  fabric.finish()
  return outcome
}

const quietThenPeak: LoadPlan = {
  ...demoPlan,
  model: {
    type: 'open',
    phases: [
      { name: 'quiet', durationMs: 10_000, rateStart: 10, rateEnd: 10, spacing: 'constant' },
      { name: 'peak', durationMs: 10_000, rateStart: 10, rateEnd: 10, spacing: 'constant' },
    ],
  },
  thresholds: ['phase.quiet.rate>8', 'phase.peak.rate>8'],
}

test('after a pause the rates of phases, and of arrivals, are still over the time in which there was load', async () => {
  const { summary } = await pausedRun(quietThenPeak)
  expect(summary.run).toMatchObject({ durationSeconds: 22, arrivalSeconds: 12 })
  expect(summary.thresholds.map(({ value }) => value)).toEqual([10, 10])
})

test('numbers that are reset after a pause count from there in the plan as well', async () => {
  const { summary } = await pausedRun({ ...quietThenPeak, thresholds: ['phase.peak.rate>8'] }, 21)
  expect(summary.thresholds).toMatchObject([{ value: 10, ok: true }])
})
