/**
 * P(Z ≤ z) of the standard normal distribution, to about 1e-7 of absolute error.
 * Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26, of the error function.
 */
export function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  const t = 1 / (1 + 0.3275911 * x)
  const polynomial = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  const erfc = polynomial * Math.exp(-x * x)
  return z < 0 ? erfc / 2 : 1 - erfc / 2
}

/**
 * The z with P(Z ≤ z) = probability, by halving an interval: as exact as `normalCdf`.
 * @param probability strictly between 0 and 1.
 */
export function normalQuantile(probability: number): number {
  let low = -10
  let high = 10
  while (high - low > 1e-9) {
    const middle = (low + high) / 2
    if (normalCdf(middle) < probability) low = middle
    else high = middle
  }
  return (low + high) / 2
}
