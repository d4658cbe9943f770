import type { StatementResult } from '@squall/snowflake'
import { CodedError } from '@squall/errors'
import { z } from 'zod'
import { mcpServerErrors } from '../errors.ts'

/** What is said of a column of rows. */
export const columnOutput = z.object({ name: z.string(), type: z.string(), nullable: z.boolean() })

/** The part of a tool's output that holds rows, in few words: cells are any JSON, and columns are what execute_query says they are. */
export const rowsOutput = {
  columns: z.array(z.any()),
  rows: z.array(z.array(z.any())),
  rowCount: z.int(),
  truncated: z.boolean(),
  cursor: z.string().optional(),
  cutCells: z.int().optional(),
  queryId: z.string(),
  requestId: z.string(),
}

export interface Rows {
  readonly columns: z.output<typeof columnOutput>[]
  readonly rows: unknown[][]
  readonly rowCount: number
  readonly truncated: boolean
  readonly cursor?: string
  readonly cutCells?: number
  readonly queryId: string
  readonly requestId: string
}

/**
 * A result as structured content.
 * @throws CodedError MCP_ROW_TOO_LARGE where there are rows, but not even one fits into an answer.
 */
export function toRows(result: StatementResult, requestId: string, cursor?: string): Rows {
  const { columns, rows, truncated, queryId, cutCells } = result
  if (truncated && rows.length === 0) throw rowTooLarge()
  return {
    columns: columns as Rows['columns'],
    // Cells are JSON already; only their read-only types differ.
    rows: rows as unknown as Rows['rows'],
    rowCount: rows.length,
    truncated,
    ...(cursor !== undefined && { cursor }),
    ...(cutCells !== undefined && { cutCells }),
    queryId,
    requestId,
  }
}

/** A last line for a result that is not whole, since a model may see the text alone. */
export function incompleteNote({ rows, truncated, cutCells = 0 }: StatementResult, cursor?: string): string {
  const more = truncated
    ? `There are more rows than these ${rows.length}: ${wayOn(cursor)}, or ask for less with a filter or a sum.`
    : ''
  const cut = cutCells > 0 ? `${cutCells} cells were too long and are cut: select parts of them.` : ''
  const note = [more, cut].filter(Boolean).join(' ')
  return note === '' ? '' : `\n(${note})\n`
}

function wayOn(cursor: string | undefined): string {
  return cursor === undefined ? 'raise limit' : `read on with read_result, cursor ${cursor}, raise limit`
}

function rowTooLarge(): CodedError {
  return new CodedError(mcpServerErrors.MCP_ROW_TOO_LARGE, { message: 'a single row is larger than an answer may be' })
}
