import { AggregatorRegistry, type MetricObjectWithValues, type MetricValue, type Registry } from 'prom-client'

/** All metrics of one process at one moment, as plain data that can be sent to another. */
export type MetricsSnapshot = readonly MetricObjectWithValues<MetricValue<string>>[]

/** What of several processes is no sum. */
const notSummed: Readonly<Record<string, 'max' | 'average'>> = {
  mcp_uptime_seconds: 'max',
  mcp_health_status: 'max',
  mcp_connection_pool_utilization_percent: 'average',
}

/** Metrics of several processes as those of one, in Prometheus' text format. */
export function renderMerged(snapshots: readonly MetricsSnapshot[]): Promise<string> {
  return merge(snapshots).metrics()
}

/** What remains true of processes that have ended: what they counted, as one. */
export function mergeCounters(snapshots: readonly MetricsSnapshot[]): Promise<MetricsSnapshot> {
  // prom-client writes the type of a metric as text, whatever its declaration says.
  const counters = snapshots.map((snapshot) => snapshot.filter(({ type }) => ['counter', 'histogram'].includes(String(type))))
  return merge(counters).getMetricsAsJSON()
}

function merge(snapshots: readonly MetricsSnapshot[]): Registry {
  const marked = snapshots.map((snapshot) =>
    snapshot.map((metric) => ({ ...metric, aggregator: notSummed[metric.name] ?? metric.aggregator })),
  )
  return AggregatorRegistry.aggregate(marked)
}
