/** Ranks from 1 upwards, in the order of the values given; equal values share the mean of their ranks. */
export function midRanks(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).toSorted((a, b) => at(values, a) - at(values, b))
  const ranks = Array.from<number>({ length: values.length })
  for (let first = 0; first < order.length;) {
    let behind = first + 1
    while (behind < order.length && at(values, at(order, behind)) === at(values, at(order, first))) behind += 1
    for (let place = first; place < behind; place += 1) ranks[at(order, place)] = (first + 1 + behind) / 2
    first = behind
  }
  return ranks
}

/** An element that is known to be there. */
export function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? Number.NaN
}
