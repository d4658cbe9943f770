import {
  memoryCheck,
  SlowStatements,
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
  addMetrics(make: Instruments): void
  /** Writes and sends what waits. */
  close(): Promise<void>
}

/**
 * Starts everything that watches calls. What is not asked for costs nothing.
 * @throws CodedError SNOWFLAKE_MCP_AUDIT_UNAVAILABLE
 */
export async function startObservation(
  { slowQueryMs, audit: auditChoice, traces: tracesChoice }: ObservationChoice,
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
  return {
    slow,
    admission: audit === undefined ? [] : [audit.stage],
    healthChecks: [memoryCheck(), ...(audit === undefined ? [] : [audit.check])],
    onCallEnd(call) {
      for (const statement of call.context.record.statements) slow.note(statement, call.context.requestId)
      log?.(call)
      audit?.onCallEnd(call)
      traces?.onCallEnd(call)
    },
    onLateStatement(context, statement) {
      slow.note(statement, context.requestId)
      audit?.onLateStatement(context, statement)
    },
    addMetrics(make) {
      audit?.addMetrics(make)
      if (traces !== undefined) addTraceMetrics(make, traces)
    },
    async close() {
      await Promise.all([audit?.close(), traces?.close()])
    },
  }
}
