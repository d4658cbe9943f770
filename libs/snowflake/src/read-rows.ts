import { addAbortSignal, type Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { CodedError } from '@squall/errors'
import type { RowStatement } from 'snowflake-sdk'
import type { Cell } from './cell.ts'
import { cutCell, isWithin } from './cut-cell.ts'
import { snowflakeErrors } from './errors.ts'
import { readRaw } from './raw-columns.ts'
import { cellReader } from './to-cell.ts'

export interface RowLimits {
  readonly firstRow: number
  readonly maxRows: number
  readonly maxBytes: number
  readonly maxCellChars: number
  readonly signal: AbortSignal
}

type Row = readonly Cell[]

/** A millisecond or so of work. */
const rowsPerTurn = 256

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
  for await (const raw of rawRows(statement, limits)) {
    const row = readers.map(({ name, read }, index) => {
      const cell = readCell(read, raw[index], name)
      if (isWithin(cell, limits.maxCellChars)) return cell
      cutCells += 1
      return cutCell(cell, limits.maxCellChars)
    })
    if (limits.maxBytes !== Infinity) sizeBytes += Buffer.byteLength(JSON.stringify(row)) + 1
    if (sizeBytes > limits.maxBytes) break
    rows.push(row)
    // The driver hands out a whole chunk without a turn of the event loop; others must not wait for all of it.
    if (rows.length % rowsPerTurn === 0) await nextTurn()
  }
  const truncated = total > limits.firstRow + rows.length
  return cutCells === 0 ? { rows, truncated } : { rows, truncated, cutCells }
}

/** The driver passes on what Snowflake said, whatever that was. */
function rowCount(statement: RowStatement): number {
  const count: unknown = statement.getNumRows()
  if (typeof count === 'number' && Number.isInteger(count)) return count
  throw new CodedError(snowflakeErrors.SNOWFLAKE_BAD_VALUE, { message: 'the reply does not say how many rows there are' })
}

async function* rawRows(statement: RowStatement, { firstRow, maxRows, signal }: RowLimits): AsyncGenerator<readonly unknown[]> {
  if (maxRows < 1 || statement.getNumRows() <= firstRow) return
  const stream: Readable = addAbortSignal(signal, statement.streamRows({ start: firstRow, end: firstRow + maxRows - 1 }))
  try {
    // The driver gives arrays of what `readRaw` makes its columns hand out.
    for await (const row of stream) yield row as readonly unknown[]
  } catch (error) {
    signal.throwIfAborted()
    throw error
  }
}

function readCell(read: (raw: unknown) => Cell, raw: unknown, column: string): Cell {
  try {
    return read(raw)
  } catch (cause) {
    const message = `column ${column}: ${(cause as Error).message}`
    throw new CodedError(snowflakeErrors.SNOWFLAKE_BAD_VALUE, { message, cause })
  }
}
