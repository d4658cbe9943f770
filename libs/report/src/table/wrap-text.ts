import stringWidth from 'string-width'

/** Breaks text between words into lines of at most `width` columns, where a word alone is not longer; absent: one line. */
export function wrapText(text: string, width = Number.POSITIVE_INFINITY, indent = ''): string[] {
  const lines: string[] = []
  for (const word of text.split(/ +/)) {
    const last = lines.at(-1)
    if (last !== undefined && stringWidth(last) + 1 + stringWidth(word) <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(indent + word)
  }
  return lines
}
