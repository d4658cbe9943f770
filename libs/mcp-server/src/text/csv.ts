import type { Cell } from '@squall/snowflake'

/**
 * Renders rows as CSV (RFC 4180, with line feeds): a header, then a line each. NULL is an empty field, empty text is `""`, and what
 * is no single value is its JSON.
 */
export function renderCsv(columnNames: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [columnNames.map(renderText), ...rows.map((row) => row.map(renderCell))]
  return lines.map((fields) => `${fields.join(',')}\n`).join('')
}

function renderCell(cell: Cell): string {
  if (cell === null) return ''
  return renderText(typeof cell === 'object' ? JSON.stringify(cell) : String(cell))
}

function renderText(text: string): string {
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
