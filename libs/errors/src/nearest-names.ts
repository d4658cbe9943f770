import { distance } from 'fastest-levenshtein'

const mostSuggestions = 3

/**
 * The known names a mistyped one may have meant, best first, at most three: those within a third of its length in edits (Levenshtein's
 * distance), or that hold it, or are held by it. Case does not count, and a name that shares no letter with it is never among them.
 */
export function nearestNames(name: string, known: readonly string[]): string[] {
  const wanted = name.toLowerCase()
  const furthest = Math.min(Math.max(2, Math.ceil(name.length / 3)), name.length - 1)
  return known
    .map((candidate) => ({ candidate, edits: editsBetween(wanted, candidate.toLowerCase(), furthest) }))
    .filter(({ edits }) => edits === 0 || edits <= furthest)
    .toSorted((left, right) => left.edits - right.edits)
    .slice(0, mostSuggestions)
    .map(({ candidate }) => candidate)
}

/** The best of `nearestNames`. */
export const nearestName = (name: string, known: readonly string[]): string | undefined => nearestNames(name, known)[0]

function editsBetween(wanted: string, candidate: string, furthest: number): number {
  if (wanted === candidate) return 0
  // One or two letters are part of almost anything.
  const isLong = Math.min(wanted.length, candidate.length) > 2
  if (isLong && (candidate.includes(wanted) || wanted.includes(candidate))) return 1
  // Told by their lengths alone; a megabyte sent as a name must not be compared letter by letter.
  if (Math.abs(wanted.length - candidate.length) > furthest) return Number.POSITIVE_INFINITY
  return distance(wanted, candidate)
}
