import type { JournalEntry } from '@squall/controller'
import type { LoadPlan } from '@squall/load-plan'
import type { Gap } from '@squall/report'

/** A tool call as the target saw it. */
export interface ArrivedCall {
  /** Since T0. */
  readonly atMs: number
  readonly shard: number
  readonly epoch: number
  /** Which call of the plan it is. */
  readonly number: number
}

/** A request of any kind as the target saw it. */
export type ArrivedRequest = Omit<ArrivedCall, 'number'>

/** What a run's report says of one second of one generator. */
export interface CountedSecond {
  readonly shard: number
  readonly epoch: number
  readonly second: number
  readonly ok: number
  /** Tool calls that failed. */
  readonly failed: number
  /** Calls of other methods that failed. */
  readonly otherFailed: number
  readonly dropped: number
}

/** All that is known of a run that is over. */
export interface Evidence {
  readonly plan: LoadPlan
  readonly shards: number
  readonly calls: readonly ArrivedCall[]
  readonly requests: readonly ArrivedRequest[]
  readonly counted: readonly CountedSecond[]
  readonly gaps: readonly Gap[]
}

/** The snapshots of a journal, each counted once. */
export function countedSeconds(journal: readonly JournalEntry[]): CountedSecond[] {
  const seen = new Set<string>()
  return journal.flatMap((entry) => {
    if (entry.type !== 'snapshot') return []
    const { shard, epoch, sequence, snapshot } = entry
    const key = `${shard}.${epoch}.${sequence}`
    if (seen.has(key)) return []
    seen.add(key)
    const tools = snapshot.series.filter(({ key: { method } }) => method === 'tools/call')
    const others = snapshot.series.filter(({ key: { method } }) => method !== 'tools/call')
    return [
      {
        shard,
        epoch,
        second: snapshot.second,
        ok: sum(tools.map(({ ok }) => ok)),
        failed: sum(tools.map(({ failed }) => failed)),
        otherFailed: sum(others.map(({ failed }) => failed)),
        dropped: snapshot.counters.droppedStarts ?? 0,
      },
    ]
  })
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** The generators of a shard, in the order they had it. */
export function epochsOf({ calls, counted }: Evidence, shard: number): number[] {
  const epochs = [...calls, ...counted].filter((one) => one.shard === shard).map(({ epoch }) => epoch)
  return [...new Set(epochs)].toSorted((a, b) => a - b)
}
