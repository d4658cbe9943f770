import { distance } from 'fastest-levenshtein'

/** The known name a mistyped one most likely meant; none where nothing is close. Case does not count. */
export function nearestKey(name: string, known: readonly string[]): string | undefined {
  const wanted = name.toLowerCase()
  const furthest = Math.max(2, Math.floor(name.length / 3))
  const near = known
    .map((candidate) => ({ candidate, edits: distance(wanted, candidate.toLowerCase()) }))
    .filter(({ edits }) => edits <= furthest)
    .toSorted((left, right) => left.edits - right.edits)
  return near[0]?.candidate
}
