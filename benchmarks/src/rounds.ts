/** One side of a comparison. */
export interface Contender {
  readonly name: string
  /** Runs once and returns what is compared, by figure. */
  measure(): Promise<Figures>
}

export type Figures = Readonly<Record<string, number>>

/** What a contender's rounds came to, a list for each figure. */
export interface Rounds {
  readonly name: string
  readonly figures: readonly Figures[]
}

/**
 * Measures all contenders in turn, and again: what the machine does besides changes slowly, and so meets all alike.
 * The rounds of warm-up are thrown away.
 * @throws RangeError where there is no contender.
 */
export async function interleave(contenders: readonly Contender[], rounds: number, warmUpRounds: number): Promise<Rounds[]> {
  if (contenders.length === 0) throw new RangeError('nothing to measure: no contender is named so')
  const measured = contenders.map(({ name }) => ({ name, figures: new Array<Figures>() }))
  for (let round = 1 - warmUpRounds; round <= rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      const figures = await contender.measure()
      process.stderr.write(`${round > 0 ? `round ${round}` : 'warm-up'}: ${contender.name} ${JSON.stringify(figures)}\n`)
      if (round > 0) measured[index]?.figures.push(figures)
    }
  }
  return measured
}

export const valuesOf = ({ figures }: Rounds, figure: string): number[] => figures.map((one) => one[figure] ?? Number.NaN)

/** How a contender stood to another in each round: what slowed a round down slowed both. */
export function ratiosOf(candidate: Rounds, base: Rounds, figure: string): number[] {
  const bases = valuesOf(base, figure)
  return valuesOf(candidate, figure).map((value, round) => value / (bases[round] ?? Number.NaN))
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [below = Number.NaN, above = Number.NaN] = [sorted[middle - 1], sorted[middle]]
  return sorted.length % 2 === 1 ? above : (below + above) / 2
}
