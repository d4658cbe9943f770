/**
 * P-values of several tests made at once, raised so that comparing each with α keeps the chance of any false alarm among all at α.
 * Source: S. Holm, A Simple Sequentially Rejective Multiple Test Procedure, Scandinavian Journal of Statistics 6 (1979).
 * @returns the adjusted p-values, in the order given.
 */
export function holmAdjusted(pValues: readonly number[]): number[] {
  const order = pValues.map((value, index) => ({ value, index })).toSorted((a, b) => a.value - b.value)
  const adjusted = Array.from<number>({ length: pValues.length })
  let highest = 0
  for (const [place, { value, index }] of order.entries()) {
    highest = Math.max(highest, Math.min(1, value * (pValues.length - place)))
    adjusted[index] = highest
  }
  return adjusted
}
