import type { StatementResult } from '@squall/snowflake'
import { z } from 'zod'

/** The part of a tool's output that holds rows. */
export const rowsOutput = {
  columns: z
    .array(z.object({ name: z.string(), type: z.string(), nullable: z.boolean() }))
    .meta({ description: "Column names with Snowflake's types" }),
  rows: z.array(z.array(z.json())).meta({ description: 'One array of cells per row, in column order' }),
  rowCount: z.int(),
  truncated: z.boolean().meta({ description: 'True when and only when there are more rows than these' }),
  queryId: z.string(),
  requestId: z.string(),
}

export interface Rows {
  readonly columns: { name: string; type: string; nullable: boolean }[]
  readonly rows: z.core.util.JSONType[][]
  readonly rowCount: number
  readonly truncated: boolean
  readonly queryId: string
  readonly requestId: string
}

/** A result as structured content. */
export function toRows({ columns, rows, truncated, queryId }: StatementResult, requestId: string): Rows {
  return {
    columns: columns as Rows['columns'],
    // Cells are JSON already; only their read-only types differ.
    rows: rows as unknown as Rows['rows'],
    rowCount: rows.length,
    truncated,
    queryId,
    requestId,
  }
}
