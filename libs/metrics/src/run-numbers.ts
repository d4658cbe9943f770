import type { LatencyHistogram } from './latency-histogram.ts'
import type { StrainCounts } from './strain.ts'
import type { CounterName, LatencyName } from './recorder.ts'

/** The calls of one group: all, one tool, one method, one client kind, … */
export interface GroupNumbers {
  readonly calls: number
  readonly ok: number
  readonly failed: number
  readonly errors: ReadonlyMap<string, number>
  readonly service: LatencyHistogram
  readonly response: LatencyHistogram
}

/** Everything a report says about calls, merged from the snapshots of all shards. */
export interface RunNumbers {
  /** Seconds at the start that made load but are left out of everything here but the timeline, `warmUp` and the life-cycle counters. */
  readonly warmUpSeconds: number
  /** From the end of the warm-up to the end of the load; what calls are divided by to give a rate. */
  readonly measuredSeconds: number
  /** The calls the warm-up kept out of `totals`, so that the target's own count can be compared. */
  readonly warmUp: { readonly calls: number; readonly failed: number }
  /** `tools/call` only, as everywhere a group is not named after another method. */
  readonly totals: GroupNumbers
  readonly tools: ReadonlyMap<string, GroupNumbers>
  /** Methods other than `tools/call`. */
  readonly methods: ReadonlyMap<string, GroupNumbers>
  readonly clientKinds: ReadonlyMap<string, GroupNumbers>
  readonly transports: ReadonlyMap<string, GroupNumbers>
  readonly phases: ReadonlyMap<string, GroupNumbers>
  /** Failures of all methods by code. */
  readonly errors: ReadonlyMap<string, number>
  /** Times that are not those of a whole call; only names that were recorded. */
  readonly latencies: ReadonlyMap<LatencyName, LatencyHistogram>
  /** Clients and sessions are counted over the whole run, the warm-up included; the rest without it. */
  readonly counters: Readonly<Record<CounterName, number>>
  /** Calls counted under `other`, because there were too many different names. */
  readonly foldedCalls: number
  /** Snapshots that came so late that their latencies count in the groups, but not in the percentiles of their second. */
  readonly lateSnapshots: number
  readonly clientsPeak: number
  readonly timeline: readonly TimelinePoint[]
  readonly generator: GeneratorNumbers
}

/**
 * One second of the run, over all shards; latencies in milliseconds, null in a second without calls.
 * In a long run a point covers several seconds, so that the timeline does not grow with the run.
 * Seconds of which no shard sent a snapshot are absent.
 */
export interface TimelinePoint {
  /** The first second it covers. */
  readonly second: number
  /** How many seconds it covers; 1 but in long runs. Counts are of all of them; clients, percentiles and the generator's figures of the worst. */
  readonly seconds: number
  readonly calls: number
  readonly failed: number
  /** Calls of all methods that succeeded. */
  readonly answered: number
  readonly clients: number
  readonly clientsByKind: Readonly<Record<string, number>>
  readonly droppedStarts: number
  /** Of the response time. */
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
  readonly serviceP50: number | null
  readonly serviceP95: number | null
  readonly serviceP99: number | null
  readonly toolCalls: Readonly<Record<string, number>>
  /** Failures of all methods by code. */
  readonly errors: Readonly<Record<string, number>>
  /** Share of one core the busiest generator process used; above 1 where its helper threads were busy too. */
  readonly generatorCpu: number
  /** Of the generator process whose event loop was the busiest, 0 to 1. */
  readonly eventLoopUtilization: number
  /** Of the generator process that fared worst in this second. */
  readonly eventLoopDelayP99Ms: number
  /** Of the generator process that fared worst in this second. */
  readonly scheduleLagP99Ms: number
  /** Where the point covers several seconds: in how many of them the generator showed each sign of strain. */
  readonly strain?: StrainCounts
}

/** The last seconds of a run under way, for a terminal or a page. */
export interface LiveNumbers {
  /** The last second these numbers hold; -1 before the first snapshot. */
  readonly second: number
  /** How many seconds they span; fewer than asked for at the start of a run. */
  readonly seconds: number
  readonly callsPerSecond: number
  readonly failedPerSecond: number
  /** Virtual clients alive at the fullest moment of `second`. */
  readonly clients: number
  readonly clientsByKind: Readonly<Record<string, number>>
  /** Of the response time in milliseconds; null where no call ended. */
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
  readonly serviceP50: number | null
  readonly serviceP95: number | null
  readonly serviceP99: number | null
  /** Failures of all methods by code, in these seconds. */
  readonly errors: Readonly<Record<string, number>>
  readonly tools: ReadonlyMap<string, LiveTool>
  readonly generatorCpu: number
  readonly eventLoopDelayP99Ms: number
  readonly scheduleLagP99Ms: number
  /** Since the start of the run, the warm-up included. */
  readonly sinceStart: { readonly calls: number; readonly failed: number; readonly droppedStarts: number }
}

export interface LiveTool {
  readonly callsPerSecond: number
  readonly failed: number
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
}

export interface GeneratorNumbers {
  readonly cpuSeconds: number
  readonly peakRssBytes: number
  readonly eventLoopDelay: LatencyHistogram
  readonly scheduleLag: LatencyHistogram
}
