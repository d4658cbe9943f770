/** What a run must keep to, parsed from text such as `tool.execute_query.p99<2s`. */
export interface Threshold {
  /** As written. */
  readonly expression: string
  readonly scope: ThresholdScope
  readonly metric: ThresholdMetric
  readonly comparison: '<' | '<=' | '>' | '>='
  /** Milliseconds for a latency, 0 to 1 for a ratio, per second for a rate, else a number. */
  readonly limit: number
}

/** Which calls are looked at; `run` is all `tools/call`. */
export type ThresholdScope =
  | { readonly type: 'run' }
  | { readonly type: 'tool' | 'method' | 'clientKind' | 'transport' | 'phase'; readonly name: string }

export type ThresholdMetric =
  | { readonly type: 'latency'; readonly basis: 'response' | 'service'; readonly statistic: LatencyStatistic }
  | { readonly type: 'failedRatio' }
  | { readonly type: 'failedCount' }
  /** Calls per second. */
  | { readonly type: 'rate' }
  | { readonly type: 'calls' }
  /** Starts the generator dropped because they came too late; of the whole run only. */
  | { readonly type: 'droppedStarts' }

/** A quantile from 0 to 1, or a name. */
export type LatencyStatistic = { readonly type: 'quantile'; readonly q: number } | { readonly type: 'min' | 'mean' | 'max' }
