import type { MetricsSnapshot } from '@squall/mcp-server'
import type { SnowflakeOptions } from '@squall/snowflake'

/** How workers reach the embedded Snowflake now: it is started once, for all. */
export type EmbeddedNow =
  | { readonly state: 'up'; readonly detail: string; readonly options: SnowflakeOptions }
  | { readonly state: 'restarting'; readonly detail: string }

/** What one process is and does, for `/status`. */
export interface ProcessReport {
  /** Never used again: a worker started in another's place has a number of its own. */
  readonly number: number
  readonly pid: number
  readonly uptimeSeconds: number
  readonly sessions: number
  readonly callsInFlight: number
  readonly callsQueued: number
  readonly snowflakeSessions: number
}

/** What a worker says of itself when it is asked. */
export interface WorkerReport {
  readonly metrics: MetricsSnapshot
  readonly process: ProcessReport
}

/** From a worker to its supervisor. Beside these go those of `@squall/program`: that it is ready, and signals it got. */
export type ToSupervisor =
  /** The connection that comes with it is for a session of another worker. */
  | { readonly type: 'hand-over'; readonly to: number; readonly bytes: Uint8Array }
  | { readonly type: 'report'; readonly request: number; readonly report: WorkerReport }
  /** The last words of a worker: what it counted must not be lost with it. */
  | { readonly type: 'farewell'; readonly metrics: MetricsSnapshot }
  | { readonly type: 'gather'; readonly request: number }
  /** The worker has stopped listening. */
  | { readonly type: 'yielding'; readonly request: number }

export type ToWorker =
  /** Numbers of the workers that serve; sessions of others are lost. */
  | { readonly type: 'alive'; readonly numbers: readonly number[] }
  | { readonly type: 'embedded'; readonly embedded: EmbeddedNow }
  | { readonly type: 'adopt'; readonly bytes: Uint8Array }
  | { readonly type: 'report-wanted'; readonly request: number }
  /** Everything that was on its way to a worker that stopped listening has come. */
  | { readonly type: 'yielded'; readonly request: number }
  | {
      readonly type: 'gathered'
      readonly request: number
      readonly reports: readonly WorkerReport[]
      readonly past: MetricsSnapshot
    }

/** What a worker must know before it reads its settings. */
export interface WorkerRole {
  readonly number: number
  /** Its place among the workers, from 0: a worker started in another's place takes it over. */
  readonly slot: number
  /** To listen on: settled once for all, where the settings leave it open. */
  readonly port: number
}

/** How a worker is told its role. */
export const roleVariable = 'SQUALL_WORKER_ROLE'

export function readRole(environment: NodeJS.ProcessEnv): WorkerRole | undefined {
  const text = environment[roleVariable]
  // Written by the supervisor, a program of the same version.
  return text === undefined ? undefined : (JSON.parse(text) as WorkerRole)
}
