/** How two values of a metric are set against each other. */
export interface MetricScale {
  /** To where differences are additive. */
  readonly toScale: (value: number) => number
  /** A difference there, as the effect a person reads. */
  readonly toEffect: (difference: number) => number
  /** The smallest effect that matters, unless told otherwise. */
  readonly minimumEffect: number
}

/** Nothing is faster than this many milliseconds; a latency of zero has no logarithm. */
const leastLatencyMs = 1e-3

/** Latencies and rates compare by their ratio: an effect of 0.1 is ten per cent more. */
const ratio: MetricScale = {
  toScale: (value) => Math.log(Math.max(leastLatencyMs, value)),
  toEffect: (difference) => Math.expm1(difference),
  minimumEffect: 0.05,
}

/** Shares compare by their difference: an effect of 0.01 is one call more in a hundred. */
const share: MetricScale = { toScale: (value) => value, toEffect: (difference) => difference, minimumEffect: 0.01 }

export const metricScales = { ratio, share } as const

export type MetricScaleName = keyof typeof metricScales
