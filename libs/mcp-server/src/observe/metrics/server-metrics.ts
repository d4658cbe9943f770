import type { Session, SessionEnd } from '@squall/session'
import { Registry } from 'prom-client'
import type { ConnectionWatcher } from '../observed-connections.ts'
import { createCallMetrics, type CallMetrics } from './call-metrics.ts'
import { createInstruments, type Instruments } from './instruments.ts'
import type { MetricsSnapshot } from './merge-metrics.ts'
import { addProcessMetrics } from './process-metrics.ts'
import { addStateMetrics, type StateSources } from './state-metrics.ts'
import { createStatementMetrics } from './statement-metrics.ts'

export interface MetricSources extends StateSources {
  /** The only values the label `tool` may take; anything else counts as `unknown`. */
  readonly toolNames: readonly string[]
}

export interface ServerMetrics extends CallMetrics {
  readonly connections: ConnectionWatcher
  sessionEnded(session: Session, end: SessionEnd): void
  /** Makes further metrics beside the server's own; their names must be new, and their labels bounded. */
  readonly instruments: Instruments
  /** All metrics in Prometheus' text format. */
  render(): Promise<string>
  /** All metrics as data, to be merged with those of other processes. */
  snapshot(): Promise<MetricsSnapshot>
  readonly contentType: string
}

/** The server's metrics in a registry of their own; every label has a bounded set of values. */
export function createMetrics({ toolNames, ...state }: MetricSources): ServerMetrics {
  const registry = new Registry()
  const instruments = createInstruments(registry)
  addProcessMetrics(instruments, registry)
  addStateMetrics(instruments, state)
  const sessionsEnded = instruments.counter(
    'mcp_client_sessions_ended_total',
    'Client sessions that ended, by what ended them and kind of client',
    ['reason', 'client_type'],
  )
  return {
    ...createCallMetrics(instruments, toolNames),
    connections: createStatementMetrics(instruments),
    sessionEnded: ({ facts }, reason) => sessionsEnded.inc({ reason, client_type: facts.clientType }),
    instruments,
    render: () => registry.metrics(),
    snapshot: () => registry.getMetricsAsJSON(),
    contentType: registry.contentType,
  }
}
