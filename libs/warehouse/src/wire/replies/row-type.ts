import type { ResultColumn } from '../../engine/engine.ts'

/** A column as replies describe it. */
export interface RowTypeEntry extends ResultColumn {
  readonly byteLength: number | null
  readonly collation: null
}

/** No text is longer than 16 MiB, and a character takes up to four bytes. */
const longestTextBytes = 16_777_216

export function toRowTypeEntry(column: ResultColumn): RowTypeEntry {
  const { length, type } = column
  const byteLength = length === null ? null : type === 'text' ? Math.min(length * 4, longestTextBytes) : length
  return { ...column, byteLength, collation: null }
}
