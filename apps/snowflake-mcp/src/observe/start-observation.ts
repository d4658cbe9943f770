import {
  memoryCheck,
  SlowStatements,
  SnowflakeTimes,
  type Connections,
  type EndedCall,
  type HealthCheck,
  type Instruments,
  type Stage,
  type StatementRecord,
} from '@squall/mcp-server'
import { normalizeStatement } from '@squall/snowflake-sql'
import type { Clock } from '@squall/time'
import type { Logger } from 'pino'
import { startAudit, type AuditChoice } from './audit-calls.ts'
import { logCalls } from './call-log.ts'
import { addTraceMetrics, startTraces, type TracesChoice } from './traces.ts'

/** What is watched, and where what was seen goes. */
export interface ObservationChoice {
  readonly slowQueryMs: number
  /** 0: Snowflake is never asked. */
  readonly snowflakeTimesIntervalMs: number
  readonly audit?: AuditChoice
  readonly traces?: TracesChoice
}

export interface Observation {
  readonly slow: SlowStatements
  /** Stages that turn calls away which could not be observed as they must be. */
  readonly admission: readonly Stage[]
  readonly healthChecks: readonly HealthCheck[]
  readonly onCallEnd: (call: EndedCall) => void
  /** A statement ended after its call had. */
  readonly onLateStatement: (context: EndedCall['context'], statement: StatementRecord) => void
  /** A caller's credential was not taken. */
  readonly onCredentialRefused: (reason: string, remoteAddress: string | undefined) => void
  /** Adds metrics to the server's own; those of Snowflake's query history are read through one of its connections. */
  addMetrics(make: Instruments, connections: Connections): void
  /** Writes and sends what waits. */
  close(): Promise<void>
}

/**
 * Starts everything that watches calls. What is not asked for costs nothing.
 * @throws CodedError SNOWFLAKE_MCP_AUDIT_UNAVAILABLE
 */
export async function startObservation(
  { slowQueryMs, snowflakeTimesIntervalMs: intervalMs, audit: auditChoice, traces: tracesChoice }: ObservationChoice,
  { clock, logger, version }: { readonly clock: Clock; readonly logger: Logger; readonly version: string },
): Promise<Observation> {
  const audit = auditChoice && (await startAudit(auditChoice, clock, logger))
  const traces = tracesChoice && (await startTraces(tracesChoice, version, clock))
  const slow = new SlowStatements({
    thresholdMs: slowQueryMs,
    normalize: normalizeStatement,
    onSlow({ durationMs, queryId }, sql, requestId) {
      logger.warn({ requestId, queryId, durationMs: Math.round(durationMs), sql }, 'slow query')
    },
  })
  const log = logCalls(logger)
  let times: SnowflakeTimes | undefined
  const note = (statement: StatementRecord, requestId: string): void => {
    slow.note(statement, requestId)
    times?.note(statement.queryId)
  }
  return {
    slow,
    admission: audit === undefined ? [] : [audit.stage],
    healthChecks: [memoryCheck(), ...(audit === undefined ? [] : [audit.check])],
    onCallEnd(call) {
      for (const statement of call.context.record.statements) note(statement, call.context.requestId)
      log?.(call)
      audit?.onCallEnd(call)
      traces?.onCallEnd(call)
    },
    onLateStatement(context, statement) {
      note(statement, context.requestId)
      audit?.onLateStatement(context, statement)
    },
    onCredentialRefused: (reason, remoteAddress) => audit?.onCredentialRefused(reason, remoteAddress),
    addMetrics(make, connections) {
      if (intervalMs > 0) times = new SnowflakeTimes({ clock, connections, intervalMs, instruments: make })
      audit?.addMetrics(make)
      if (traces !== undefined) addTraceMetrics(make, traces)
    },
    async close() {
      await Promise.all([times?.close(), audit?.close(), traces?.close()])
    },
  }
}
