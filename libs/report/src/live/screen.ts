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
  const write = (body: string): void => {
    stream.write(`${beginFrame}${hideCursor}${body}${showCursor}${endFrame}`)
  }
  const draw = (lines: readonly string[], columns: number, staying: readonly string[] = []): void => {
    write(`${up(rowsOf(shown, columns))}${[...staying, ...lines].map(toRow).join('')}${clearBelow}`)
    shown = lines
  }
  return {
    draw,
    print: (text, columns) => draw(shown, columns, text.split('\n')),
    clear(columns) {
      // Row by row: some terminals keep what is cleared all at once in their history.
      const rows = rowsOf(shown, columns)
      if (rows > 0) write(`${up(rows)}${toRow('').repeat(rows)}${up(rows)}`)
      shown = []
    },
  }
}

const toRow = (line: string): string => `${line}${clearToLineEnd}\n`

const up = (rows: number): string => (rows === 0 ? '\r' : `\r${escape}${rows}A`)

/** A terminal made narrower has wrapped the old lines: they take more rows than they were drawn on. */
function rowsOf(lines: readonly string[], columns: number): number {
  return lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(stringWidth(line) / Math.max(1, columns))), 0)
}
