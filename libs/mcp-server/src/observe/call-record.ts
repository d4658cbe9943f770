import type { CallOutcome } from '../tool-result.ts'
import type { RequestContext } from '../request-context.ts'

/** What one statement of a call did. All times are on the monotonic clock, in milliseconds. */
export interface StatementRecord {
  readonly sql: string
  readonly startedMs: number
  readonly durationMs: number
  /** `refused` never reached Snowflake. */
  readonly outcome: 'ok' | 'failed' | 'refused'
  /** Of the error, where it failed or was refused. */
  readonly code?: string | undefined
  readonly queryId?: string | undefined
  readonly rows?: number | undefined
}

/** One wait for a session in Snowflake, whether one came or not. */
export interface PoolWait {
  readonly startedMs: number
  readonly durationMs: number
}

/** Notes that all who serve a call add to, read once when it has ended. Only what costs nothing to note is noted. */
export class CallRecord {
  /** When the call's tool was let run; undefined where it was turned away before. */
  admittedMs: number | undefined
  /** Of the error the call ended with. */
  code: string | undefined
  /** Who reads the record has read it; what comes later is told in other ways. */
  hasEnded = false
  readonly poolWaits: PoolWait[] = []
  readonly statements: StatementRecord[] = []
  /** Statements beyond those kept. */
  statementsLeftOut = 0

  waitedForSession(wait: PoolWait): void {
    if (this.poolWaits.length < mostKept) this.poolWaits.push(wait)
  }

  /** The read-only gate did not let it through. */
  refusedStatement(sql: string): void {
    this.ranStatement({ sql, startedMs: 0, durationMs: 0, outcome: 'refused' })
  }

  ranStatement(statement: StatementRecord): void {
    if (this.statements.length < mostKept) this.statements.push(statement)
    else this.statementsLeftOut += 1
  }
}

/** More than any tool runs; a bound for what nobody thought of. */
const mostKept = 64

/** A call that has ended, for those who watch: log, audit trail, traces. */
export interface EndedCall {
  readonly context: RequestContext
  readonly outcome: OutcomeLabel
  /** Of the error the call ended with, whoever it is for. */
  readonly code: string | undefined
  readonly durationMs: number
}

/** What became of a call. */
export type OutcomeLabel = 'ok' | 'tool_error' | 'unknown_tool' | 'refused' | 'cancelled' | 'internal_error'

/** @param outcome undefined where the pipeline itself threw. */
export function labelOf(outcome: CallOutcome | undefined): OutcomeLabel {
  if (outcome === undefined) return 'internal_error'
  if (outcome.kind === 'answered') return outcome.result.isError === true ? 'tool_error' : 'ok'
  return outcome.kind === 'unknown-tool' ? 'unknown_tool' : outcome.kind
}
