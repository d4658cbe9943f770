import type { PoolStats } from '@squall/pool'
import type { SessionRegistryStats } from '@squall/session'
import type { AccessStats } from '../../access/access.ts'
import { healthStatuses, type HealthStatus } from '../health.ts'
import type { AdmissionReport } from '../../server-core.ts'
import type { Instruments } from './instruments.ts'

/** What is read at the moment somebody asks for the metrics. */
export interface StateSources {
  readonly pool: () => PoolStats
  readonly sessions: () => SessionRegistryStats
  /** Calls that wait for their turn. */
  readonly queued: () => number
  readonly health: () => HealthStatus
  readonly access: () => AccessStats
  readonly admission: () => AdmissionReport
}

export function addStateMetrics(make: Instruments, { pool, sessions, queued, health, access, admission }: StateSources): void {
  addAdmissionMetrics(make, admission)
  make.readGauge('mcp_queued_requests', 'Tool calls that wait for their turn', queued)
  addPoolMetrics(make, pool)
  make.readCounters('mcp_access_refusals_total', 'Requests turned away for who sent them', 'reason', () => access().refused)
  make.readCounter('mcp_lock_outs_total', 'Addresses locked out for guessing', () => access().lockOuts)
  make.readGauges(
    'mcp_client_sessions',
    'Open client sessions by kind of client',
    'client_type',
    () => sessions().openByClientType,
  )
  make.readGauge('mcp_implicit_client_sessions', 'Clients without a session, by who they are', () => sessions().implicit)
  make.readCounter('mcp_session_replays_refused_total', 'Requests for a session of somebody else', () => sessions().foreignTotal)
  make.readCounter('mcp_client_sessions_opened_total', 'Client sessions opened', () => sessions().openedTotal)
  make.readGauges('mcp_health_status', 'One for the state the server is in, zero for the others', 'status', () => {
    const now = health()
    return Object.fromEntries(healthStatuses.map((status) => [status, status === now ? 1 : 0]))
  })
}

function addAdmissionMetrics(make: Instruments, admission: StateSources['admission']): void {
  make.readCounters(
    'mcp_rate_limit_hits_total',
    'Calls turned away by a rate or a quota',
    'limit',
    () => admission().limitsReached,
  )
  make.readCounter('mcp_admission_full_total', 'Calls turned away as too many waited', () => admission().turnstile.fullTotal)
  make.readCounter(
    'mcp_admission_timeouts_total',
    'Calls that waited too long for their turn',
    () => admission().turnstile.timeoutsTotal,
  )
  make.readCounter(
    'mcp_circuit_breaker_refusals_total',
    'Calls kept from a Snowflake that does not answer',
    () => admission().breakerRefusals,
  )
  make.readCounter('mcp_circuit_breaker_opened_total', 'Times the breaker opened', () => admission().breaker.openedTotal)
  make.readGauges('mcp_circuit_breaker_state', 'One for the state the breaker is in, zero for the others', 'state', () => {
    const { state } = admission().breaker
    return { closed: 0, open: 0, half_open: 0, [state]: 1 }
  })
  make.readGauge(
    'mcp_multiplexer_clients',
    'Clients that use or wait for a session in Snowflake',
    () => admission().multiplexer.clients,
  )
  make.readCounter(
    'mcp_multiplexer_affinity_hits_total',
    'Leases of the session the client had before',
    () => admission().multiplexer.affinityHitsTotal,
  )
}

function addPoolMetrics({ readGauge, readCounter }: Instruments, pool: StateSources['pool']): void {
  readGauge('mcp_connection_pool_size', 'Open sessions in Snowflake', () => pool().size)
  readGauge('mcp_connection_pool_available', 'Open sessions in Snowflake nobody uses', () => pool().available)
  readGauge('mcp_connection_pool_leased', 'Sessions in Snowflake in use', () => pool().leased)
  readGauge('mcp_connection_pool_waiting', 'Calls that wait for a session in Snowflake', () => pool().waiting)
  readGauge('mcp_connection_pool_min', 'Sessions in Snowflake kept open', () => pool().min)
  readGauge('mcp_connection_pool_max', 'Sessions in Snowflake at most', () => pool().max)
  readGauge('mcp_connection_pool_utilization_percent', 'Sessions in use of those allowed', () => {
    const { leased, max } = pool()
    return (100 * leased) / max
  })
  readCounter('mcp_connections_created_total', 'Sessions opened in Snowflake', () => pool().created)
  readCounter('mcp_failed_connections_total', 'Sessions that could not be opened', () => pool().createFailures)
  readCounter('mcp_connections_discarded_total', 'Sessions closed as not provably clean', () => pool().discarded)
  readCounter('mcp_connections_expired_total', 'Sessions closed for their age or idleness', () => pool().expired)
  readCounter('mcp_connections_invalid_total', 'Sessions found dead when they were wanted', () => pool().invalid)
  readCounter('mcp_connection_acquisitions_total', 'Sessions handed to calls', () => pool().acquired)
  readCounter(
    'mcp_connection_acquisition_timeouts_total',
    'Calls that waited too long for a session',
    () => pool().acquireTimeouts,
  )
  readCounter('mcp_connection_leaks_total', 'Sessions that calls held suspiciously long', () => pool().leaks)
  readGauge(
    'mcp_connection_longest_held_seconds',
    'How long the oldest lease of a session is held',
    () => pool().longestHeldMs / 1000,
  )
  readCounter('mcp_connection_queue_full_total', 'Calls turned away as too many waited for a session', () => pool().queueFull)
}
