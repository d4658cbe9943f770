const mostSuggestions = 3
/** Only names up to this length are looked for inside others, and others inside them. */
const longestContained = 1000

/**
 * The names most like a wrong one, best first, at most three: those within a third of its length in edits
 * (Levenshtein's distance, case aside), or that hold it, or are held by it.
 */
export function nearestNames(wanted: string, names: readonly string[]): string[] {
  const wantedUpper = wanted.toUpperCase()
  const tolerance = Math.max(2, Math.ceil(wanted.length / 3))
  return (
    names
      // Texts so different in length are as many edits apart; a client may send a megabyte as a name.
      .filter((name) => Math.abs(name.length - wanted.length) <= tolerance || wanted.length < longestContained)
      .map((name) => ({ name, distance: distanceOf(wantedUpper, name.toUpperCase()) }))
      .filter(({ distance }) => distance <= tolerance)
      .toSorted((a, b) => a.distance - b.distance)
      .slice(0, mostSuggestions)
      .map(({ name }) => name)
  )
}

function distanceOf(wanted: string, name: string): number {
  const shorter = Math.min(wanted.length, name.length)
  // One or two letters are part of almost anything.
  if (shorter > 2 && (name.includes(wanted) || wanted.includes(name))) return 1
  return levenshtein(wanted, name)
}

/** Edits (insert, delete, replace one character) that turn one text into the other, by Wagner and Fischer's table, row by row. */
function levenshtein(from: string, to: string): number {
  // Code points are near enough: names are letters and digits, and a wrong guess costs nothing.
  const letters = Array.from(to)
  let previous = [0, ...letters.map((_, index) => index + 1)]
  for (const [row, letter] of Array.from(from).entries()) {
    const current = [row + 1]
    for (const [column, other] of letters.entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1)
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1))
    }
    previous = current
  }
  return previous.at(-1) ?? 0
}
