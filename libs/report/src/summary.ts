import type { FailureSample } from '@squall/metrics'
import type { RunInfo } from './run-info.ts'

/** `degraded`: part of the load was lost, or cut before it was done. */
export type Verdict = 'pass' | 'fail' | 'inconclusive' | 'stopped' | 'degraded'

export interface ThresholdResult {
  /** As written: `p95<500ms`. */
  readonly expression: string
  /** Milliseconds for a latency, percent for a share, else a plain number; null where there was nothing to measure. */
  readonly value: number | null
  readonly ok: boolean
}

/** What the run should have done or reported and did not. */
export interface Loss {
  /** Seconds of load, summed over shards, that nobody made. */
  readonly shardSeconds: number
  /** Snapshots that were sent and never arrived. */
  readonly snapshots: number
  readonly gaps: readonly Gap[]
}

export interface Gap {
  readonly shard: number
  readonly fromSecond: number
  /** Exclusive. */
  readonly toSecond: number
  /** In words: `agent lost`. */
  readonly cause: string
}

export interface AgentInfo {
  readonly id: string
  readonly host: string
  readonly shards: readonly number[]
  /** How its part ended. */
  readonly state: 'finished' | 'stopped' | 'lost'
}

/** Milliseconds; all of them 0 where `count` is 0. */
export interface LatencySummary {
  readonly min: number
  readonly mean: number
  readonly p50: number
  readonly p90: number
  readonly p95: number
  readonly p99: number
  readonly p999: number
  readonly max: number
  readonly count: number
}

export interface GroupSummary {
  readonly calls: number
  readonly ok: number
  readonly failed: number
  /** Failed calls by code. */
  readonly errors: Readonly<Record<string, number>>
  readonly service: LatencySummary
  readonly response: LatencySummary
}

/** How it is known what a kind of client does on the wire. */
export interface KindEvidence {
  /** Captured from the real program, reported by others, or assumed where nothing is published. */
  readonly evidence: 'captured' | 'reported' | 'assumed'
  /** Which program and version, and what is known of it. */
  readonly source: string
}

/** Something that changed the run from outside: a key that was pressed, a threshold that ended it. */
export interface RunEventNote {
  /** Seconds since the start, with fractions. */
  readonly second: number
  /** In words: `clients set to 220`. */
  readonly text: string
}

/** One second of the run, or several where it lasted long; latencies are null in a second without calls. */
export interface TimelineSecond {
  /** The first second it covers. */
  readonly second: number
  /** How many seconds it covers: counts are of all of them, percentiles and the generator's figures of the worst. */
  readonly seconds: number
  readonly calls: number
  readonly failed: number
  /** Alive at the fullest moment of the second. */
  readonly clients: number
  /** Of the response time. */
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
  readonly serviceP50: number | null
  readonly serviceP95: number | null
  readonly serviceP99: number | null
  readonly droppedStarts: number
  readonly clientsByKind: Readonly<Record<string, number>>
  readonly toolCalls: Readonly<Record<string, number>>
  readonly errors: Readonly<Record<string, number>>
  /** Share of one core the busiest generator process used; above 1 where its helper threads were busy too. */
  readonly generatorCpu: number
  /** Of the generator process whose event loop was the busiest, 0 to 1. */
  readonly eventLoopUtilization: number
  readonly eventLoopDelayP99Ms: number
  readonly scheduleLagP99Ms: number
}

export type Groups = Readonly<Record<string, GroupSummary>>

/** `summary.json`, schema `squall/summary@1`. Times in milliseconds, rates per second. */
export interface Summary {
  readonly schema: 'squall/summary@1'
  readonly run: RunInfo & {
    /** From the end of the warm-up to the end of the load; what calls are divided by to give a rate. */
    readonly measuredSeconds: number
  }
  readonly verdict: Verdict
  /** Why the verdict is not `pass`, in words; empty for a pass. */
  readonly reasons: readonly string[]
  /** `calls`, `ok` and `failed` count `tools/call` alone; `methods` has the others. */
  readonly totals: {
    readonly calls: number
    readonly ok: number
    readonly failed: number
    readonly droppedStarts: number
    readonly clientsStarted: number
    /** The most clients alive at once. */
    readonly clientsPeak: number
    /** Of the clients a closed plan asks for, those that were never started: the run was over before their turn came. */
    readonly clientsNotStarted: number
    readonly sessionsOpened: number
    readonly bytesSent: number
    readonly bytesReceived: number
    /** Answers nobody waited for: late, doubled, or with an unknown id. They fail no call. */
    readonly strayReplies: number
    /** Calls counted under the name `other`, because there were too many different names. */
    readonly foldedCalls: number
  }
  /** Calls during the warm-up, which count nowhere else but in the timeline. */
  readonly warmUp: { readonly calls: number; readonly failed: number }
  /** Over the measured time: the run without its warm-up. */
  readonly rate: { readonly callsPerSecond: number }
  readonly latencyMs: { readonly service: LatencySummary; readonly response: LatencySummary }
  readonly tools: Groups
  readonly methods: Groups
  readonly clientKinds: Groups
  /** On what the behaviour of each client kind of the run rests. */
  readonly clientKindEvidence: Readonly<Record<string, KindEvidence>>
  readonly transports: Groups
  readonly phases: Groups
  /** Times that are not those of a whole call, such as `firstEvent`; only those that were measured. */
  readonly latencies: Readonly<Record<string, LatencySummary>>
  readonly agents: readonly AgentInfo[]
  /** Failures of all methods by code. */
  readonly errors: Readonly<Record<string, number>>
  readonly generator: {
    readonly cpuSeconds: number
    /** Calls of all methods per CPU second. */
    readonly callsPerCpuSecond: number
    readonly eventLoopDelayP99Ms: number
    readonly scheduleLagP99Ms: number
    readonly peakRssBytes: number
    readonly saturated: boolean
  }
  readonly loss: Loss & {
    /** Reports of generators that came too late for the percentiles of their second; they count everywhere else. */
    readonly lateSnapshots: number
  }
  readonly thresholds: readonly ThresholdResult[]
  /** The first few failed calls of each code, shortened and without secrets; by code. */
  readonly samples: readonly FailureSample[]
  /** What was done to the run from outside while it ran, in order. */
  readonly events: readonly RunEventNote[]
  readonly timeline: readonly TimelineSecond[]
}
