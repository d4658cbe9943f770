/** Characters of a line shown around a place in it. */
const around = 60

/**
 * Shows a place in a text as its line with a caret beneath.
 * @param line from 1
 * @param column from 0
 * @returns nothing where the text has no such place.
 */
export function showPlace(text: string, line: number, column: number): string | undefined {
  const found = text.split('\n')[line - 1]
  if (found === undefined || column > found.length) return undefined
  const start = Math.max(0, column - around)
  const lead = start > 0 ? '…' : ''
  const tail = found.length > column + around ? '…' : ''
  // Tabs and other controls would push the caret aside.
  const shown = `${lead}${found.slice(start, column + around)}${tail}`.replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' ')
  return `  ${shown}\n  ${' '.repeat(lead.length + column - start)}^`
}

/** The same for a place told by its distance from the start of the text, on lines of its own. */
export function showOffset(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n')
  // A line up to a place in it always has that place.
  return `\n${showPlace(text, lines.length, lines.at(-1)?.length ?? 0) ?? ''}`
}
