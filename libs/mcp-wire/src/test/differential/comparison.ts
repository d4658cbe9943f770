/** What came of reading the same bytes in two ways. */
export interface Comparison {
  readonly cases: number
  /** Both read the same. */
  agreedWhole: number
  /** Both found it broken. */
  agreedBroken: number
  /** Differences with a written reason, and how many there were. */
  readonly meant: Map<string, number>
  /** Differences without one: each is a defect of one of the two, or wants its reason written. */
  readonly unexplained: string[]
}

/** One line of figures. */
export function renderComparison(name: string, { cases, agreedWhole, agreedBroken, meant, unexplained }: Comparison): string {
  const reasons = [...meant].map(([reason, count]) => `${reason} ${count.toLocaleString('en')}`).join(', ')
  const counts = [cases, agreedWhole, agreedBroken, unexplained.length].map((count) => count.toLocaleString('en'))
  return `${name}: ${counts[0]} cases, ${counts[1]} read alike, ${counts[2]} broken for both, differing for a reason: ${reasons || 'none'}, without: ${counts[3]}`
}
