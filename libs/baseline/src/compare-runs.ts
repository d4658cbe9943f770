import { independentEvidence, pairedEvidence, type Evidence } from './evidence.ts'
import { holmAdjusted } from './holm.ts'
import { metricScales, type MetricScaleName } from './metric-scale.ts'
import { at } from './ranks.ts'
import { leastPairs, leastRunsEach, medianOf, runsForPrecision } from './runs-needed.ts'

/** One number of every run of both sides. */
export interface MetricRuns {
  readonly tool: string
  /** Such as `response.p95`. */
  readonly metric: string
  readonly scale: MetricScaleName
  readonly base: readonly number[]
  readonly candidate: readonly number[]
}

export interface CompareOptions {
  /** `paired` where the runs at the same index ran side by side; `independent` where they are of different times. */
  readonly runs: 'paired' | 'independent'
  /** The chance that anything at all is called slower or faster where nothing is; 0.05 unless given. */
  readonly significance?: number
  /** The smallest change that matters, by scale; those of the scale unless given. */
  readonly minimumEffect?: Partial<Readonly<Record<MetricScaleName, number>>>
}

export type ComparisonVerdict = 'same' | 'slower' | 'faster' | 'inconclusive'

export interface MetricComparison {
  readonly tool: string
  readonly metric: string
  /** Medians over the runs. */
  readonly base: number
  readonly candidate: number
  /** By which the candidate is above the base: a ratio less one, or a difference of shares. */
  readonly effect: number
  /** Holds the true effect with the confidence that all metrics together are held to; undefined with too few runs. */
  readonly interval: readonly [number, number] | undefined
  /** Adjusted for all metrics. */
  readonly pValue: number
  readonly verdict: ComparisonVerdict
}

export interface RunComparison {
  readonly verdict: ComparisonVerdict
  readonly metrics: readonly MetricComparison[]
  /** Of the side that has fewer. */
  readonly runsEach: number
  /** Of each side, so that a change that matters would be seen or ruled out everywhere; no more than `runsEach` where it is. */
  readonly runsNeeded: number
}

/**
 * Whether the candidate is slower than the base. A metric is slower or faster where its rank test, adjusted for all metrics by Holm's
 * procedure, is significant and its effect is no smaller than what matters. It is the same where two one-sided tests say that its effect
 * is smaller than what matters (which need no adjustment: all have to say so), and inconclusive otherwise.
 * Source of the last: D. J. Schuirmann, Journal of Pharmacokinetics and Biopharmaceutics 15 (1987).
 * @throws RangeError where a metric has no runs, or runs without a partner.
 */
export function compareRuns(metrics: readonly MetricRuns[], options: CompareOptions): RunComparison {
  const significance = options.significance ?? 0.05
  const each = significance / Math.max(1, metrics.length)
  const weighed = metrics.map((metric) => ({ metric, evidence: weigh(metric, options.runs) }))
  const pValues = holmAdjusted(weighed.map(({ evidence }) => evidence.pValue))
  const compared = weighed.map(({ metric, evidence }, index) => {
    const minimumEffect = options.minimumEffect?.[metric.scale] ?? metricScales[metric.scale].minimumEffect
    return compareMetric(metric, evidence, { minimumEffect, significance, each, pValue: at(pValues, index) })
  })
  const least = options.runs === 'paired' ? leastPairs : leastRunsEach
  return {
    verdict: overall(compared.map(({ result }) => result.verdict)),
    metrics: compared.map(({ result }) => result),
    runsEach: metrics.length === 0 ? 0 : Math.min(...metrics.map(runsOf)),
    runsNeeded: Math.max(least(each), ...compared.map(({ needed }) => needed)),
  }
}

const runsOf = ({ base, candidate }: MetricRuns): number => Math.min(base.length, candidate.length)

function weigh({ tool, metric, scale, base, candidate }: MetricRuns, runs: CompareOptions['runs']): Evidence {
  const isUneven = runs === 'paired' && base.length !== candidate.length
  if (isUneven || base.length === 0 || candidate.length === 0)
    throw new RangeError(
      `${tool} ${metric}: ${base.length} runs of the base and ${candidate.length} of the candidate do not compare`,
    )
  const { toScale } = metricScales[scale]
  const toEvidence = runs === 'paired' ? pairedEvidence : independentEvidence
  return toEvidence(base.map(toScale), candidate.map(toScale))
}

interface Rules {
  readonly minimumEffect: number
  readonly significance: number
  /** What one of all tests may take of it. */
  readonly each: number
  readonly pValue: number
}

function compareMetric(
  metric: MetricRuns,
  evidence: Evidence,
  rules: Rules,
): { readonly result: MetricComparison; readonly needed: number } {
  const { toEffect, toScale } = metricScales[metric.scale]
  const { estimate, interval } = evidence.shift(1 - rules.each)
  const result = {
    tool: metric.tool,
    metric: metric.metric,
    base: medianOf(metric.base),
    candidate: medianOf(metric.candidate),
    effect: toEffect(estimate),
    interval: interval && ([toEffect(interval[0]), toEffect(interval[1])] as const),
    pValue: rules.pValue,
  }
  const verdict = judge(result.effect, rules, isWithin(metric, evidence, rules))
  const tolerance = toScale(metric.scale === 'ratio' ? 1 + rules.minimumEffect : rules.minimumEffect)
  const precise = runsForPrecision(evidence.scatter, tolerance, rules.each)
  const needed = verdict === 'inconclusive' ? Math.max(runsOf(metric) + 1, precise) : 0
  return { result: { ...result, verdict }, needed }
}

/** Whether the effect is known to be smaller than what matters, to either side. */
function isWithin({ scale }: MetricRuns, { shift }: Evidence, { minimumEffect, significance }: Rules): boolean {
  const { interval } = shift(1 - 2 * significance)
  const { toEffect } = metricScales[scale]
  return interval !== undefined && toEffect(interval[0]) > -minimumEffect && toEffect(interval[1]) < minimumEffect
}

function judge(effect: number, { minimumEffect, significance, pValue }: Rules, isSame: boolean): ComparisonVerdict {
  if (pValue <= significance && effect >= minimumEffect) return 'slower'
  if (pValue <= significance && effect <= -minimumEffect) return 'faster'
  return isSame ? 'same' : 'inconclusive'
}

/** What is slower counts more than what is not known, and that more than what is faster. */
function overall(verdicts: readonly ComparisonVerdict[]): ComparisonVerdict {
  const order = ['slower', 'inconclusive', 'faster'] as const
  return order.find((verdict) => verdicts.includes(verdict)) ?? (verdicts.length === 0 ? 'inconclusive' : 'same')
}
