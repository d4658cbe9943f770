import stringWidth from 'string-width'

/** The changing part of a terminal: a block of lines at the bottom, replaced as a whole. */
export interface Screen {
  /** @param lines each shorter than `columns`. */
  draw(lines: readonly string[], columns: number): void
  /** Prints lines that stay, above the block. */
  print(text: string, columns: number): void
  /** Takes the block away. */
  clear(columns: number): void
}

const escape = '\u001b['
const hideCursor = `${escape}?25l`
const showCursor = `${escape}?25h`
// Terminals that know synchronised output show a frame at once; the others ignore it.
const beginFrame = `${escape}?2026h`
const endFrame = `${escape}?2026l`
const clearToLineEnd = `${escape}K`
const clearBelow = `${escape}J`

/**
 * Draws over the block before, line by line, instead of clearing it first, so nothing flickers. Each frame hides the
 * cursor and shows it again in one write: however the program ends, the cursor is there.
 */
export function createScreen(stream: { write(text: string): unknown }): Screen {
  let shown: readonly string[] = []
  const frame = (columns: number, staying: string, lines: readonly string[]): void => {
    const body = lines.map((line) => `${line}${clearToLineEnd}\n`).join('')
    stream.write(`${beginFrame}${hideCursor}${toTop(shown, columns)}${staying}${body}${clearBelow}${showCursor}${endFrame}`)
    shown = lines
  }
  return {
    draw: (lines, columns) => frame(columns, '', lines),
    print: (text, columns) => frame(columns, `${text.replaceAll('\n', `${clearToLineEnd}\n`)}${clearToLineEnd}\n`, shown),
    clear: (columns) => {
      if (shown.length > 0) frame(columns, '', [])
    },
  }
}

/** A terminal made narrower has wrapped the old lines: they take more rows than they were drawn on. */
function toTop(lines: readonly string[], columns: number): string {
  const rows = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(stringWidth(line) / Math.max(1, columns))), 0)
  return rows === 0 ? '\r' : `\r${escape}${rows}A`
}
