import { exitCodes } from '@squall/errors'
import type { LoadPlan } from '@squall/load-plan'
import type { RunInfo } from '@squall/report'
import { expect, test } from 'vitest'
import type { ArtilleryNumbers, ArtilleryReport } from './artillery-report.ts'
import { summariseArtillery } from './to-summary.ts'

const times = { min: 1, max: 90, count: 30, mean: 12, p50: 10, p90: 40, p95: 50, p99: 80, p999: 90 }
const startedAt = '2026-11-22T10:00:00.000Z'

const numbers = (counters: Record<string, number> = {}, changes: Partial<ArtilleryNumbers> = {}): ArtilleryNumbers => ({
  counters: {
    'vusers.created': 10,
    'mcp.tools.echo.calls': 20,
    'mcp.tools.a.dotted.tool.calls': 10,
    'mcp.tools.a.dotted.tool.failed': 3,
    'mcp.methods.initialize.calls': 10,
    'mcp.sessions_opened': 10,
    'mcp.stray_replies': 2,
    'errors.tool.is_error': 3,
    ...counters,
  },
  summaries: {
    'mcp.tools.response_time': times,
    'mcp.tools.echo.response_time': times,
    'mcp.methods.initialize.response_time': { ...times, p95: 7 },
  },
  ...changes,
})

const at = (second: number): number => Date.parse(startedAt) + second * 1000

// Only what is looked at.
const run = { runner: 'artillery', startedAt, durationSeconds: 10 } as RunInfo
const planOf = (thresholds: readonly string[]): LoadPlan => ({ thresholds }) as unknown as LoadPlan

const summarise = (thresholds: readonly string[], report: Partial<ArtilleryReport> = {}, exitCode = 0) =>
  summariseArtillery({ plan: planOf(thresholds), run, exitCode, report: { aggregate: numbers(), intermediate: [], ...report } })

test("Artillery's counters become calls per tool and method, whatever dots a name holds", () => {
  const { summary } = summarise([])
  expect(summary.totals).toMatchObject({
    calls: 30,
    ok: 27,
    failed: 3,
    clientsStarted: 10,
    sessionsOpened: 10,
    strayReplies: 2,
    droppedStarts: 0,
  })
  expect(summary.tools).toMatchObject({
    echo: { calls: 20, ok: 20, service: { p95: 50 }, response: { p95: 50 } },
    'a.dotted.tool': { calls: 10, ok: 7, failed: 3, service: { p95: 0, count: 0 } },
  })
  expect(summary.methods).toMatchObject({ initialize: { calls: 10, failed: 0, service: { p95: 7 } } })
  expect(summary.errors).toEqual({ 'tool.is_error': 3 })
  expect(summary.rate.callsPerSecond).toBe(3)
})

test.each([
  ['p95<51ms', 50, true],
  ['service.max<90ms', 90, false],
  ['failed<8%', 7.5, true],
  ['failed<3', 3, false],
  ['tool.echo.failed<1%', 0, true],
  ['tool.echo.p99<1s', 80, true],
  ['tool.nobody.p99<1s', null, false],
  ['method.initialize.p95<10ms', 7, true],
  ['method.tools/call.calls>=30', 30, true],
  ['rate>2', 3, true],
  ['calls>30', 30, false],
  ['droppedStarts<1', 0, true],
  ['p80<1s', null, false],
  ['kind.cursor.failed<1%', null, false],
  ['phase.peak.p95<1s', null, false],
])('%s is %j', (expression, value, ok) => {
  expect(summarise([expression]).summary.thresholds).toEqual([{ expression, value, ok }])
})

test.each([
  ['holds everything', ['p95<1s'], 0, {}, 'pass', exitCodes.ok, []],
  ['breaks a threshold', ['p95<1ms'], 0, {}, 'fail', exitCodes.thresholdBroken, ['p95<1ms does not hold']],
  [
    'is failed by ensure',
    ['p95<1s'],
    1,
    {},
    'fail',
    exitCodes.thresholdBroken,
    ["Artillery's own checks failed it: exit code 1"],
  ],
  [
    'asks what Artillery does not know',
    ['kind.cursor.failed<1%'],
    0,
    {},
    'inconclusive',
    exitCodes.inconclusive,
    ['Artillery does not measure kind.cursor.failed<1%'],
  ],
] as const)('a run that %s ends so', (_, thresholds, artilleryCode, report, verdict, exitCode, reasons) => {
  const judged = summarise(thresholds, report, artilleryCode)
  expect({ verdict: judged.summary.verdict, exitCode: judged.exitCode, reasons: judged.summary.reasons }).toEqual({
    verdict,
    exitCode,
    reasons,
  })
})

test('a run in which nothing succeeded fails, whatever its thresholds say', () => {
  const aggregate = { counters: { 'mcp.methods.initialize.calls': 4, 'mcp.methods.initialize.failed': 4 }, summaries: {} }
  expect(summarise(['p95<1s'], { aggregate }).summary).toMatchObject({ verdict: 'fail', reasons: ['no call succeeded'] })
})

test('where no tool is called, the other methods are what is judged', () => {
  const counters = { 'mcp.methods.ping.calls': 100, 'mcp.methods.ping.failed': 2 }
  const aggregate = { counters, summaries: { 'mcp.response_time': times } }
  const judged = summarise(['p95<1s', 'rate>9', 'failed<1%'], { aggregate })
  expect(judged.exitCode).toBe(exitCodes.thresholdBroken)
  expect(judged.summary.thresholds).toMatchObject([
    { value: 50, ok: true },
    { value: 10, ok: true },
    { value: 2, ok: false },
  ])
})

test('windows of ten seconds become the timeline, in their order and without those in which nothing was counted', () => {
  const intermediate = [
    numbers({}, { firstMetricAt: at(10.4) }),
    numbers({ 'vusers.skipped': 2 }, { firstMetricAt: at(0.2) }),
    { counters: {}, summaries: {} },
  ]
  const { timeline } = summarise([], { intermediate }).summary
  expect(timeline).toMatchObject([
    { second: 0, seconds: 10, calls: 30, failed: 3, droppedStarts: 2, p95: 50 },
    { second: 10, seconds: 10, calls: 30, failed: 3, droppedStarts: 0, toolCalls: { echo: 20, 'a.dotted.tool': 10 } },
  ])
})
