import type { Cell } from '@squall/snowflake'

const longestCell = 200
const ellipsis = '...'

/** Renders rows as a markdown table, each line ended. */
export function renderTable(columnNames: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [columnNames.map(renderText), columnNames.map(() => '---'), ...rows.map((row) => row.map(renderCell))]
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}

function renderCell(cell: Cell): string {
  if (cell === null) return 'NULL'
  return renderText(typeof cell === 'object' ? JSON.stringify(cell) : String(cell))
}

function renderText(text: string): string {
  const short = text.length > longestCell ? cut(text, longestCell - ellipsis.length) + ellipsis : text
  // A pipe or a line break would end the cell, or the row.
  return short.replaceAll('|', String.raw`\|`).replaceAll(/\r\n|[\r\n]/g, ' ')
}

/** The first `length` characters, without half a surrogate pair at the end. */
function cut(text: string, length: number): string {
  const isHighSurrogate = /[\uD800-\uDBFF]/.test(text.charAt(length - 1))
  return text.slice(0, isHighSurrogate ? length - 1 : length)
}
