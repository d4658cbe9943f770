import type { LatencyHistogram } from './latency-histogram.ts'
import type { CounterName } from './recorder.ts'

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
  readonly counters: Readonly<Record<CounterName, number>>
  readonly clientsPeak: number
  readonly timeline: readonly TimelinePoint[]
  readonly generator: GeneratorNumbers
}

/** One second of the run, over all shards; latencies in milliseconds, null in a second without calls. */
export interface TimelinePoint {
  readonly second: number
  readonly calls: number
  readonly failed: number
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
  readonly errors: Readonly<Record<string, number>>
  /** Share of one core the busiest generator process used, 0 to 1. */
  readonly generatorCpu: number
  readonly eventLoopDelayP99Ms: number
  readonly scheduleLagP99Ms: number
}

export interface GeneratorNumbers {
  readonly cpuSeconds: number
  readonly peakRssBytes: number
  readonly eventLoopDelay: LatencyHistogram
  readonly scheduleLag: LatencyHistogram
}
