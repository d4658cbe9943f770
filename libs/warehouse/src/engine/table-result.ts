import { longestText } from '../catalog/snowflake-type.ts'
import type { ResultColumn, StatementResult, WireRow } from './engine.ts'
import { statementTypes } from './statement-types.ts'

const encodings = {
  text: { type: 'text', precision: null, scale: null, length: longestText },
  fixed: { type: 'fixed', precision: 38, scale: 0, length: null },
  moment: { type: 'timestamp_ltz', precision: 0, scale: 3, length: null },
} as const

/** Columns of a table made here, by name: text, a whole number, or a moment. */
export type TableColumns = readonly (readonly [name: string, kind: keyof typeof encodings])[]

export type TableCell = string | number | Date | null

/** A result whose rows were made here and not by DuckDB: SHOW, DESCRIBE, counts, statuses. */
export function toTableResult(
  columns: TableColumns,
  rows: readonly (readonly TableCell[])[],
  statementTypeId: number,
): StatementResult {
  const wireRows = rows.map((row): WireRow => row.map(encodeCell))
  return {
    statementTypeId,
    columns: columns.map(([name, kind]): ResultColumn => ({
      name,
      ...encodings[kind],
      nullable: true,
      database: '',
      schema: '',
      table: '',
    })),
    rowCount: rows.length,
    batches: () => (wireRows.length > 0 ? [wireRows] : []),
  }
}

function encodeCell(cell: TableCell): string | null {
  if (cell instanceof Date) return (cell.getTime() / 1000).toFixed(3)
  return cell === null ? null : String(cell)
}

/** The single cell a statement without a result of its own answers with. */
export function toStatusResult(status: string, statementTypeId: number = statementTypes.ddl): StatementResult {
  return toTableResult([['status', 'text']], [[status]], statementTypeId)
}
