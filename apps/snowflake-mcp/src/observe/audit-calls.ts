import { CodedError } from '@squall/errors'
import type { EndedCall, HealthCheck, Instruments, Stage, StatementRecord } from '@squall/mcp-server'
import type { Clock } from '@squall/time'
import type { Logger } from 'pino'
import { snowflakeMcpErrors } from '../errors.ts'
import { openAuditFile, type AuditSink } from './audit-file.ts'
import { openAuditStream } from './audit-stream.ts'
import { toAuditLine, toBackgroundAuditLine, toRefusedCredentialLine } from './audit-entry.ts'
import { AuditTrail } from './audit-trail.ts'

/** Where the audit trail goes, and what happens when it cannot be written. */
export interface AuditChoice {
  /** The path of a file, or `stdout` or `stderr`. */
  readonly target: string
  readonly maxFileBytes: number
  readonly maxFiles: number
  /** `refuse`: no call runs that could not be audited. `count`: calls run, and the lines that were lost are counted. */
  readonly whenFailing: 'refuse' | 'count'
}

export interface Audit {
  readonly stage: Stage
  readonly check: HealthCheck
  onCallEnd(call: EndedCall): void
  onLateStatement(context: EndedCall['context'], statement: StatementRecord): void
  onCredentialRefused(reason: string, remoteAddress: string | undefined): void
  addMetrics(make: Instruments): void
  close(): Promise<void>
}

const maxWaitingBytes = 4_194_304

/** @throws CodedError SNOWFLAKE_MCP_AUDIT_UNAVAILABLE where the file cannot be opened. */
export async function startAudit(choice: AuditChoice, clock: Clock, logger: Logger): Promise<Audit> {
  const trail = new AuditTrail({
    clock,
    sink: await openSink(choice, clock),
    maxWaitingBytes,
    onFailure: (reason) => logger.error({ reason, target: choice.target }, 'the audit trail cannot be written'),
    onRecovery: () => logger.warn({ lost: trail.lostLines }, 'the audit trail is written again'),
  })
  const isRefusing = choice.whenFailing === 'refuse'
  const isFailing = (): boolean => trail.failure !== undefined || trail.isFull
  return {
    stage: async (_context, next) => (isRefusing && isFailing() ? refusal() : next()),
    check: () => (isFailing() || trail.lostLines > 0 ? describeTrouble(trail, isRefusing && isFailing()) : undefined),
    onCallEnd(call) {
      // While nothing can be written, calls that were turned away are not kept: they have no end. Those that ran do.
      if (isFailing() && call.context.record.admittedMs === undefined && isRefusing) return
      trail.add(toAuditLine(call, clock.wallMs()), isRefusing)
    },
    onLateStatement: (context, statement) => trail.add(toBackgroundAuditLine(context, statement, clock.wallMs()), isRefusing),
    // Strangers may cause these, so they are kept within the bound alone.
    onCredentialRefused: (reason, remoteAddress) =>
      trail.add(toRefusedCredentialLine(reason, remoteAddress, clock.wallMs()), false),
    addMetrics(make) {
      make.readCounter('mcp_audit_lines_total', 'Lines of the audit trail that were written', () => trail.writtenLines)
      make.readCounter('mcp_audit_lost_lines_total', 'Lines of the audit trail that were lost', () => trail.lostLines)
      make.readGauge('mcp_audit_waiting_bytes', 'Audit trail that waits to be written', () => trail.waitingBytes)
    },
    close: () => trail.close(),
  }
}

async function openSink({ target, maxFileBytes, maxFiles }: AuditChoice, clock: Clock): Promise<AuditSink> {
  if (target === 'stdout' || target === 'stderr') return openAuditStream(target === 'stdout' ? 1 : 2, clock)
  try {
    return await openAuditFile({ path: target, maxFileBytes, maxFiles })
  } catch (error) {
    const message = `The audit trail cannot be written to ${target}: ${(error as Error).message}.`
    throw new CodedError(snowflakeMcpErrors.SNOWFLAKE_MCP_AUDIT_UNAVAILABLE, { message, cause: error })
  }
}

const retryAfterMs = 1000

function refusal(): ReturnType<Stage> {
  const error = new CodedError(snowflakeMcpErrors.SNOWFLAKE_MCP_AUDIT_UNAVAILABLE)
  return Promise.resolve({ kind: 'refused', status: 503, retryAfterMs, error })
}

function describeTrouble(trail: AuditTrail, isRefusing: boolean): ReturnType<HealthCheck> {
  const slow = trail.isFull ? 'The audit trail is written more slowly than calls come. ' : ''
  const now = trail.failure === undefined ? slow : `The audit trail cannot be written: ${trail.failure}. `
  const message = `${now}${trail.lostLines} lines of it are lost.`
  return { code: 'audit', status: isRefusing ? 'unhealthy' : 'degraded', message }
}
