import { accountStarts, type Account } from './account-starts.ts'
import { compareCounts, findOverlaps, type CountDifference, type DisplacedCall, type Overlap } from './compare-counts.ts'
import type { DisturbedRun } from './disturb-run.ts'
import { sum } from './evidence.ts'
import type { PackName } from './fault-packs.ts'

/** What a disturbed run shows, in numbers. */
export interface FaultResult extends Account {
  readonly pack: PackName
  /** From the fault to the first request of a generator that took a share over; null where none did. */
  readonly pickupMs: number | null
  readonly lostShardSeconds: number
  readonly shardSeconds: number
  readonly targetCounted: number
  readonly reportCounted: number
  /** Arrived, and in no number of the report. */
  readonly untold: number
  /** Of these, those that no gap explains. */
  readonly untoldOutsideGaps: number
  /** In the report as failed, and never arrived. */
  readonly neverArrived: number
  readonly invented: number
  /** Calls that were under way when the fault began, and ended later: they count in the second in which they ended. */
  readonly answeredAfter: number
  /** Other calls counted in another second than they arrived in, and by how much at most. */
  readonly displaced: number
  readonly displacedByMs: number
  /** Whether second by second, and in all, the report is the sum of what its generators told. */
  readonly timelineAddsUp: boolean
  readonly overlaps: readonly Overlap[]
}

/** From the moment a call arrives until its generator's numbers would have told of it. */
const longestWayMs = 500

export function toResult(run: DisturbedRun, pack: PackName): FaultResult {
  const differences = compareCounts(run)
  const [answeredAfter, displaced] = partition(
    differences.flatMap((one) => one.displaced),
    (call) => wasUnderWay(run, call),
  )
  return {
    pack,
    ...accountStarts(run, pack),
    pickupMs: pickupMs(run),
    lostShardSeconds: run.summary.loss.shardSeconds,
    shardSeconds: run.shards * Math.round(run.summary.run.durationSeconds),
    targetCounted: run.calls.length,
    reportCounted: run.summary.totals.calls,
    untold: sum(differences.map(({ untold }) => untold.length)),
    untoldOutsideGaps: sum(differences.map((one) => untoldOutsideGaps(run, one))),
    neverArrived: sum(differences.map((one) => one.neverArrived)),
    invented: sum(differences.map(({ invented }) => invented)),
    answeredAfter: answeredAfter.length,
    displaced: displaced.length,
    displacedByMs: Math.max(0, ...displaced.map(({ byMs }) => byMs)),
    timelineAddsUp: timelineAddsUp(run),
    overlaps: findOverlaps(run),
  }
}

const wasUnderWay = ({ faultFromMs }: DisturbedRun, { arrivedAtMs, second }: DisplacedCall): boolean =>
  Math.abs(arrivedAtMs - faultFromMs) < longestWayMs && (second + 1) * 1000 > faultFromMs

function partition<T>(values: readonly T[], holds: (value: T) => boolean): [T[], T[]] {
  return [values.filter((value) => holds(value)), values.filter((value) => !holds(value))]
}

function pickupMs({ requests, faultFromMs }: DisturbedRun): number | null {
  const later = requests.filter(({ epoch, atMs }) => epoch > 1 && atMs > faultFromMs)
  return later.length === 0 ? null : Math.min(...later.map(({ atMs }) => atMs)) - faultFromMs
}

function untoldOutsideGaps({ gaps }: DisturbedRun, { shard, untold }: CountDifference): number {
  const own = gaps.filter((gap) => gap.shard === shard)
  return untold.filter(
    ({ atMs }) => !own.some(({ fromSecond, toSecond }) => atMs >= fromSecond * 1000 - longestWayMs && atMs < toSecond * 1000),
  ).length
}

function timelineAddsUp({ summary, counted }: DisturbedRun): boolean {
  const told = new Map<number, number>()
  for (const { second, ok, failed } of counted) told.set(second, (told.get(second) ?? 0) + ok + failed)
  const seconds = new Set([...told.keys(), ...summary.timeline.map(({ second }) => second)])
  const shown = new Map(summary.timeline.map(({ second, calls }) => [second, calls]))
  const { calls, ok, failed } = summary.totals
  const isWhole = ok === sum(counted.map((second) => second.ok)) && failed === sum(counted.map((second) => second.failed))
  return isWhole && calls === ok + failed && [...seconds].every((second) => (told.get(second) ?? 0) === (shown.get(second) ?? 0))
}
