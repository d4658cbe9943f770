import type { Groups, GroupSummary, LatencySummary } from '@squall/report'
import type { ArtilleryNumbers } from './artillery-report.ts'

/** The tools or the other methods, each with its numbers, from metrics such as `mcp.tools.NAME.calls`. */
export function toGroups({ counters, summaries }: ArtilleryNumbers, prefix: 'mcp.tools.' | 'mcp.methods.'): Groups {
  const names = Object.keys(counters).flatMap((counter) =>
    // A tool's name may hold dots itself.
    counter.startsWith(prefix) && counter.endsWith('.calls') ? [counter.slice(prefix.length, -'.calls'.length)] : [],
  )
  const group = (name: string): GroupSummary => {
    const calls = counters[`${prefix}${name}.calls`] ?? 0
    const failed = counters[`${prefix}${name}.failed`] ?? 0
    return toGroup(calls, failed, summaries[`${prefix}${name}.response_time`])
  }
  return Object.fromEntries(names.toSorted().map((name) => [name, group(name)]))
}

/** Several groups as one; what Artillery says of the times of all of them comes along, since percentiles cannot be added. */
export function sumOf(groups: readonly GroupSummary[], times?: Times): GroupSummary {
  const sum = (pick: 'calls' | 'failed'): number => groups.reduce((total, group) => total + group[pick], 0)
  return toGroup(sum('calls'), sum('failed'), times)
}

type Times = ArtilleryNumbers['summaries'][string]

/** Times are those of the service: Artillery knows when a user should have arrived, but not when a call of a session was due. */
function toGroup(calls: number, failed: number, times?: Times): GroupSummary {
  const latency = toLatency(times)
  // Artillery counts errors by their code alone, not by tool.
  return { calls, ok: calls - failed, failed, errors: {}, service: latency, response: latency }
}

function toLatency(times: Times = {}): LatencySummary {
  const { min, mean, p50, p90, p95, p99, p999, max, count } = times
  return {
    min: min ?? 0,
    mean: mean ?? 0,
    p50: p50 ?? 0,
    p90: p90 ?? 0,
    p95: p95 ?? 0,
    p99: p99 ?? 0,
    p999: p999 ?? 0,
    max: max ?? 0,
    count: count ?? 0,
  }
}
