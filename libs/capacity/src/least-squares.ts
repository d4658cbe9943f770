export interface LeastSquaresProblem {
  /** A first guess at the parameters, none of them zero. */
  readonly start: readonly number[]
  readonly observed: readonly number[]
  /** What parameters predict, in the order of `observed`. */
  readonly predict: (parameters: readonly number[]) => readonly number[]
}

const mostIterations = 500

/**
 * The parameters whose prediction lies nearest to what was observed, by the sum of squares.
 * Source: D. W. Marquardt, An Algorithm for Least-Squares Estimation of Nonlinear Parameters, SIAM Journal 11 (1963).
 * @returns undefined where no step improves a prediction that is not even a number.
 */
export function fitLeastSquares({ start, observed, predict }: LeastSquaresProblem): number[] | undefined {
  const errorOf = (parameters: readonly number[]): number =>
    residuals(observed, predict(parameters)).reduce((sum, residual) => sum + residual ** 2, 0)
  let parameters = [...start]
  let error = errorOf(parameters)
  let damping = 1e-3
  for (let iteration = 0; iteration < mostIterations && damping < 1e12; iteration += 1) {
    const step = nextStep({ parameters, observed, predict, damping })
    const tried = parameters.map((value, index) => value + (step[index] ?? 0))
    const triedError = errorOf(tried)
    if (!(triedError < error)) {
      damping *= 4
      continue
    }
    const isSettled = error - triedError <= 1e-14 * error
    parameters = tried
    error = triedError
    damping = Math.max(1e-12, damping / 4)
    if (isSettled) break
  }
  return Number.isFinite(error) ? parameters : undefined
}

interface Step extends Omit<LeastSquaresProblem, 'start'> {
  readonly parameters: readonly number[]
  readonly damping: number
}

/** Solves (JᵀJ + damping · diag JᵀJ) step = Jᵀr. */
function nextStep({ parameters, observed, predict, damping }: Step): number[] {
  const predicted = predict(parameters)
  const rest = residuals(observed, predicted)
  const slopes = parameters.map((value, index) => {
    const width = 1e-7 * Math.max(Math.abs(value), 1e-6)
    const moved = predict(parameters.with(index, value + width))
    return moved.map((prediction, row) => (prediction - (predicted[row] ?? 0)) / width)
  })
  const normal = slopes.map((a, i) => slopes.map((b, j) => dot(a, b) * (i === j ? 1 + damping : 1)))
  return solve(
    normal,
    slopes.map((slope) => dot(slope, rest)),
  )
}

/** Gauss's elimination with the largest pivot; a direction that decides nothing stays where it is. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, index) => [...row, right[index] ?? 0])
  const size = rows.length
  for (let column = 0; column < size; column += 1) {
    const pivot = rows.slice(column).reduce((best, row) => (cell(row, column) ** 2 > cell(best, column) ** 2 ? row : best))
    if (cell(pivot, column) === 0) continue
    rows.splice(rows.indexOf(pivot), 1)
    rows.splice(column, 0, pivot)
    for (const row of rows) {
      if (row === pivot) continue
      const factor = cell(row, column) / cell(pivot, column)
      for (let index = column; index <= size; index += 1) row[index] = cell(row, index) - factor * cell(pivot, index)
    }
  }
  return rows.map((row, index) => (cell(row, index) === 0 ? 0 : cell(row, size) / cell(row, index)))
}

const cell = (row: readonly number[], index: number): number => row[index] ?? 0

const residuals = (observed: readonly number[], predicted: readonly number[]): number[] =>
  observed.map((value, index) => value - (predicted[index] ?? 0))

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)
