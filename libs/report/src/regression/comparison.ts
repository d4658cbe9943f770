import type { MachineInfo } from '../run-info.ts'

export type ComparisonVerdict = 'same' | 'slower' | 'faster' | 'inconclusive'

/** `comparison.json`, schema `squall/comparison@1`. Latencies in milliseconds, shares from 0 to 1. */
export interface Comparison {
  readonly schema: 'squall/comparison@1'
  /** What was compared: an address, a command, or a saved baseline. */
  readonly base: string
  readonly candidate: string
  readonly verdict: ComparisonVerdict
  /** Why nothing more certain can be said, and what else to know; in words. */
  readonly reasons: readonly string[]
  readonly metrics: readonly ComparedMetric[]
  /** Runs of each side that count. */
  readonly runsEach: number
  /** Of each side, so that a change that matters would be seen or ruled out everywhere. */
  readonly runsNeeded: number
  /** Runs that do not count, since the generator was strained in them. */
  readonly setAside: number
  readonly run: {
    readonly pack: string
    readonly startedAt: string
    readonly durationSeconds: number
    readonly squallVersion: string
    readonly nodeVersion: string
    readonly machine: MachineInfo
  }
}

export interface ComparedMetric {
  /** `*` for all calls. */
  readonly tool: string
  /** Such as `response.p95`. */
  readonly metric: string
  /** Medians over the runs. */
  readonly base: number
  readonly candidate: number
  /** A ratio less one for latencies, a difference for shares. */
  readonly effect: number
  /** Of the effect, with the confidence that all metrics together are held to; null with too few runs. */
  readonly interval: readonly [number, number] | null
  /** Adjusted for all metrics. */
  readonly pValue: number
  readonly verdict: ComparisonVerdict
}
