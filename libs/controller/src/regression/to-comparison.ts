import { compareRuns, type CompareOptions, type RunComparison } from '@squall/baseline'
import type { Comparison } from '@squall/report'
import { alignRuns, type RunMetric } from './run-metrics.ts'

export interface ComparedSides {
  readonly base: readonly (readonly RunMetric[])[]
  readonly candidate: readonly (readonly RunMetric[])[]
}

export type ComparisonFacts = Pick<Comparison, 'run' | 'setAside'> & {
  readonly names: Pick<Comparison, 'base' | 'candidate'>
  readonly sides: ComparedSides
  readonly options: CompareOptions
  /** Why nothing can be said, whatever the numbers; and what else to know. */
  readonly refusals: readonly string[]
  readonly notes: readonly string[]
}

/** Judges the runs of both sides and says everything about it. */
export function toComparison({ names, sides, options, refusals, notes, run, setAside }: ComparisonFacts): Comparison {
  const { metrics, gaps } = alignRuns(sides.base, sides.candidate)
  const compared = compareRuns(metrics, options)
  const nothing = metrics.length === 0 ? ['the runs have nothing in common to be compared by'] : []
  const asides = setAside === 0 ? [] : [`${setAside} runs do not count, since the generator was strained in them`]
  const untold = untoldOf(compared)
  const isRefused = refusals.length + nothing.length > 0
  // What is slower is slower whatever else could not be seen; that nothing is cannot be said of what was not seen.
  const isUnseen = gaps.length + untold.length > 0 && compared.verdict !== 'slower'
  return {
    schema: 'squall/comparison@1',
    ...names,
    verdict: isRefused || isUnseen ? 'inconclusive' : compared.verdict,
    reasons: [...refusals, ...nothing, ...untold, ...gaps, ...asides, ...notes],
    metrics: compared.metrics.map((metric) => ({ ...metric, interval: metric.interval ?? null })),
    runsEach: Math.min(sides.base.length, sides.candidate.length),
    runsNeeded: compared.runsNeeded,
    setAside,
    run,
  }
}

/** Two servers that turn everything down, or stand still, are alike, and nothing is known of their work. */
function untoldOf({ metrics }: RunComparison): string[] {
  const failed = metrics.find(({ tool, metric }) => tool === '*' && metric === 'failed')
  if (failed === undefined) return []
  if (metrics.length === 1) return ['no tool was called often enough for its times to be compared']
  return failed.candidate < 0.5
    ? []
    : [`${Math.round(failed.candidate * 100)} % of the candidate's calls failed, so their times say nothing of its work`]
}
