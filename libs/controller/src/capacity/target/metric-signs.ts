import type { LevelSigns } from '@squall/capacity'
import type { MetricReading } from './parse-prometheus.ts'

/** Two readings of the target's own metrics, at the start and the end of a stretch of load. */
export interface MetricStretch {
  readonly first: MetricReading
  readonly last: MetricReading
  readonly seconds: number
}

/** What the target's metrics say of its resources; what they do not tell is absent. */
export type TargetSigns = Pick<
  LevelSigns,
  'cpuUse' | 'memoryUse' | 'poolUse' | 'poolWaitMs' | 'warehouseQueueMs' | 'warehouseRunMs'
> & { readonly residentBytes?: number; readonly poolSize?: number; readonly poolHeldSeconds?: number }

type SignName = keyof TargetSigns

interface SignSource {
  readonly sign: SignName
  readonly read: (stretch: MetricStretch) => number | undefined
}

/** By how much a counter grew. */
const growth =
  (name: string) =>
  ({ first, last }: MetricStretch): number | undefined => {
    const [before, after] = [first.get(name), last.get(name)]
    return before === undefined || after === undefined || after < before ? undefined : after - before
  }

const gauge =
  (name: string) =>
  ({ last }: MetricStretch): number | undefined =>
    last.get(name)

/** One over another; undefined where either is not known or the second is nothing. */
const over =
  (part: SignSource['read'], whole: SignSource['read'], factor = 1) =>
  (stretch: MetricStretch): number | undefined => {
    const [above, below] = [part(stretch), whole(stretch)]
    return above === undefined || below === undefined || below <= 0 ? undefined : (above / below) * factor
  }

/** The mean of what a histogram or summary of seconds observed meanwhile. */
const meanSeconds = (name: string, factor = 1): SignSource['read'] => over(growth(`${name}_sum`), growth(`${name}_count`), factor)

const sum =
  (one: SignSource['read'], other: SignSource['read']) =>
  (stretch: MetricStretch): number | undefined => {
    const [a, b] = [one(stretch), other(stretch)]
    return a === undefined || b === undefined ? undefined : a + b
  }

const cpuSeconds = growth('process_cpu_seconds_total')
const seconds: SignSource['read'] = ({ seconds }) => seconds
/** One thread runs JavaScript and Python alike: a second of it is a second of the whole. */
const oneThread = (name: string): SignSource['read'] =>
  over((stretch) => (stretch.last.has(name) ? cpuSeconds(stretch) : undefined), seconds)
/** Where each sign is read, best source first: our own server's metrics, then those that servers elsewhere commonly have. */
const signSources: readonly SignSource[] = [
  {
    sign: 'cpuUse',
    read: over(
      growth('mcp_event_loop_active_seconds_total'),
      sum(growth('mcp_event_loop_active_seconds_total'), growth('mcp_event_loop_idle_seconds_total')),
    ),
  },
  { sign: 'cpuUse', read: oneThread('nodejs_version_info') },
  { sign: 'cpuUse', read: oneThread('python_info') },
  { sign: 'cpuUse', read: over(over(cpuSeconds, seconds), gauge('go_sched_gomaxprocs_threads')) },
  { sign: 'cpuUse', read: gauge('process_cpu_usage') },
  { sign: 'memoryUse', read: over(gauge('process_resident_memory_bytes'), gauge('mcp_memory_limit_bytes')) },
  { sign: 'memoryUse', read: over(gauge('container_memory_working_set_bytes'), gauge('container_spec_memory_limit_bytes')) },
  { sign: 'memoryUse', read: over(gauge('process_resident_memory_bytes'), gauge('process_memory_limit_bytes')) },
  { sign: 'residentBytes', read: gauge('process_resident_memory_bytes') },
  { sign: 'poolUse', read: over(gauge('mcp_connection_pool_leased'), gauge('mcp_connection_pool_max')) },
  { sign: 'poolUse', read: over(gauge('hikaricp_connections_active'), gauge('hikaricp_connections_max')) },
  { sign: 'poolUse', read: over(gauge('db_client_connections_usage'), gauge('db_client_connections_max')) },
  { sign: 'poolSize', read: gauge('mcp_connection_pool_max') },
  { sign: 'poolSize', read: gauge('hikaricp_connections_max') },
  { sign: 'poolSize', read: gauge('db_client_connections_max') },
  { sign: 'poolWaitMs', read: meanSeconds('mcp_connection_acquisition_seconds', 1000) },
  { sign: 'poolWaitMs', read: meanSeconds('hikaricp_connections_acquire_seconds', 1000) },
  { sign: 'poolWaitMs', read: meanSeconds('db_client_connections_wait_time_seconds', 1000) },
  { sign: 'poolHeldSeconds', read: meanSeconds('mcp_connection_lease_seconds') },
  { sign: 'poolHeldSeconds', read: meanSeconds('hikaricp_connections_usage_seconds') },
  { sign: 'warehouseQueueMs', read: meanSeconds('mcp_query_queued_seconds', 1000) },
  { sign: 'warehouseRunMs', read: meanSeconds('mcp_query_duration_seconds', 1000) },
]

/** Reads every sign from the first source that has it. */
export function readSigns(stretch: MetricStretch): TargetSigns {
  const signs: { -readonly [name in SignName]?: number } = {}
  for (const { sign, read } of signSources) {
    if (signs[sign] !== undefined) continue
    const value = read(stretch)
    if (value !== undefined) signs[sign] = value
  }
  return signs
}
