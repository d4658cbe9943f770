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
  /** What was merged since the last such word. */
  | { readonly type: 'merged'; readonly atWallMs: number; readonly snapshots: readonly MergedSnapshot[] }
  | {
      readonly type: 'ended'
      readonly merged: number
      readonly calls: number
      readonly lostSnapshots: number
      readonly lostShardSeconds: number
      readonly verdict: string
    }

/** The second of a shard, and how long that second had been over when it was merged. */
export type MergedSnapshot = readonly [shard: number, second: number, lagMs: number]

/** What the process of the agents says at its end. */
export interface AgentsOutcome {
  readonly sent: number
  /** Of one snapshot on its way, encrypted, the largest of those that were sent. */
  readonly snapshotBytes: number
  readonly calls: number
  /** By second and shard, how long a second had been over when its snapshot was handed over: one process plays all agents, which takes it a part of each. */
  readonly lateMs: readonly (readonly number[])[]
}

/** Both sides are of one version. */
export const simulatedVersion = 'simulated'

export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
