/** A point of a curve that rises and bends. */
export interface CurvePoint {
  readonly x: number
  readonly y: number
}

const sensitivity = 1

/**
 * Where a curve that rises with falling slope bends the most: beyond it more of x brings little more of y.
 * Source: V. Satopää, J. Albrecht, D. Irwin, B. Raghavan, Finding a "Kneedle" in a Haystack, ICDCS Workshops 2011, without its smoothing.
 * @param points in order of x; of a throughput curve, up to where it begins to fall.
 * @returns undefined where the curve has no knee: it is straight, bends the other way, or has fewer than four points.
 */
export function findKnee(points: readonly CurvePoint[]): CurvePoint | undefined {
  const [first, last] = [points[0], points.at(-1)]
  const top = points.reduce<CurvePoint | undefined>(
    (best, point) => (best === undefined || point.y > best.y ? point : best),
    undefined,
  )
  if (first === undefined || last === undefined || top === undefined || points.length < 4) return undefined
  const [width, height] = [last.x - first.x, top.y - Math.min(...points.map(({ y }) => y))]
  if (width <= 0 || height <= 0) return undefined
  const differences = points.map(({ x, y }) => (y - first.y) / height - (x - first.x) / width)
  const highest = Math.max(...differences)
  // What a straight line does by its rounding and noise is no knee: the curve has to leave it by a mean step's worth.
  const threshold = sensitivity / (points.length - 1) / 2
  return highest > threshold ? points[differences.indexOf(highest)] : undefined
}
