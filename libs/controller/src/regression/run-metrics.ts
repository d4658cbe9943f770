import type { MetricRuns, MetricScaleName } from '@squall/baseline'
import type { GroupSummary, Summary } from '@squall/report'

/** One number of one run. */
export interface RunMetric {
  /** `*` for all calls. */
  readonly tool: string
  readonly metric: string
  readonly scale: MetricScaleName
  readonly value: number
}

/** With fewer calls a median, or a p95, is the luck of one or two of them. */
const leastCalls = { p50: 5, p95: 20 } as const

/** What a run is compared by: the share of failed calls, and of each tool the response times that it made enough calls for. */
export function metricsOf({ tools, totals, methods }: Pick<Summary, 'tools' | 'totals' | 'methods'>): RunMetric[] {
  const others = Object.values(methods)
  const calls = others.reduce((sum, group) => sum + group.calls, totals.calls)
  const failed = others.reduce((sum, group) => sum + group.failed, totals.failed)
  const share = { tool: '*', metric: 'failed', scale: 'share' as const, value: calls === 0 ? 0 : failed / calls }
  return [share, ...Object.entries(tools).flatMap(([tool, group]) => latenciesOf(tool, group))]
}

function latenciesOf(tool: string, { response }: GroupSummary): RunMetric[] {
  return (['p50', 'p95'] as const).flatMap((statistic) =>
    response.count < leastCalls[statistic]
      ? []
      : [{ tool, metric: `response.${statistic}`, scale: 'ratio' as const, value: response[statistic] }],
  )
}

/** What can be compared, and in words what cannot. */
export interface AlignedRuns {
  /** Side by side: metrics that every run of both sides has. */
  readonly metrics: readonly MetricRuns[]
  /** Metrics that half of the runs of a side have, and others do not: a tool that became so slow that few calls of it were made is no tool less. */
  readonly gaps: readonly string[]
}

type Runs = readonly (readonly RunMetric[])[]

/** Puts the runs of both sides beside each other, metric by metric. */
export function alignRuns(base: Runs, candidate: Runs): AlignedRuns {
  const all = [...base, ...candidate]
  const known = new Map(all.flat().map((one) => [`${one.tool}\0${one.metric}`, one]))
  const metrics: MetricRuns[] = []
  const gaps: string[] = []
  for (const { tool, metric, scale } of known.values()) {
    const valuesOf = (runs: Runs): number[] =>
      runs.flatMap((run) => run.find((one) => one.tool === tool && one.metric === metric)?.value ?? [])
    const [before, after] = [valuesOf(base), valuesOf(candidate)]
    if (before.length + after.length === all.length) metrics.push({ tool, metric, scale, base: before, candidate: after })
    else if (before.length * 2 >= base.length || after.length * 2 >= candidate.length)
      gaps.push(
        `${metric} of ${tool} is not compared: ${before.length} of ${base.length} runs of the base and ${after.length} of ${candidate.length} of the candidate made calls enough`,
      )
  }
  return { metrics, gaps }
}
