import type { LoadPlan } from '@squall/load-plan'
import type { RunControl, SnapshotEvent } from '@squall/load-protocol'
import type { FailureSample } from '@squall/metrics'

/** Where the shards of a run are executed. Every implementation passes `test/fabric-conformance.ts`. */
export interface Fabric {
  /** For reports. */
  readonly name: 'local' | 'bullmq'
  /**
   * Hands each shard of the plan to a generator and returns when all of them are ready (the barrier).
   * On any failure nothing of the run is left behind.
   * @throws CodedError FABRIC_GENERATOR_DID_NOT_START, FABRIC_GENERATOR_REFUSED; the signal's reason where it aborts.
   */
  prepare(request: RunRequest): Promise<PreparedRun>
}

export interface RunRequest {
  readonly runId: string
  readonly plan: LoadPlan
  /** How many equal shares the plan is cut into. */
  readonly shards: number
  readonly signal: AbortSignal
  /** Takes over a run whose controller is gone, instead of beginning one; unknown to a fabric that dies with its controller. */
  readonly resume?: boolean
  /** Told everything that happens after the start, in order for each shard. */
  readonly onEvent: (event: FabricEvent) => void
}

/** How a run was steered by controllers before this one. */
export interface PastSteering {
  /** In order; wall milliseconds are those of this machine. */
  readonly controls: readonly RunControl[]
  /** When it was told to stop, in wall milliseconds of this machine. */
  readonly stoppedAtWallMs?: number
}

/** A run whose generators wait for T0. */
export interface PreparedRun {
  /** Of a run that was taken over. */
  readonly past?: PastSteering
  /** Agrees on T0 with all generators. @returns T0 in wall milliseconds of this machine. */
  start(): number
  /** Passes a change of the run on to every generator, each change once and in order. */
  control(control: RunControl): void
  /** Stops all load: calls under way get `drainMs`; a generator that has not finished soon after is lost. */
  stop(drainMs: number): void
  /** Resolves when every shard has finished or is lost, after all that was told of the run by then. */
  readonly ended: Promise<void>
  /**
   * Resolves when all that generators have told by now is handed on, or when no more of it comes for a while; never rejects. Until then nobody can be
   * called late: what they say may only not have been read.
   */
  caughtUp(): Promise<void>
  /** Resolves when all that was ordered is where whoever resumes the run finds it; absent where nobody can. */
  readonly told?: () => Promise<void>
  /** Who made the load, where the shards are not all on this machine. */
  readonly agents?: () => readonly RunAgent[]
  /** Frees everything, by force where needed; nothing of the run remains afterwards. Harmless to call twice. */
  close(): Promise<void>
}

/** An agent's part in a run. */
export interface RunAgent {
  readonly id: string
  readonly host: string
  /** How many generators it runs at once. */
  readonly workers: number
  /** How many its machine could run. */
  readonly cores: number
  /** All it ever had a part in. */
  readonly shards: readonly number[]
  /** Those that are its own now, and not over. */
  readonly holds: readonly number[]
  readonly isLost: boolean
}

export type FabricEvent =
  | SnapshotEvent
  | { readonly type: 'samples'; readonly shard: number; readonly epoch: number; readonly samples: readonly FailureSample[] }
  | { readonly type: 'shard-finished'; readonly shard: number; readonly epoch: number; readonly snapshots: number }
  /**
   * The shard's generator is lost, and what it made since its last snapshot is unknown; the shard is resumed elsewhere under a higher epoch,
   * or ends with `shard-lost`.
   */
  | { readonly type: 'shard-interrupted'; readonly shard: number; readonly epoch: number; readonly cause: string }
  /** The shard's generator was ready, and heard of T0 too late: what the plan owed until its first snapshot was not made. */
  | { readonly type: 'shard-late'; readonly shard: number; readonly epoch: number; readonly cause: string }
  /** The shard makes no more load, and what it made since its last snapshot is unknown. `cause` is for people. */
  | { readonly type: 'shard-lost'; readonly shard: number; readonly epoch: number; readonly cause: string }
