import type { CounterName, LatencyName, SeriesKey } from './recorder.ts'

/** A latency histogram in its sparse binary form, as it travels and is journalled. */
export type EncodedHistogram = Uint8Array

export type EncodedLatencies = Readonly<Partial<Record<LatencyName, EncodedHistogram>>>

/** What one generator saw during one second of its run. Deltas, so snapshots add up. */
export interface Snapshot {
  /** Whole seconds since the run's T0. */
  readonly second: number
  /** Virtual clients alive at the fullest moment of the second, by kind. */
  readonly clients: Readonly<Record<string, number>>
  readonly counters: Readonly<Partial<Record<CounterName, number>>>
  /** Only series with at least one call in this second. */
  readonly series: readonly SeriesSnapshot[]
  /** Calls whose tool, kind, phase or error code was counted as `other`, because there were too many different ones. */
  readonly foldedCalls: number
  /** Only those with values in this second. */
  readonly latencies?: EncodedLatencies
  readonly generator: GeneratorHealth
}

export interface SeriesSnapshot {
  readonly key: SeriesKey
  readonly ok: number
  readonly failed: number
  /** Failures by error code; they add up to `failed`. */
  readonly errors: Readonly<Record<string, number>>
  readonly service: EncodedHistogram
  readonly response: EncodedHistogram
}

/** How the generator itself fared, so that a report can tell whether it was the bottleneck. */
export interface GeneratorHealth {
  /** User plus system time of the process in this second. */
  readonly cpuMs: number
  /** Wall time the snapshot covers; close to 1,000. */
  readonly wallMs: number
  /** Share of the second in which the event loop was not waiting, 0 to 1. Near 1 while `cpuMs` is low, the process was denied a core. */
  readonly eventLoopUtilization: number
  readonly rssBytes: number
  readonly eventLoopDelay: EncodedHistogram
  readonly scheduleLag: EncodedHistogram
}

/** The part of the health that only the process knows; the schedule lag comes from the recorder. */
export type ProcessHealth = Omit<GeneratorHealth, 'scheduleLag'>
