import type { Snapshot } from '@squall/metrics'

/** What a generator counted in a second, and which of its seconds that was. */
export interface SnapshotEvent {
  readonly type: 'snapshot'
  readonly shard: number
  readonly epoch: number
  /** Counts from 0 without a hole. */
  readonly sequence: number
  readonly snapshot: Snapshot
  /** The whole event as `packSnapshotEvent` makes it, where it came so. */
  readonly packed?: Uint8Array
}
