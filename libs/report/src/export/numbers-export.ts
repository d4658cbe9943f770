import type { CounterName, LatencyHistogram, SeriesKey } from '@squall/metrics'

/** One place that numbers go to while a run goes on. Each kind is a small file, listed in `export-kinds.ts`. */
export interface NumbersExport {
  /** As the user wrote it, for messages: `csv=numbers.csv`. */
  readonly name: string
  /** Whether a later second says all that an earlier one did, so that a slow receiver needs the newest alone. */
  readonly isCumulative: boolean
  /**
   * Gets ready, before there is load.
   * @throws CodedError REPORT_EXPORT_NOT_POSSIBLE
   */
  start(run: ExportedRun): Promise<void>
  /** Takes the next second. A rejection is told to the user once, and never stops the run. */
  take(second: ExportedSecond): Promise<void>
  /** Hands on what is left, and lets go of everything. */
  close(): Promise<void>
}

/** What is exported of. */
export interface ExportedRun {
  readonly id: string
  readonly pack: string
  /** Without credentials. */
  readonly target: string
}

/** One second of a run over all generators, with what came before it. */
export interface ExportedSecond {
  /** Whole seconds since T0. */
  readonly second: number
  /** The end of the second, in milliseconds since 1970. */
  readonly atWallMs: number
  /** T0, in milliseconds since 1970. */
  readonly startAtWallMs: number
  /** All series there were so far. */
  readonly series: readonly ExportedSeries[]
  /** Alive at the fullest moment of the second, by kind. */
  readonly clients: Readonly<Record<string, number>>
  /** Since T0. */
  readonly counters: Readonly<Record<CounterName, number>>
  /** Of the generator that fared worst in this second. */
  readonly generator: { readonly cpuRatio: number; readonly eventLoopDelayP99Ms: number; readonly scheduleLagP99Ms: number }
}

export interface ExportedSeries {
  readonly key: SeriesKey
  /** In this second. */
  readonly now: CallNumbers
  /** Since T0, this second included; it goes on growing with the run. */
  readonly sinceStart: CallNumbers
}

export interface CallNumbers {
  readonly ok: number
  readonly failed: number
  /** Failures by code; they add up to `failed`. */
  readonly errors: ReadonlyMap<string, number>
  readonly service: LatencyHistogram
  readonly response: LatencyHistogram
}
