/** What a statement is doing, or how it ended. */
export type QueryPhase = 'QUEUED' | 'RUNNING' | 'SUCCESS' | 'FAIL'

/** One line of the query history. Times in milliseconds. */
export interface QueryRecord {
  readonly queryId: string
  /** Cut where it is very long. */
  readonly text: string
  readonly type: string
  readonly sessionId: string
  readonly user: string
  readonly role: string
  readonly warehouse: string | null
  readonly database: string | null
  readonly schema: string | null
  readonly tag: string
  readonly startedWallMs: number
  phase: QueryPhase
  endedWallMs: number | null
  /** Waited for the warehouse to start. */
  provisioningMs: number
  /** Waited for a place in the warehouse. */
  overloadMs: number
  /** Ran, latency injected included. */
  executionMs: number
  rowCount: number | null
  errorCode: string | null
  errorMessage: string | null
}
