import { fitLeastSquares } from './least-squares.ts'

/** Throughput under so much load. */
export interface LoadPoint {
  /** Clients at once, or another measure of concurrency. */
  readonly clients: number
  readonly callsPerSecond: number
}

/**
 * The Universal Scalability Law: X(N) = λN / (1 + σ(N − 1) + κN(N − 1)).
 * Source: N. J. Gunther, Guerrilla Capacity Planning, Springer 2007, chapters 4 to 6.
 */
export interface UniversalScalability {
  /** Calls per second of one client alone. */
  readonly lambda: number
  /** Contention: the share of work that waits its turn. */
  readonly sigma: number
  /** Coherency: what each pair of clients costs by having to agree. */
  readonly kappa: number
}

export interface ScalabilityFit extends UniversalScalability {
  /** Where throughput is the greatest; null where the law has no peak, or one that lies too far beyond what was measured to be believed. */
  readonly peakClients: number | null
  /** The share of the throughput's variance that the law explains. */
  readonly rSquared: number
}

export type ScalabilityResult = { readonly fit: ScalabilityFit } | { readonly refused: string }

const leastLevels = 5
const leastRSquared = 0.9
/** A peak farther beyond the highest load than this is a guess. */
const farthestPeak = 3

/**
 * Fits the law to throughput by load, by least squares, with no coefficient below zero.
 * @returns why not, where the data do not support it: too few levels, levels too close together, or a law that does not explain them.
 */
export function fitUniversalScalability(points: readonly LoadPoint[]): ScalabilityResult {
  const levels = new Set(points.map(({ clients }) => clients))
  if (levels.size < leastLevels)
    return { refused: `${levels.size} levels of load were measured; a fit takes ${leastLevels} at least` }
  const highest = Math.max(...levels)
  const lowest = Math.min(...levels)
  if (highest < 2 * lowest)
    return { refused: `the levels lie between ${lowest} and ${highest}: too close together to show a law` }
  const law = bestOf(points)
  if (law === undefined) return { refused: 'throughput does not follow any such law' }
  const rSquared = rSquaredOf(points, law)
  if (!(rSquared >= leastRSquared))
    return {
      refused: `the law explains ${Math.max(0, Math.round(rSquared * 100))} % of the variation; ${leastRSquared * 100} % is the least`,
    }
  const peak = peakOf(law)
  return { fit: { ...law, rSquared, peakClients: peak > farthestPeak * highest ? null : Math.max(1, Math.round(peak)) } }
}

/** Calls per second that the law promises under so much load. */
export function throughputAt({ lambda, sigma, kappa }: UniversalScalability, clients: number): number {
  return (lambda * clients) / (1 + sigma * (clients - 1) + kappa * clients * (clients - 1))
}

/** √((1 − σ) / κ), Gunther's equation 4.33; infinite without coherency cost. */
function peakOf({ sigma, kappa }: UniversalScalability): number {
  return kappa === 0 ? Number.POSITIVE_INFINITY : Math.sqrt(Math.max(0, 1 - sigma) / kappa)
}

/** The coefficients that may be other than zero; where the best of all is below zero, the best of the border is wanted. */
const freedoms = [
  { sigma: true, kappa: true },
  { sigma: true, kappa: false },
  { sigma: false, kappa: true },
  { sigma: false, kappa: false },
] as const

function bestOf(points: readonly LoadPoint[]): UniversalScalability | undefined {
  let best: { readonly law: UniversalScalability; readonly error: number } | undefined
  for (const free of freedoms) {
    const law = fitWith(points, free)
    if (law === undefined || law.lambda <= 0 || law.sigma < 0 || law.kappa < 0) continue
    const error = squaredError(points, law)
    if (best === undefined || error < best.error) best = { law, error }
  }
  return best?.law
}

function fitWith(points: readonly LoadPoint[], free: (typeof freedoms)[number]): UniversalScalability | undefined {
  const toLaw = ([lambda = 0, first = 0, second = 0]: readonly number[]): UniversalScalability => ({
    lambda,
    sigma: free.sigma ? first : 0,
    kappa: free.kappa ? (free.sigma ? second : first) : 0,
  })
  const lambda = Math.max(...points.map(({ clients, callsPerSecond }) => callsPerSecond / clients))
  // Guesses of the size that systems have; the fit moves on from there.
  const start = [lambda, ...(free.sigma ? [0.05] : []), ...(free.kappa ? [1e-4] : [])]
  const fitted = fitLeastSquares({
    start,
    observed: points.map(({ callsPerSecond }) => callsPerSecond),
    predict: (parameters) => points.map(({ clients }) => throughputAt(toLaw(parameters), clients)),
  })
  return fitted && toLaw(fitted)
}

function squaredError(points: readonly LoadPoint[], law: UniversalScalability): number {
  return points.reduce((sum, { clients, callsPerSecond }) => sum + (callsPerSecond - throughputAt(law, clients)) ** 2, 0)
}

function rSquaredOf(points: readonly LoadPoint[], law: UniversalScalability): number {
  const mean = points.reduce((sum, { callsPerSecond }) => sum + callsPerSecond, 0) / points.length
  const total = points.reduce((sum, { callsPerSecond }) => sum + (callsPerSecond - mean) ** 2, 0)
  return total === 0 ? 0 : 1 - squaredError(points, law) / total
}
