import type { TimelineSecond } from '@squall/report'
import type { ArtilleryNumbers } from './artillery-report.ts'
import { toGroups } from './to-group.ts'

/** Artillery counts in windows of ten seconds, whatever it is told. */
const windowSeconds = 10

/** The run over time, ten seconds at a time. Artillery knows neither how many users there are at once nor how late it is itself. */
export function toTimeline(periods: readonly ArtilleryNumbers[], startedAtWallMs: number): TimelineSecond[] {
  return periods
    .flatMap((period) => (period.firstMetricAt === undefined ? [] : [{ ...period, atWallMs: period.firstMetricAt }]))
    .toSorted((left, right) => left.atWallMs - right.atWallMs)
    .map((period) => toPoint(period, Math.max(0, Math.floor((period.atWallMs - startedAtWallMs) / 1000))))
}

function toPoint(period: ArtilleryNumbers, second: number): TimelineSecond {
  const tools = Object.entries(toGroups(period, 'mcp.tools.'))
  const { p50 = null, p95 = null, p99 = null } = period.summaries['mcp.tools.response_time'] ?? {}
  return {
    second,
    seconds: windowSeconds,
    calls: tools.reduce((sum, [, { calls }]) => sum + calls, 0),
    failed: tools.reduce((sum, [, { failed }]) => sum + failed, 0),
    clients: 0,
    p50,
    p95,
    p99,
    serviceP50: p50,
    serviceP95: p95,
    serviceP99: p99,
    droppedStarts: period.counters['vusers.skipped'] ?? 0,
    clientsByKind: {},
    toolCalls: Object.fromEntries(tools.map(([name, { calls }]) => [name, calls])),
    errors: {},
    generatorCpu: 0,
    eventLoopUtilization: 0,
    eventLoopDelayP99Ms: 0,
    scheduleLagP99Ms: 0,
  }
}
