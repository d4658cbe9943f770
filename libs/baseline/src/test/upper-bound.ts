/**
 * What a share may be at most, with 95 % confidence, of which `hits` of `trials` were seen.
 * Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927), one-sided.
 */
export function upperBound(hits: number, trials: number): number {
  const z = 1.6449
  const share = hits / trials
  const middle = share + z ** 2 / (2 * trials)
  return (middle + z * Math.sqrt((share * (1 - share)) / trials + z ** 2 / (4 * trials ** 2))) / (1 + z ** 2 / trials)
}
