import { z } from 'zod'
import { renderTable } from '../text/markdown-table.ts'
import { databaseArgument, limitArgument, schemaArgument, viewNameArgument } from './arguments.ts'
import { defaultSchema } from './list-views.ts'
import { explainMissing } from './missing-object.ts'
import { toSql, toText } from './object-name.ts'
import { rowsOutput, toRows } from './rows.ts'
import { defineTool } from './tool.ts'
import { truncationNote } from './truncation-note.ts'

export const queryView = defineTool({
  name: 'query_view',
  title: 'Query a view',
  description:
    'Gives the first rows of a view as they come, all columns. For filters, joins or sums use execute_query. If the view does not exist, the error names those that are most like it.',
  input: z.strictObject({
    database: databaseArgument,
    schema: schemaArgument,
    view_name: viewNameArgument,
    limit: limitArgument(10),
  }),
  output: z.object({ database: z.string(), schema: z.string(), view: z.string(), ...rowsOutput }),
  missingArguments: 'database and view_name parameters are required',
  failurePrefix: 'Error querying view',
  async run({ database, schema = defaultSchema, view_name: view, limit }, { withReader, requestId }) {
    const sql = `SELECT * FROM ${toSql(database, schema, view)} LIMIT ${limit + 1}`
    const result = await withReader((reader) =>
      explainMissing(reader, { database, schema, view }, () => reader.read(sql, { maxRows: limit })),
    )
    const { columns, rows } = result
    const name = toText(database, schema, view)
    const table = renderTable(
      columns.map((column) => column.name),
      rows,
    )
    return {
      text:
        rows.length === 0
          ? `No data found in view ${name} or the view is empty.`
          : `## Data from ${name} (Showing ${rows.length} rows)\n\nRequest ID: ${requestId}\n\n${table}${truncationNote(result)}`,
      structured: { database, schema, view, ...toRows(result, requestId) },
    }
  },
})
