import type { ExitCode } from '@squall/errors'
import type { LoadChange, LoadPlan, Share } from '@squall/load-plan'
import type { FailureSample } from '@squall/metrics'
import type { SnapshotEvent } from './snapshot-event.ts'

/** Raised with every change of a message's meaning; both sides refuse another version at the first hello. */
export const protocolVersion = 6

/** One share of one run. `epoch` rises each time the share is handed to another generator. */
export interface Assignment {
  readonly runId: string
  readonly plan: LoadPlan
  readonly share: Share
  readonly epoch: number
}

/** When a share begins, and from where on in the plan. */
export interface ShareStart {
  /** T0, as milliseconds since 1970; the generator goes on by its monotonic clock from there. */
  readonly startAtWallMs: number
  /** The instant of the plan from which on this generator makes the share's load, in milliseconds; 0 but for a share that is taken over. */
  readonly fromMs: number
  /** For how long the plan stood still before that. */
  readonly pausedMs: number
}

/** What live control does to a run. */
export type RunControl =
  | LoadChange
  /** The plan stands still from this instant of it on, in milliseconds since T0. */
  | { readonly type: 'pause'; readonly atMs: number }
  /** The plan goes on at this instant, in milliseconds since 1970. */
  | { readonly type: 'resume'; readonly atWallMs: number }
  /** The numbers count from this second of the run on. It changes no load; who takes the run over has to know. */
  | { readonly type: 'reset-numbers'; readonly fromSecond: number }

/** From the controller to a generator. */
export type GeneratorCommand =
  | ({ readonly type: 'prepare' } & Assignment)
  | ({ readonly type: 'start' } & ShareStart)
  /**
   * The share is this generator's until then, on the machine's monotonic clock, since its wall clock may jump; without another one in time it
   * stops by itself. A generator that was never told may go on for ever.
   */
  | { readonly type: 'lease'; readonly untilMs: number }
  /** `sequence` rises by one from 1; one that was obeyed before is not obeyed again. */
  | { readonly type: 'control'; readonly sequence: number; readonly control: RunControl }
  /** Ends the run: no new calls; calls under way may finish within `drainMs`, then are cut and counted as `stopped`. */
  | { readonly type: 'stop'; readonly drainMs: number }

/** From a generator to the controller. */
export type GeneratorEvent =
  | { readonly type: 'hello'; readonly protocolVersion: number; readonly pid: number }
  | { readonly type: 'ready' }
  | SnapshotEvent
  /** A few failed calls to show; a generator sends a bounded number of them in a run. */
  | { readonly type: 'samples'; readonly shard: number; readonly epoch: number; readonly samples: readonly FailureSample[] }
  /** All load of the share is done and every snapshot sent; `snapshots` is how many there were. */
  | { readonly type: 'finished'; readonly shard: number; readonly epoch: number; readonly snapshots: number }
  /** The share cannot be run; the rest of the fields are those of a coded error. */
  | {
      readonly type: 'failed'
      readonly code: string
      readonly message: string
      readonly hint: string
      readonly exitCode: ExitCode
    }
