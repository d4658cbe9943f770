import type { Clock } from '@squall/time'
import type { SlotLease } from '../compute/warehouse.ts'
import { rememberedTextLength } from '../history/query-history.ts'
import type { QueryRecord } from '../history/query-record.ts'
import type { StatementResult } from './engine.ts'
import { queryType } from './query-type.ts'
import type { StatementText } from './read-statement.ts'
import type { SessionState } from './session-state.ts'
import { SnowflakeError } from './snowflake-error.ts'

/** Writes down what becomes of one statement. */
export class StatementWatch {
  readonly record: QueryRecord
  readonly #clock: Clock
  #runsSinceMs: number | undefined

  constructor(queryId: string, text: StatementText, session: SessionState, clock: Clock) {
    const { user, role, warehouse, database, schema } = session
    this.#clock = clock
    this.record = {
      queryId,
      text: text.sql.slice(0, rememberedTextLength),
      type: queryType(text.statements[0]),
      sessionId: session.id,
      user,
      role,
      warehouse,
      database,
      schema,
      tag: String(session.parameters.get('QUERY_TAG')),
      startedWallMs: clock.wallMs(),
      phase: 'QUEUED',
      endedWallMs: null,
      provisioningMs: 0,
      overloadMs: 0,
      executionMs: 0,
      rowCount: null,
      errorCode: null,
      errorMessage: null,
    }
  }

  /** It has its place, or needs none. */
  starts(lease: SlotLease | undefined): void {
    this.record.phase = 'RUNNING'
    this.record.provisioningMs = lease?.provisioningMs ?? 0
    this.record.overloadMs = lease?.overloadMs ?? 0
    this.#runsSinceMs = this.#clock.monotonicMs()
  }

  succeeds({ rowCount }: StatementResult): void {
    this.#ends('SUCCESS')
    this.record.rowCount = rowCount
  }

  fails(error: unknown): void {
    this.#ends('FAIL')
    this.record.errorCode = error instanceof SnowflakeError ? error.code : '000603'
    this.record.errorMessage = error instanceof Error ? error.message : String(error)
  }

  #ends(phase: 'SUCCESS' | 'FAIL'): void {
    this.record.phase = phase
    this.record.endedWallMs = this.#clock.wallMs()
    if (this.#runsSinceMs !== undefined) this.record.executionMs = this.#clock.monotonicMs() - this.#runsSinceMs
  }
}
