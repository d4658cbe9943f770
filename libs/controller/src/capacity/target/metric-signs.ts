import type { LevelSigns } from '@squall/capacity'
import type { MetricReading } from './parse-prometheus.ts'

/** Readings of the target's own metrics over a stretch of load. */
export interface MetricStretch {
  /** In order of time, two at least. */
  readonly readings: readonly MetricReading[]
  /** Between the first and the last reading. */
  readonly seconds: number
  /** Tool calls that were answered meanwhile. */
  readonly callsPerSecond: number
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
  ({ readings }: MetricStretch): number | undefined => {
    const [before, after] = [readings[0]?.get(name), readings.at(-1)?.get(name)]
    return before === undefined || after === undefined || after < before ? undefined : after - before
  }

const gauge =
  (name: string) =>
  ({ readings }: MetricStretch): number | undefined =>
    readings.at(-1)?.get(name)

/** What a gauge showed on average: one look at what comes and goes within a second is luck. */
const meanGauge =
  (name: string) =>
  ({ readings }: MetricStretch): number | undefined => {
    const values = readings.flatMap((reading) => reading.get(name) ?? [])
    return values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0) / values.length
  }

/** One over another; undefined where either is not known or the second is nothing. */
const over =
  (part: SignSource['read'], whole: SignSource['read'], factor = 1) =>
  (stretch: MetricStretch): number | undefined => {
    const [above, below] = [part(stretch), whole(stretch)]
    return above === undefined || below === undefined || below <= 0 ? undefined : (above / below) * factor
  }

const seconds: SignSource['read'] = ({ seconds }) => seconds
const calls: SignSource['read'] = ({ callsPerSecond, seconds }) => callsPerSecond * seconds
/** What a histogram or summary of seconds observed meanwhile, shared out among all calls: some cause none of it, others it more than once. */
const secondsPerCall = (name: string, factor = 1): SignSource['read'] => over(growth(`${name}_sum`), calls, factor)

const meanSeconds = (name: string, factor = 1): SignSource['read'] => over(growth(`${name}_sum`), growth(`${name}_count`), factor)

const sum =
  (one: SignSource['read'], other: SignSource['read']) =>
  (stretch: MetricStretch): number | undefined => {
    const [a, b] = [one(stretch), other(stretch)]
    return a === undefined || b === undefined ? undefined : a + b
  }

const cpuSeconds = growth('process_cpu_seconds_total')

/** The lesser of two, of those that are known; undefined where the first is not. */
const atMost =
  (one: SignSource['read'], other: SignSource['read']) =>
  (stretch: MetricStretch): number | undefined => {
    const [a, b] = [one(stretch), other(stretch)]
    return a === undefined ? undefined : Math.min(a, b ?? a)
  }

/** One thread runs JavaScript and Python alike: a second of it is a second of the whole. */
const oneThread = (name: string): SignSource['read'] =>
  over((stretch) => (gauge(name)(stretch) === undefined ? undefined : cpuSeconds(stretch)), seconds)

/** Where each sign is read, best source first: our own server's metrics, then those that servers elsewhere commonly have. */
const signSources: readonly SignSource[] = [
  {
    sign: 'cpuUse',
    // A loop that others keep from its core is active too, but it is not what is used up.
    read: atMost(
      over(
        growth('mcp_event_loop_active_seconds_total'),
        sum(growth('mcp_event_loop_active_seconds_total'), growth('mcp_event_loop_idle_seconds_total')),
      ),
      over(cpuSeconds, seconds),
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
  { sign: 'poolUse', read: over(meanGauge('mcp_connection_pool_leased'), gauge('mcp_connection_pool_max')) },
  { sign: 'poolUse', read: over(meanGauge('hikaricp_connections_active'), gauge('hikaricp_connections_max')) },
  { sign: 'poolUse', read: over(meanGauge('db_client_connections_usage'), gauge('db_client_connections_max')) },
  { sign: 'poolSize', read: gauge('mcp_connection_pool_max') },
  { sign: 'poolSize', read: gauge('hikaricp_connections_max') },
  { sign: 'poolSize', read: gauge('db_client_connections_max') },
  { sign: 'poolWaitMs', read: secondsPerCall('mcp_connection_acquisition_seconds', 1000) },
  { sign: 'poolWaitMs', read: secondsPerCall('hikaricp_connections_acquire_seconds', 1000) },
  { sign: 'poolWaitMs', read: secondsPerCall('db_client_connections_wait_time_seconds', 1000) },
  { sign: 'poolHeldSeconds', read: secondsPerCall('mcp_connection_lease_seconds') },
  { sign: 'poolHeldSeconds', read: secondsPerCall('hikaricp_connections_usage_seconds') },
  // Of a sample of statements: what it adds up to says nothing of calls.
  { sign: 'warehouseQueueMs', read: meanSeconds('mcp_snowflake_queued_seconds', 1000) },
  { sign: 'warehouseRunMs', read: secondsPerCall('mcp_query_duration_seconds', 1000) },
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
