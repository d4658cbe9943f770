import type { History, HistorySeries } from '../regression/history.ts'

/** A history of forty runs: two tools, one of them slower from the twenty-first run on, and failures towards the end. */
export function sampleHistory(): History {
  const runs = Array.from({ length: 40 }, (_, index) => index)
  const series = (tool: string, metric: string, valueOf: (run: number) => number): HistorySeries => ({
    tool,
    metric,
    isShare: metric === 'failed',
    values: runs.map((run) => (run === 7 ? null : valueOf(run) * (0.95 + ((run * 7) % 11) / 100))),
    changes: [],
  })
  const slower = series('execute_query', 'response.p95', (run) => (run < 20 ? 80 : 104))
  const failed = series('*', 'failed', (run) => (run < 30 ? 0 : 0.0004))
  return {
    name: 'heavy',
    runs: runs.map((run) => ({ id: `run-${run}`, startedAt: new Date(Date.UTC(2026, 9, 1 + run)).toISOString() })),
    series: [
      { ...failed, changes: [{ index: 30, before: 0, after: 0.0004, pValue: 0.002 }] },
      { ...slower, changes: [{ index: 20, before: 80, after: 104, pValue: 0.002 }] },
      series('list_databases', 'response.p50', () => 11),
    ],
  }
}
