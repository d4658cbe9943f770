import type { ExitCode } from '@squall/errors'
import type { FailureSample } from '@squall/metrics'
import type { RunControl } from './messages.ts'
import type { SnapshotEvent } from './snapshot-event.ts'

/** What an agent says of itself while it waits for work and while it works. */
export interface AgentHello {
  readonly agent: string
  readonly host: string
  /** How many generators it runs at once. */
  readonly workers: number
  readonly squallVersion: string
  readonly protocolVersion: number
}

/** A run that looks for agents. */
export interface Announcement {
  readonly runId: string
  readonly squallVersion: string
  readonly protocolVersion: number
  readonly shards: number
  /** How long a share stays with an agent that is not heard of. */
  readonly leaseMs: number
  /** How many shards each agent takes before the start; one that is not named only takes over what others lose. */
  readonly allotment: Readonly<Record<string, number>>
  /** The pack's own program files, to be found under their hashes. */
  readonly files: readonly TravellingFile[]
  /** Which of the files is the plan's processor. */
  readonly processor?: string
}

export interface TravellingFile {
  /** Below the folder they all lie in, with `/`. */
  readonly path: string
  readonly sha256: string
}

/** What live control does to a run of agents, who make load on the target that they were asked about and on no other. */
export type FleetControl = Exclude<RunControl, { readonly type: 'set-target' }>

/** From the controller to all agents of a run. Instants are in milliseconds on the clock of Redis. */
export type FleetOrder =
  | { readonly type: 'start'; readonly startAtMs: number }
  | { readonly type: 'control'; readonly sequence: number; readonly control: FleetControl }
  | { readonly type: 'stop'; readonly atMs: number; readonly drainMs: number }
  /** Nothing of the run is needed any more. */
  | { readonly type: 'end' }

/** From an agent to the controller of a run. */
export type FleetEvent =
  /** `workers` is how many generators it runs at once, `cores` how many its machine could run. */
  | { readonly type: 'joined'; readonly host: string; readonly workers: number; readonly cores: number }
  | ({ readonly type: 'refused' } & Refusal)
  | { readonly type: 'taken'; readonly shard: number; readonly epoch: number }
  | { readonly type: 'ready'; readonly shard: number; readonly epoch: number }
  /** The share could not be made ready. */
  | ({ readonly type: 'unprepared'; readonly shard: number; readonly epoch: number } & Refusal)
  | SnapshotEvent
  | { readonly type: 'samples'; readonly shard: number; readonly epoch: number; readonly samples: readonly FailureSample[] }
  | { readonly type: 'finished'; readonly shard: number; readonly epoch: number; readonly snapshots: number }
  /** The share is over, and not all of it was made. */
  | { readonly type: 'lost'; readonly shard: number; readonly epoch: number; readonly cause: string }
  /** The agent gave the share back; another one goes on with it. */
  | { readonly type: 'interrupted'; readonly shard: number; readonly epoch: number; readonly cause: string }
  /** The share was ready, and heard of T0 too late to begin with it; it begins where the plan stands by now. */
  | { readonly type: 'late'; readonly shard: number; readonly epoch: number; readonly cause: string }
  /** Nothing of the run is left at the agent. */
  | { readonly type: 'released' }

/** The fields of a coded error. */
export interface Refusal {
  readonly code: string
  readonly message: string
  readonly hint: string
  readonly exitCode: ExitCode
}
