import type { RandomSource } from '@squall/time'
import type { MetricRuns } from '../compare-runs.ts'
import { gaussian } from './gaussian.ts'

export interface SimulatedComparison {
  readonly pairs: number
  readonly tools: number
  /** Of one run by itself, as a share of its latency. */
  readonly noise: number
  /** What a pair of runs has in common, as a share: the machine's mood of the hour. */
  readonly weather: number
  /** By which the first tool of the candidate is slower. */
  readonly effect: number
  /** How often a run meets a neighbour's load, which makes it up to seven times as slow. */
  readonly bursts: number
}

/** Runs whose truth is known. */
export function simulateComparison(
  { pairs, tools, noise, weather, effect, bursts }: SimulatedComparison,
  random: RandomSource,
): MetricRuns[] {
  const normal = gaussian(random)
  const moods = Array.from({ length: pairs }, () => weather * normal())
  const run = (mood: number): number => mood + noise * normal() + (random.next() < bursts ? 2 * random.next() : 0)
  return Array.from({ length: tools }, (_, tool) => ({
    tool: `tool_${tool}`,
    metric: 'response.p95',
    scale: 'ratio' as const,
    base: moods.map((mood) => 100 * Math.exp(run(mood))),
    candidate: moods.map((mood) => 100 * (tool === 0 ? 1 + effect : 1) * Math.exp(run(mood))),
  }))
}
