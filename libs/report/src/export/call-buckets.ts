import type { LatencyHistogram } from '@squall/metrics'

/** Upper ends of the buckets that latencies are exported in, in seconds; those OpenTelemetry advises for HTTP, and 30 s. */
export const bucketSeconds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30] as const

/** How many values do not exceed each of the ends, at most 1 % off at the edges. */
export const countsUpTo = (histogram: LatencyHistogram): readonly number[] =>
  bucketSeconds.map((seconds) => histogram.countUpTo(seconds * 1000))
