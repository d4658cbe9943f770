export { LatencyHistogram, relativeAccuracy } from './latency-histogram.ts'
export type { CallSeries, CounterName, Recorder, SeriesKey } from './recorder.ts'
export type { GeneratorNumbers, GroupNumbers, RunNumbers, TimelinePoint } from './run-numbers.ts'
export type { EncodedHistogram, GeneratorHealth, SeriesSnapshot, Snapshot } from './snapshot.ts'
