import { appendFileSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '@squall/errors'
import type { Fabric, FabricEvent } from '@squall/fabric'
import type { Summary } from '@squall/report'
import { temporaryDirectory } from '@squall/testing'
import { FakeClock, seededRandom } from '@squall/time'
import { expect, onTestFinished, test } from 'vitest'
import type { LoadRun } from '../run-load.ts'
import { controllerErrors } from '../errors.ts'
import { demoPlan } from '../test/demo-plan.ts'
import { many } from '../test/demo-snapshot.ts'
import { createSimulatedFabric } from '../test/simulated-fabric.ts'
import { describeMismatches, parseBaselineEntry, type BaselineEntry } from './baseline-entry.ts'
import { BaselineStore } from './baseline-store.ts'
import { checkBaseline } from './check-baseline.ts'
import { compareTargets, type ComparedRun } from './compare-targets.ts'
import { alignRuns, metricsOf } from './run-metrics.ts'
import { toComparison } from './to-comparison.ts'
import { toHistory } from './to-history.ts'

const run = {
  pack: 'demo',
  startedAt: '2026-01-01T00:00:00.000Z',
  durationSeconds: 1,
  squallVersion: '1',
  nodeVersion: '24',
  machine: { cpuModel: 'x', cpuCount: 2, memoryBytes: 1, platform: 'linux' },
}

/** A saved run whose one tool took about so long. */
function entry(index: number, ms: number, conditions: Partial<BaselineEntry['conditions']> = {}): BaselineEntry {
  return {
    schema: 'squall/baseline@1',
    runId: `run-${index}`,
    startedAt: new Date(index * 1000).toISOString(),
    squallVersion: '1',
    conditions: {
      pack: 'demo',
      planHash: 'h',
      runner: 'native',
      workers: 1,
      cpuModel: 'x',
      cpuCount: 2,
      nodeVersion: '24',
      ...conditions,
    },
    metrics: [
      { tool: '*', metric: 'failed', scale: 'share', value: 0 },
      { tool: 'echo', metric: 'response.p50', scale: 'ratio', value: ms },
    ],
  }
}

const around = (ms: number, count: number, from = 0): BaselineEntry[] =>
  Array.from({ length: count }, (_, index) => entry(from + index, ms * (1 + ((index * 7) % 5) / 200)))

const plan = { ...demoPlan, model: { type: 'closed', clients: 1, spawnRatePerSecond: 1, durationMs: 5_000 } } as const

/** What a generator sends that has no time for its clients. */
const strained =
  (onEvent: (event: FabricEvent) => void) =>
  (event: FabricEvent): void => {
    if (event.type !== 'snapshot') return onEvent(event)
    const { snapshot } = event
    onEvent({ ...event, snapshot: { ...snapshot, generator: { ...snapshot.generator, cpuMs: 990, eventLoopUtilization: 0.99 } } })
  }

async function compare(
  msOf: (target: string) => number,
  changes: { pairs?: number; stopAfter?: number; strainedRun?: number; goneAt?: number } = {},
) {
  const clock = new FakeClock()
  const leaving = new AbortController()
  const over = new AbortController()
  const events: ComparedRun[] = []
  const random = seededRandom(5)
  let prepared = 0
  const simulated = createSimulatedFabric(clock, ({ target }, seconds) => {
    const mood = 1 + random.next() / 50
    return Array.from({ length: seconds }, () => many(30, { ms: msOf(target) * mood }))
  })
  const fabric: Fabric = {
    ...simulated,
    prepare: (request) => {
      prepared += 1
      if (prepared === changes.goneAt) throw new CodedError(controllerErrors.CONTROLLER_TARGET_UNREACHABLE)
      return simulated.prepare(prepared === changes.strainedRun ? { ...request, onEvent: strained(request.onEvent) } : request)
    },
  }
  const surroundings: Omit<LoadRun, 'plan'> = {
    workers: 1,
    fabric,
    clock,
    probe: async () => ({ type: 'mcp' }),
    reportDirectory: temporaryDirectory(onTestFinished),
    squallVersion: '1',
    signal: leaving.signal,
    onProgress: () => undefined,
  }
  const found = compareTargets({
    plans: { base: { ...plan, target: 'http://base/mcp' }, candidate: { ...plan, target: 'http://candidate/mcp' } },
    pairs: changes.pairs ?? 8,
    random: seededRandom(3),
    surroundings,
    onRun: (event) => {
      events.push(event)
      if (events.length === changes.stopAfter) leaving.abort(new Error('stopped'))
    },
  }).finally(() => over.abort())
  found.catch(() => undefined)
  while (!over.signal.aborted) {
    await clock.advance(1000)
    await new Promise(setImmediate)
  }
  const { sides, setAside, wasStopped, failure } = await found
  const facts = { names: { base: 'b', candidate: 'c' }, sides, setAside, options: { runs: 'paired' as const }, notes: [], run }
  return { comparison: toComparison({ ...facts, refusals: wasStopped ? ['stopped'] : [] }), events, wasStopped, failure }
}

test('two servers are run in turn, in either order, and the slower one is found', async () => {
  const { comparison, events } = await compare((target) => (target.includes('candidate') ? 120 : 100))
  expect(comparison).toMatchObject({ schema: 'squall/comparison@1', verdict: 'slower', runsEach: 8, setAside: 0, reasons: [] })
  const p50 = comparison.metrics.find(({ metric }) => metric === 'response.p50')
  expect(p50).toMatchObject({ tool: 'echo', verdict: 'slower' })
  expect(Math.abs((p50?.effect ?? 0) - 0.2)).toBeLessThan(0.03)
  const firsts = events.filter(({ summary }, index) => summary === undefined && index % 4 === 0).map(({ side }) => side)
  expect(new Set(firsts)).toEqual(new Set(['base', 'candidate']))
})

test('a pair in which the generator was strained is set aside, both runs of it', async () => {
  const { comparison } = await compare(() => 100, { pairs: 3, strainedRun: 4 })
  expect(comparison).toMatchObject({ setAside: 2, runsEach: 2 })
  expect(comparison.reasons).toContain('2 runs do not count, since the generator was strained in them')
})

test('the same server twice is no slower', async () => {
  const { comparison } = await compare(() => 100)
  expect(['same', 'inconclusive']).toContain(comparison.verdict)
})

test('who stops gets what was measured so far, and no verdict', async () => {
  const { comparison, wasStopped } = await compare(() => 100, { stopAfter: 5 })
  expect(wasStopped).toBe(true)
  expect(comparison).toMatchObject({ verdict: 'inconclusive', reasons: ['stopped'], runsEach: 1 })
})

test('a target that is gone after a first pair leaves what was measured before; in the first, nothing', async () => {
  const { comparison, failure } = await compare(() => 100, { goneAt: 6 })
  expect(failure?.code).toBe('CONTROLLER_TARGET_UNREACHABLE')
  expect(comparison.runsEach).toBe(2)
  await expect(compare(() => 100, { goneAt: 2 })).rejects.toThrow(CodedError)
})

/** Ten runs that fail so many calls, with one tool that takes so long where it is known. */
const runsOf = (failed: number, ms: number | undefined) =>
  Array.from({ length: 10 }, () => [
    { tool: '*', metric: 'failed', scale: 'share' as const, value: failed },
    ...(ms === undefined ? [] : [{ tool: 'a', metric: 'response.p50', scale: 'ratio' as const, value: ms }]),
  ])

test('servers that fail most calls, or answer none, are not called the same; slower stays slower', () => {
  const compared = (base: ReturnType<typeof runsOf>, candidate: ReturnType<typeof runsOf>) => {
    const names = { base: 'b', candidate: 'c' }
    const options = { runs: 'paired' as const }
    return toComparison({ names, sides: { base, candidate }, options, refusals: [], notes: [], setAside: 0, run })
  }
  expect(compared(runsOf(0, 20), runsOf(0, 20)).verdict).toBe('same')
  expect(compared(runsOf(0.98, 20), runsOf(0.98, 20))).toMatchObject({
    verdict: 'inconclusive',
    reasons: ["98 % of the candidate's calls failed, so their times say nothing of its work"],
  })
  expect(compared(runsOf(0, undefined), runsOf(0, undefined))).toMatchObject({
    verdict: 'inconclusive',
    reasons: ['no tool was called often enough for its times to be compared'],
  })
  expect(compared(runsOf(0, 20), runsOf(0.98, 1)).verdict).toBe('slower')
  expect(compared(runsOf(0.98, 20), runsOf(0, 20)).verdict).toBe('faster')
})

test('runs are compared by tools they made enough calls for, and by the share of failures of all methods', () => {
  const latency = { min: 1, mean: 1, p50: 5, p90: 6, p95: 7, p99: 8, p999: 9, max: 9 }
  const group = (calls: number, failed = 0) => ({
    calls,
    ok: calls - failed,
    failed,
    errors: {},
    service: { ...latency, count: calls },
    response: { ...latency, count: calls },
  })
  const summary = {
    totals: group(24, 2),
    methods: { ping: group(6, 1) },
    tools: { a: group(20), b: group(19), c: group(4) },
  } as unknown as Summary
  expect(metricsOf(summary).map(({ tool, metric, value }) => [tool, metric, value])).toEqual([
    ['*', 'failed', 0.1],
    ['a', 'response.p50', 5],
    ['a', 'response.p95', 7],
    ['b', 'response.p50', 5],
  ])
  expect(metricsOf({ totals: group(0), methods: {}, tools: {} } as unknown as Summary)).toMatchObject([{ value: 0 }])
})

test('what not every run has is not compared', () => {
  const [a, b] = [
    { tool: 'a', metric: 'm', scale: 'ratio', value: 1 },
    { tool: 'b', metric: 'm', scale: 'ratio', value: 2 },
  ] as const
  expect(alignRuns([[a, b]], [[a]])).toEqual({
    metrics: [{ tool: 'a', metric: 'm', scale: 'ratio', base: [1], candidate: [1] }],
    gaps: ['m of b is not compared: 1 of 1 runs of the base and 0 of 1 of the candidate made calls enough'],
  })
  const seldom = [[a, b], [a], [a]]
  expect(alignRuns(seldom, seldom).gaps).toEqual([])
  expect(alignRuns([], [])).toEqual({ metrics: [], gaps: [] })
  const facts = {
    names: { base: 'b', candidate: 'c' },
    setAside: 2,
    options: { runs: 'paired' as const },
    notes: ['n'],
    run,
    refusals: [],
  }
  expect(toComparison({ ...facts, sides: { base: [[a]], candidate: [[b]] } })).toMatchObject({
    verdict: 'inconclusive',
    reasons: [
      'the runs have nothing in common to be compared by',
      'm of a is not compared: 1 of 1 runs of the base and 0 of 1 of the candidate made calls enough',
      'm of b is not compared: 0 of 1 runs of the base and 1 of 1 of the candidate made calls enough',
      '2 runs do not count, since the generator was strained in them',
      'n',
    ],
  })
})

const fast = (index: number) => ({ tool: 'fast', metric: 'm', scale: 'ratio', value: 100 + index }) as const

test('a tool that became so slow that hardly a call of it was made does not go unseen', () => {
  const hung = { tool: 'hung', metric: 'm', scale: 'ratio', value: 100 } as const
  const facts = { names: { base: 'b', candidate: 'c' }, setAside: 0, options: { runs: 'paired' as const }, notes: [], run }
  const runs = Array.from({ length: 10 }, (_, index) => index)
  const before = runs.map((index) => [fast(index), hung])
  const judge = (ms: number) =>
    toComparison({
      ...facts,
      refusals: [],
      sides: { base: before, candidate: runs.map((index) => [{ ...fast(index), value: ms + index }]) },
    })
  const unseen = ['m of hung is not compared: 10 of 10 runs of the base and 0 of 10 of the candidate made calls enough']
  expect(judge(100)).toMatchObject({ verdict: 'inconclusive', reasons: unseen, metrics: [{ tool: 'fast', verdict: 'same' }] })
  expect(judge(150)).toMatchObject({ verdict: 'slower', reasons: unseen })
})

test('a baseline whose last line lost its end, as editors leave it, is added to and not spoilt', async () => {
  const store = new BaselineStore(temporaryDirectory(onTestFinished))
  await store.add('heavy', [entry(1, 5)])
  const path = join(store.directory, 'heavy.jsonl')
  writeFileSync(path, readFileSync(path, 'utf8').trimEnd())
  await store.add('heavy', [entry(2, 6), entry(2, 6)])
  expect((await store.read('heavy')).map(({ runId }) => runId)).toEqual(['run-1', 'run-2'])
})

test('saved runs: added once, read in order, and a broken line is named', async () => {
  const store = new BaselineStore(join(temporaryDirectory(onTestFinished), 'deep', 'store'))
  expect([await store.list(), await store.read('heavy')]).toEqual([[], []])
  expect((await store.add('heavy', [entry(1, 5), entry(2, 6)])).length).toBe(2)
  expect((await store.add('heavy', [entry(2, 6), entry(3, 7)])).map(({ runId }) => runId)).toEqual(['run-3'])
  expect((await store.read('heavy')).map(({ runId }) => runId)).toEqual(['run-1', 'run-2', 'run-3'])
  expect(await store.list()).toEqual(['heavy'])
  appendFileSync(join(store.directory, 'heavy.jsonl'), '{"schema":"squall/baseline@1"}\n')
  await expect(store.read('heavy')).rejects.toThrow('heavy.jsonl line 4 is no saved run')
  expect(parseBaselineEntry('nonsense')).toBeUndefined()
  expect(readFileSync(join(store.directory, 'heavy.jsonl'), 'utf8').split('\n').length).toBe(5)
})

test('a store that cannot be written says so', async () => {
  const file = join(temporaryDirectory(onTestFinished), 'file')
  writeFileSync(file, '')
  await expect(new BaselineStore(join(file, 'store')).add('a', [])).rejects.toMatchObject({
    code: 'CONTROLLER_BASELINE_UNREADABLE',
  })
  const elsewhere = temporaryDirectory(onTestFinished)
  symlinkSync(join(elsewhere, 'gone', 'deep'), join(elsewhere, 'a.jsonl'))
  await expect(new BaselineStore(elsewhere).add('a', [entry(1, 5)])).rejects.toMatchObject({
    code: 'CONTROLLER_BASELINE_NOT_WRITABLE',
  })
})

const check = (saved: readonly BaselineEntry[], fresh: readonly BaselineEntry[], minimumEffect?: number) =>
  checkBaseline({ name: 'heavy', saved, fresh, run, candidate: 'new', minimumEffect })

test('new runs are held against saved ones', () => {
  expect(check(around(100, 20), around(120, 6, 50))).toMatchObject({
    verdict: 'slower',
    base: 'baseline heavy, 20 runs',
    candidate: 'new',
  })
  expect(check(around(100, 20), around(100, 8, 50)).verdict).toBe('same')
  expect(check(around(100, 20), around(120, 6, 50), 0.5).verdict).toBe('same')
  expect(check(around(100, 1), around(120, 1, 50))).toMatchObject({
    verdict: 'inconclusive',
    base: 'baseline heavy, 1 run',
    runsNeeded: 5,
  })
  // Fifty saved runs, of which the newest thirty count.
  expect(check([...around(200, 20), ...around(100, 30, 20)], around(100, 8, 90)).verdict).toBe('same')
})

test('runs of other conditions are refused, each difference by name [B1]', () => {
  const other = Array.from({ length: 6 }, (_, index) => entry(50 + index, 100, { planHash: 'other', cpuCount: 8 }))
  const { verdict, reasons } = check(around(100, 20), other)
  expect(verdict).toBe('inconclusive')
  expect(reasons.slice(0, 3)).toEqual([
    'the runs cannot be compared',
    'the load that the pack makes differs: h and other',
    'the number of cores differs: 2 and 8',
  ])
  expect(describeMismatches([])).toEqual([])
})

test('saved runs from before a pack was changed are left out, once there are others', () => {
  const old = Array.from({ length: 40 }, (_, index) => entry(index, 500, { planHash: 'old' }))
  const { verdict, reasons, base } = check([...old, ...around(100, 20, 50)], around(120, 6, 90))
  expect([verdict, base]).toEqual(['slower', 'baseline heavy, 20 runs'])
  expect(reasons).toEqual(['40 saved runs of another pack, load or machine are left out'])
})

test('a history knows the run from which on a metric keeps another level [B2]', () => {
  const gap = { ...entry(99, 1), metrics: [] }
  const { series, runs } = toHistory('heavy', [...around(100, 20), gap, ...around(130, 20, 100)])
  expect(runs.length).toBe(41)
  const latency = series.find(({ metric }) => metric === 'response.p50')
  expect(latency?.values[20]).toBeNull()
  expect(latency?.changes).toMatchObject([{ index: 21 }])
  expect(latency?.changes[0]?.after).toBeGreaterThan(129)
  expect(series.find(({ metric }) => metric === 'failed')?.changes).toEqual([])
})

/** A run of twenty metrics, none of which ever changes. */
const level = (index: number, random: () => number): BaselineEntry => ({
  ...entry(index, 1),
  metrics: Array.from({ length: 20 }, (_, tool) => ({
    tool: `tool-${tool}`,
    metric: 'response.p50',
    scale: 'ratio' as const,
    value: 100 + 10 * random(),
  })),
})

test('a page of many metrics shows no change where none was, but for one page in twenty or so', () => {
  const source = seededRandom(8)
  const random = (): number => source.next()
  const pages = Array.from({ length: 150 }, () =>
    toHistory(
      'level',
      Array.from({ length: 24 }, (_, run) => level(run, random)),
    ),
  )
  const changed = pages.filter(({ series }) => series.some(({ changes }) => changes.length > 0))
  // One in twenty are 7.5 of 150; without a correction for twenty metrics it would be some 25.
  expect(changed.length).toBeLessThanOrEqual(14)
})
