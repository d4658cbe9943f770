import { epochsOf, sum, type ArrivedCall, type CountedSecond, type Evidence } from './evidence.ts'

/** How what one generator counted differs from what the target counted of it. */
export interface CountDifference {
  readonly shard: number
  readonly epoch: number
  /** Calls that arrived and are in no number of the report: the last ones, since nothing is told out of order. */
  readonly untold: readonly ArrivedCall[]
  /** Calls that failed before they arrived, as their generator told. */
  readonly neverArrived: number
  /** Calls that the report counts as answered although they never arrived. */
  readonly invented: number
  readonly displaced: readonly DisplacedCall[]
}

/** A call that the report counts in another second than the one it arrived in: a call counts when its answer has been read. */
export interface DisplacedCall {
  readonly arrivedAtMs: number
  readonly second: number
  /** From the nearer end of that second. */
  readonly byMs: number
}

/** Holds each generator's numbers, second by second, against the calls that arrived from it. */
export function compareCounts(evidence: Evidence): CountDifference[] {
  return Array.from({ length: evidence.shards }, (_, shard) => shard).flatMap((shard) =>
    epochsOf(evidence, shard).map((epoch) => {
      const isIts = (one: { readonly shard: number; readonly epoch: number }): boolean =>
        one.shard === shard && one.epoch === epoch
      const arrived = evidence.calls.filter(isIts).toSorted((a, b) => a.atMs - b.atMs)
      return difference({ shard, epoch }, arrived, evidence.counted.filter(isIts))
    }),
  )
}

function difference(
  { shard, epoch }: Pick<CountDifference, 'shard' | 'epoch'>,
  arrived: readonly ArrivedCall[],
  counted: readonly CountedSecond[],
): CountDifference {
  const ok = sum(counted.map((second) => second.ok))
  const failed = sum(counted.map((second) => second.failed))
  const neverArrived = Math.min(failed, Math.max(0, ok + failed - arrived.length))
  // Calls arrive and are counted in one order but for those under way together, so the nth of the one is the nth of the other.
  const seconds = inOrder(counted).slice(0, arrived.length)
  return {
    shard,
    epoch,
    untold: arrived.slice(seconds.length),
    neverArrived,
    invented: Math.max(0, ok - arrived.length),
    displaced: seconds.flatMap((second, place) => displacement(arrived[place]?.atMs ?? 0, second)),
  }
}

/** The second of each call that was counted. */
function inOrder(counted: readonly CountedSecond[]): number[] {
  return counted
    .toSorted((a, b) => a.second - b.second)
    .flatMap(({ second, ok, failed }) => Array.from({ length: ok + failed }, () => second))
}

function displacement(arrivedAtMs: number, second: number): DisplacedCall[] {
  const byMs = Math.max(second * 1000 - arrivedAtMs, arrivedAtMs - (second + 1) * 1000)
  return byMs > 0 ? [{ arrivedAtMs, second, byMs }] : []
}

/** A generator that had its shard when it was no longer its own. */
export interface Overlap {
  readonly shard: number
  /** Requests of an older epoch that arrived after the first one of a newer epoch. */
  readonly requests: number
  readonly longestMs: number
}

/** @returns nothing where no shard was made twice at any time. */
export function findOverlaps({ requests, shards }: Evidence): Overlap[] {
  return Array.from({ length: shards }, (_, shard) => {
    const its = requests.filter((request) => request.shard === shard)
    const lateMs = its.flatMap(({ epoch, atMs }) => {
      const newer = its.filter((request) => request.epoch > epoch).map((request) => request.atMs)
      return newer.length > 0 && atMs > Math.min(...newer) ? [atMs - Math.min(...newer)] : []
    })
    return { shard, requests: lateMs.length, longestMs: Math.max(0, ...lateMs) }
  }).filter(({ requests: late }) => late > 0)
}
