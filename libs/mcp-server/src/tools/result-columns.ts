import type { Cell, StatementResult } from '@squall/snowflake'

/** Reads a column of a SHOW or DESCRIBE result by name, as its position differs between versions of Snowflake. */
export function columnReader({ columns }: StatementResult, name: string): (row: readonly Cell[]) => string {
  const index = columns.findIndex((column) => column.name.toLowerCase() === name)
  return (row) => {
    const cell = row[index]
    if (cell === null || cell === undefined) return ''
    return typeof cell === 'object' ? JSON.stringify(cell) : String(cell)
  }
}

/** The same for a column of numbers; undefined where there is none. */
export function numberReader(result: StatementResult, name: string): (row: readonly Cell[]) => number | undefined {
  const read = columnReader(result, name)
  return (row) => {
    const text = read(row)
    return text === '' || !Number.isFinite(Number(text)) ? undefined : Number(text)
  }
}
