import type { Problem } from '@squall/errors'
import { isProblem, parseThreshold, type Threshold } from '@squall/load-plan'
import type { RunNumbers } from '@squall/metrics'
import { measureThreshold } from '../judge-threshold.ts'

/** What a load must keep to, as written and as parsed; at least one term. */
export interface Slo {
  readonly text: string
  readonly terms: readonly Threshold[]
}

/**
 * Reads `p95<500ms,failed<1%`.
 * @returns all problems where it cannot be read.
 */
export function parseSlo(text: string, where = '--slo'): Slo | readonly Problem[] {
  const parsed = text
    .split(',')
    .map((term) => term.trim())
    .filter((term) => term !== '')
    .map((term) => parseThreshold(term, where))
  const problems = parsed.flatMap((term) => (isProblem(term) ? [term] : []))
  const terms = parsed.flatMap((term) => (isProblem(term) ? [] : [term]))
  if (parsed.length === 0)
    problems.push({ where, value: text, expected: 'what the server must keep to, such as p95<500ms,failed<1%' })
  problems.push(...terms.flatMap((term) => findMistake(term, where) ?? []))
  return problems.length > 0 ? problems : { text: terms.map(({ expression }) => expression).join(','), terms }
}

/** Why a threshold of a run is no term of an SLO, which a search expects more load to break. */
function findMistake({ expression, scope, metric, comparison }: Threshold, where: string): Problem | undefined {
  const problem = { where, value: expression }
  if (scope.type === 'phase') return { ...problem, expected: 'a term without a phase: a search holds each load level by itself' }
  const expected = 'a term that more load breaks, such as p95<500ms or failed<1%'
  if (metric.type === 'rate' || metric.type === 'calls')
    return {
      ...problem,
      expected,
      hint: 'few clients make few calls by themselves; the report says what rate each level reached',
    }
  return isUpperBound(comparison) ? undefined : { ...problem, expected, hint: 'write an upper bound, with < or <=' }
}

const isUpperBound = (comparison: Threshold['comparison']): boolean => comparison === '<' || comparison === '<='

/**
 * How near the worst term comes to being broken: the measured value over its limit; 1 is the edge.
 * A term that nothing was measured for is broken without end: no call was answered.
 */
export function strainOf({ terms }: Slo, numbers: RunNumbers): number {
  return Math.max(
    ...terms.map((term) =>
      termStrain(
        term,
        measureThreshold(term, numbers, () => 0),
      ),
    ),
  )
}

function termStrain({ comparison, limit }: Threshold, measured: number | null): number {
  if (measured === null) return Number.POSITIVE_INFINITY
  if (limit === 0) return measured === 0 && comparison === '<=' ? 1 : Number.POSITIVE_INFINITY
  // At the edge of a term that does not take it in, the SLO is broken.
  return measured === limit && comparison === '<' ? 1 + Number.EPSILON : measured / limit
}
