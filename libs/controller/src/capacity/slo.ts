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
  const phased = terms.filter(({ scope }) => scope.type === 'phase')
  if (parsed.length === 0)
    problems.push({ where, value: text, expected: 'what the server must keep to, such as p95<500ms,failed<1%' })
  for (const { expression } of phased)
    problems.push({ where, value: expression, expected: 'a term without a phase: a search holds each load level by itself' })
  return problems.length > 0 ? problems : { text: terms.map(({ expression }) => expression).join(','), terms }
}

/**
 * How near the worst term comes to being broken: the measured value over its limit, or the limit over it where more is better; 1 is the edge.
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
  const isCeiling = comparison === '<' || comparison === '<='
  const [part, whole] = isCeiling ? [measured, limit] : [limit, measured]
  if (whole === 0) return part === 0 ? (comparison.endsWith('=') ? 1 : Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY
  // At the edge of a term that does not take it in, the SLO is broken.
  return part === whole && !comparison.endsWith('=') ? 1 + Number.EPSILON : part / whole
}
