/** A fleet to simulate. */
export interface SimulatedFleet {
  readonly url: string
  readonly agents: number
  readonly seconds: number
}

export interface SimulatedController extends SimulatedFleet {
  readonly reportDirectory: string
  /** The run to take over. */
  readonly resume?: string
}

/** What the process of the controller says, one JSON object a line. */
export type ControllerWord =
  | { readonly type: 'began'; readonly runId: string; readonly startAtWallMs: number }
  /** Of each snapshot merged since the last such word, how long ago its second had ended. */
  | { readonly type: 'merged'; readonly atWallMs: number; readonly lagsMs: readonly number[] }
  | {
      readonly type: 'ended'
      readonly merged: number
      readonly calls: number
      readonly lostSnapshots: number
      readonly lostShardSeconds: number
      readonly verdict: string
    }

/** What the process of the agents says at its end. */
export interface AgentsOutcome {
  readonly sent: number
  readonly calls: number
  /** How late snapshots were handed over, since one process plays all agents. */
  readonly lateMs: { readonly p50: number; readonly p99: number }
}

/** Both sides are of one version. */
export const simulatedVersion = 'simulated'

export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
