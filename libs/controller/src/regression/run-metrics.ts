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

/** Side by side: metrics that every run of both sides has. */
export function alignRuns(base: readonly (readonly RunMetric[])[], candidate: readonly (readonly RunMetric[])[]): MetricRuns[] {
  const all = [...base, ...candidate]
  return (all[0] ?? []).flatMap(({ tool, metric, scale }) => {
    const valueIn = (run: readonly RunMetric[]): number | undefined =>
      run.find((one) => one.tool === tool && one.metric === metric)?.value
    const isEverywhere = all.every((run) => valueIn(run) !== undefined)
    const valuesOf = (runs: readonly (readonly RunMetric[])[]): number[] => runs.flatMap((run) => valueIn(run) ?? [])
    return isEverywhere ? [{ tool, metric, scale, base: valuesOf(base), candidate: valuesOf(candidate) }] : []
  })
}
