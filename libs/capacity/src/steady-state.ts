/** Where a series has become steady. */
export interface SteadyState {
  /** Values that belong to the transient; half of the series at most. */
  readonly dropped: number
  /** Whether what is left stays where it is: its second half lies where its first does. */
  readonly isSteady: boolean
}

/** Values are taken together by fives, which takes the edge off their noise. */
const batch = 5
/** Halves that lie nearer than this share of the mean are level, however little they scatter. */
const levelWithin = 0.05
/** Halves that lie nearer than this many standard errors of their distance may be so by chance. */
const chanceWithin = 3

/**
 * How many values at the start of a series are transient: those without which the standard error of the mean of the rest is the least.
 * Source: K. P. White, An Effective Truncation Heuristic for Bias Reduction in Simulation Output, Simulation 69 (1997): MSER-5, which is
 * known to be fooled by the last values and therefore looks at the first half alone.
 * @param values one per second or other equal time, in order.
 */
export function findSteadyState(values: readonly number[]): SteadyState {
  const size = values.length >= 4 * batch ? batch : 1
  const means = Array.from({ length: Math.floor(values.length / size) }, (_, index) =>
    meanOf(values.slice(index * size, (index + 1) * size)),
  )
  let best = { dropped: 0, error: Number.POSITIVE_INFINITY }
  for (let dropped = 0; dropped <= means.length / 2; dropped += 1) {
    const error = varianceOf(means.slice(dropped)) / (means.length - dropped)
    // A later place has to be better by more than rounding.
    if (error < best.error * (1 - 1e-9)) best = { dropped, error }
  }
  return { dropped: best.dropped * size, isSteady: isLevel(means.slice(best.dropped)) }
}

function isLevel(values: readonly number[]): boolean {
  const half = Math.floor(values.length / 2)
  if (half === 0) return values.length > 0
  const [first, second] = [values.slice(0, half), values.slice(-half)]
  const distance = Math.abs(meanOf(second) - meanOf(first))
  const standardError = Math.sqrt((varianceOf(first) + varianceOf(second)) / half)
  return distance <= Math.max(levelWithin * Math.abs(meanOf(values)), chanceWithin * standardError)
}

function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values)
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
