import type { Cell } from '@squall/snowflake'
import { renderCsv } from './csv.ts'
import { renderJsonRows } from './json-rows.ts'
import { renderTable } from './markdown-table.ts'

type Render = (columnNames: readonly string[], rows: readonly (readonly Cell[])[]) => string

/** The forms in which a tool may write rows as text. Only markdown cuts long cells, for people's eyes. */
const renderers = { markdown: renderTable, csv: renderCsv, json: renderJsonRows } as const satisfies Record<string, Render>

export type RowFormat = keyof typeof renderers

// The keys of `renderers`; Object.keys widens them.
export const rowFormats = Object.keys(renderers) as [RowFormat, ...RowFormat[]]

/** Rows as text in the form asked for. */
export function renderRows(
  format: RowFormat,
  { columns, rows }: { readonly columns: readonly { readonly name: string }[]; readonly rows: readonly (readonly Cell[])[] },
): string {
  return renderers[format](
    columns.map(({ name }) => name),
    rows,
  )
}
