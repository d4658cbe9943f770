import { exitCodes, type ExitCode } from '@squall/errors'
import type { LoadPlan } from '@squall/load-plan'
import type { RunInfo, Summary, ThresholdResult, Verdict } from '@squall/report'
import type { ArtilleryReport } from './artillery-report.ts'
import { judgeExpression } from './judge-group.ts'
import { sumOf, toGroups } from './to-group.ts'
import { toTimeline } from './to-timeline.ts'

/** A run of stock Artillery that has ended with a report. */
export interface ArtilleryRun {
  readonly plan: LoadPlan
  readonly run: RunInfo
  readonly report: ArtilleryReport
  /** What Artillery ended with: plugins such as ensure and expect decide it. */
  readonly exitCode: number
}

/**
 * Squall's summary of a run of stock Artillery, as far as Artillery's numbers go. What Artillery does not know is 0 or absent: clients at once, numbers by client kind,
 * transport and phase, the generator's own load. Its response times are service times.
 */
export function summariseArtillery({ plan, run, report, exitCode }: ArtilleryRun): { summary: Summary; exitCode: ExitCode } {
  const { aggregate, intermediate } = report
  const { counters, summaries } = aggregate
  const tools = toGroups(aggregate, 'mcp.tools.')
  const methods = toGroups(aggregate, 'mcp.methods.')
  const total = sumOf(Object.values(tools), summaries['mcp.tools.response_time'])
  const all = sumOf([...Object.values(tools), ...Object.values(methods)], summaries['mcp.response_time'])
  const measuredSeconds = run.durationSeconds
  const droppedStarts = counters['vusers.skipped'] ?? 0
  const numbers = { tools, methods, total, all, droppedStarts, measuredSeconds }
  const thresholds = plan.thresholds.map((expression) => judgeExpression(expression, numbers))
  const judged = judge(exitCode, all.ok, thresholds)
  const summary: Summary = {
    schema: 'squall/summary@1',
    run: { ...run, measuredSeconds },
    verdict: judged.verdict,
    reasons: judged.reasons,
    totals: {
      calls: total.calls,
      ok: total.ok,
      failed: total.failed,
      droppedStarts,
      clientsStarted: counters['vusers.created'] ?? 0,
      clientsPeak: 0,
      clientsNotStarted: 0,
      sessionsOpened: counters['mcp.sessions_opened'] ?? 0,
      bytesSent: counters['mcp.bytes_sent'] ?? 0,
      bytesReceived: counters['mcp.bytes_received'] ?? 0,
      strayReplies: counters['mcp.stray_replies'] ?? 0,
      foldedCalls: 0,
    },
    warmUp: { calls: 0, failed: 0 },
    rate: { callsPerSecond: measuredSeconds > 0 ? Math.round((total.calls / measuredSeconds) * 1000) / 1000 : 0 },
    latencyMs: { service: total.service, response: total.response },
    tools,
    methods,
    clientKinds: {},
    transports: {},
    phases: {},
    latencies: {},
    agents: [],
    errors: errorsOf(counters),
    generator: {
      cpuSeconds: 0,
      callsPerCpuSecond: 0,
      eventLoopDelayP99Ms: 0,
      scheduleLagP99Ms: 0,
      peakRssBytes: 0,
      saturated: false,
    },
    loss: { shardSeconds: 0, snapshots: 0, lateSnapshots: 0, gaps: [] },
    thresholds,
    clientKindEvidence: {},
    samples: [],
    events: [],
    timeline: toTimeline(intermediate, Date.parse(run.startedAt)),
  }
  return { summary, exitCode: judged.exitCode }
}

const errorPrefix = 'errors.'

function errorsOf(counters: Readonly<Record<string, number>>): Record<string, number> {
  const errors = Object.entries(counters).filter(([name]) => name.startsWith(errorPrefix))
  return Object.fromEntries(errors.map(([name, count]) => [name.slice(errorPrefix.length), count]))
}

interface Judgement {
  readonly verdict: Verdict
  readonly exitCode: ExitCode
  readonly reasons: readonly string[]
}

function judge(artilleryCode: number, succeeded: number, thresholds: readonly ThresholdResult[]): Judgement {
  const broken = thresholds
    .filter(({ ok, value }) => !ok && value !== null)
    .map(({ expression }) => `${expression} does not hold`)
  const refused = artilleryCode === 0 ? [] : [`Artillery's own checks failed it: exit code ${artilleryCode}`]
  const failures = succeeded === 0 ? ['no call succeeded'] : [...refused, ...broken]
  if (failures.length > 0) return { verdict: 'fail', exitCode: exitCodes.thresholdBroken, reasons: failures }
  const unknown = thresholds
    .filter(({ value }) => value === null)
    .map(({ expression }) => `Artillery does not measure ${expression}`)
  if (unknown.length > 0) return { verdict: 'inconclusive', exitCode: exitCodes.inconclusive, reasons: unknown }
  return { verdict: 'pass', exitCode: exitCodes.ok, reasons: [] }
}
