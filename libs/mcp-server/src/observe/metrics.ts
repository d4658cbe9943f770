import type { PoolStats } from '@squall/pool'
import { clientTypes, type ClientType, type SessionRegistryStats } from '@squall/session'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { OutcomeLabel } from '../pipeline/measure.ts'
import type { HealthStatus } from './health.ts'
import { healthStatuses } from './health.ts'

/** What is read at the moment somebody asks for the metrics. */
export interface MetricSources {
  readonly pool: () => PoolStats
  readonly sessions: () => SessionRegistryStats
  readonly queued: () => number
  readonly health: () => HealthStatus
  /** The only values the label `tool` may take; anything else counts as `unknown`. */
  readonly toolNames: readonly string[]
}

interface EndedCall {
  readonly tool: string
  readonly outcome: OutcomeLabel
  readonly clientType: ClientType
  readonly durationMs: number
}

export interface ServerMetrics {
  callStarted(): void
  callEnded(call: EndedCall): void
  httpReplied(status: number): void
  /** All metrics in Prometheus' text format. */
  render(): Promise<string>
  readonly contentType: string
}

const durationBucketsSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

/** The server's metrics in a registry of their own; every label has a closed set of values. */
export function createMetrics(sources: MetricSources): ServerMetrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  addGauges(registry, sources)
  const requests = new Counter({
    name: 'mcp_requests_total',
    help: 'Tool calls by tool, outcome and kind of client',
    labelNames: ['tool', 'outcome', 'client_type'],
    registers,
  })
  const durations = new Histogram({
    name: 'mcp_request_duration_seconds',
    help: 'Time from a tool call to its answer, waiting included',
    labelNames: ['tool'],
    buckets: durationBucketsSeconds,
    registers,
  })
  const concurrent = new Gauge({ name: 'mcp_concurrent_requests', help: 'Tool calls in the server now', registers })
  const replies = new Counter({
    name: 'mcp_http_replies_total',
    help: 'HTTP replies by status',
    labelNames: ['status'],
    registers,
  })
  const tools = new Set(sources.toolNames)
  return {
    callStarted: () => concurrent.inc(),
    callEnded({ tool: name, outcome, clientType, durationMs }) {
      concurrent.dec()
      const tool = tools.has(name) ? name : 'unknown'
      requests.inc({ tool, outcome, client_type: clientType })
      durations.observe({ tool }, durationMs / 1000)
    },
    httpReplied: (status) => replies.inc({ status }),
    render: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

function addGauges(registry: Registry, { pool, sessions, queued, health }: MetricSources): void {
  const gauge = (name: string, help: string, read: () => number): void => {
    const gauge: Gauge = new Gauge({ name, help, registers: [registry], collect: () => gauge.set(read()) })
  }
  const counter = (name: string, help: string, read: () => number): void => {
    const counter: Counter = new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        counter.reset()
        counter.inc(read())
      },
    })
  }
  gauge('mcp_queued_requests', 'Tool calls that wait for their turn', queued)
  gauge('mcp_connection_pool_size', 'Open sessions in Snowflake', () => pool().size)
  gauge('mcp_connection_pool_available', 'Open sessions in Snowflake nobody uses', () => pool().available)
  gauge('mcp_connection_pool_leased', 'Sessions in Snowflake in use', () => pool().leased)
  gauge('mcp_connection_pool_waiting', 'Calls that wait for a session in Snowflake', () => pool().waiting)
  gauge('mcp_connection_pool_max', 'Sessions in Snowflake at most', () => pool().max)
  gauge('mcp_connection_pool_utilization_percent', 'Sessions in use of those allowed', () => {
    const { leased, max } = pool()
    return (100 * leased) / max
  })
  counter('mcp_connections_created_total', 'Sessions opened in Snowflake', () => pool().created)
  counter('mcp_failed_connections_total', 'Sessions that could not be opened', () => pool().createFailures)
  counter('mcp_connections_discarded_total', 'Sessions closed as not provably clean', () => pool().discarded)
  counter('mcp_connection_acquisitions_total', 'Sessions handed to calls', () => pool().acquired)
  counter('mcp_connection_acquisition_timeouts_total', 'Calls that waited too long for a session', () => pool().acquireTimeouts)
  counter('mcp_connection_acquisition_seconds_total', 'Time calls waited for a session', () => pool().waitMs.total / 1000)
  gauge('mcp_uptime_seconds', 'Time since the process started', () => process.uptime())
  addSessionGauges(registry, sessions)
  addHealthGauge(registry, health)
}

function addSessionGauges(registry: Registry, sessions: MetricSources['sessions']): void {
  const open: Gauge = new Gauge({
    name: 'mcp_client_sessions',
    help: 'Open client sessions by kind of client',
    labelNames: ['client_type'],
    registers: [registry],
    collect() {
      const { openByClientType } = sessions()
      for (const type of clientTypes) open.set({ client_type: type }, openByClientType[type])
    },
  })
  const ended: Counter = new Counter({
    name: 'mcp_client_sessions_ended_total',
    help: 'Client sessions that ended, by what ended them',
    labelNames: ['reason'],
    registers: [registry],
    collect() {
      ended.reset()
      for (const [reason, count] of Object.entries(sessions().endedTotal)) ended.inc({ reason }, count)
    },
  })
}

function addHealthGauge(registry: Registry, health: () => HealthStatus): void {
  const status: Gauge = new Gauge({
    name: 'mcp_health_status',
    help: 'One for the state the server is in, zero for the others',
    labelNames: ['status'],
    registers: [registry],
    collect() {
      const now = health()
      for (const name of healthStatuses) status.set({ status: name }, name === now ? 1 : 0)
    },
  })
}
