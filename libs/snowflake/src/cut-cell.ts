import type { Cell } from './cell.ts'

const ellipsis = '…'

/** Whether a cell is no longer than `maxChars`, as text or as JSON. */
export function isWithin(cell: Cell, maxChars: number): boolean {
  if (maxChars === Infinity || cell === null) return true
  if (typeof cell === 'string') return cell.length <= maxChars
  return typeof cell !== 'object' || JSON.stringify(cell).length <= maxChars
}

/** The first `maxChars` characters of a cell, the ellipsis at their end included; of what is no text, those of its JSON. */
export function cutCell(cell: Cell, maxChars: number): string {
  const text = typeof cell === 'string' ? cell : JSON.stringify(cell)
  const end = maxChars - ellipsis.length
  // Half a surrogate pair is no character.
  const isHalf = /[\uD800-\uDBFF]/.test(text.charAt(end - 1))
  return text.slice(0, isHalf ? end - 1 : end) + ellipsis
}
