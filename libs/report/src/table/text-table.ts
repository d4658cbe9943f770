import stringWidth from 'string-width'

export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
}

/**
 * Lays out rows in columns two spaces apart; cells may hold colours.
 * @returns the title line, then one line per row, none with trailing spaces.
 */
export function renderTextTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const padded = columns.map(({ title, align = 'left' }, index) => {
    const cells = [title, ...rows.map((row) => row[index] ?? '')]
    const width = Math.max(...cells.map((cell) => stringWidth(cell)))
    return cells.map((cell) => pad(cell, width, align))
  })
  const lineAt = (row: number): string => padded.map((cells) => cells[row]).join('  ')
  return [lineAt(0), ...rows.map((_, index) => lineAt(index + 1))].map((line) => line.trimEnd())
}

/** Fills up with spaces to a width on screen. */
function pad(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)))
  return align === 'left' ? text + space : space + text
}
