import { CodedError } from '@squall/errors'
import type { RowStatement } from 'snowflake-sdk'
import type { Cell } from './cell.ts'
import { cutCell, isWithin } from './cut-cell.ts'
import { snowflakeErrors } from './errors.ts'
import { readRaw } from './raw-columns.ts'
import { takeRows } from './take-rows.ts'
import { cellReader } from './to-cell.ts'

export interface RowLimits {
  readonly firstRow: number
  readonly maxRows: number
  readonly maxBytes: number
  readonly maxCellChars: number
  readonly signal: AbortSignal
}

type Row = readonly Cell[]

interface ReadRows {
  readonly rows: Row[]
  readonly truncated: boolean
  readonly cutCells?: number
}

/**
 * Reads some rows of a result, as they arrive; chunks that hold none of them are never fetched.
 * @throws CodedError SNOWFLAKE_BAD_VALUE for a value that is not of its column's type; the signal's reason; the driver's errors.
 */
export async function readRows(statement: RowStatement, limits: RowLimits): Promise<ReadRows> {
  const columns = statement.getColumns() ?? []
  const total = rowCount(statement)
  readRaw(columns)
  const readers = columns.map((column) => ({ name: column.getName(), read: cellReader(column.getType()) }))
  const rows: Row[] = []
  let sizeBytes = 0
  let cutCells = 0
  const take = (raw: readonly unknown[]): boolean => {
    const row = readers.map(({ name, read }, index) => {
      const cell = readCell(read, raw[index], name)
      if (isWithin(cell, limits.maxCellChars)) return cell
      cutCells += 1
      return cutCell(cell, limits.maxCellChars)
    })
    if (limits.maxBytes !== Infinity) sizeBytes += Buffer.byteLength(JSON.stringify(row)) + 1
    if (sizeBytes > limits.maxBytes) return false
    rows.push(row)
    return true
  }
  await takeRaw(statement, total, limits, take)
  const truncated = total > limits.firstRow + rows.length
  return cutCells === 0 ? { rows, truncated } : { rows, truncated, cutCells }
}

/** The driver passes on what Snowflake said, whatever that was. */
function rowCount(statement: RowStatement): number {
  const count: unknown = statement.getNumRows()
  if (typeof count === 'number' && Number.isInteger(count)) return count
  throw new CodedError(snowflakeErrors.SNOWFLAKE_BAD_VALUE, { message: 'the reply does not say how many rows there are' })
}

async function takeRaw(
  statement: RowStatement,
  total: number,
  { firstRow, maxRows, signal }: RowLimits,
  take: (row: readonly unknown[]) => boolean,
): Promise<void> {
  if (maxRows < 1 || total <= firstRow) return
  const stream = statement.streamRows({ start: firstRow, end: firstRow + maxRows - 1 })
  // The driver gives arrays of what `readRaw` makes its columns hand out.
  await takeRows(stream, signal, (row) => take(row as readonly unknown[]))
}

function readCell(read: (raw: unknown) => Cell, raw: unknown, column: string): Cell {
  try {
    return read(raw)
  } catch (cause) {
    const message = `column ${column}: ${(cause as Error).message}`
    throw new CodedError(snowflakeErrors.SNOWFLAKE_BAD_VALUE, { message, cause })
  }
}
