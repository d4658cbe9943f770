import type { StatementResult } from '../engine.ts'
import { statementTypes } from '../statement-types.ts'
import { type TableCell, type TableColumns, toTableResult } from '../table-result.ts'

/** The result of a SHOW statement. */
export function toShowResult(columns: TableColumns, rows: readonly (readonly TableCell[])[]): StatementResult {
  return toTableResult(columns, rows, statementTypes.show)
}

/** Columns of text, their names separated by blanks. */
export function texts(names: string): readonly (readonly [string, 'text'])[] {
  return names.split(' ').map((name) => [name, 'text'] as const)
}
