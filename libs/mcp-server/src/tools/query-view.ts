import { clampLimit } from '@squall/sql-policy'
import { z } from 'zod'
import { leaveCursor } from '../results/read-on.ts'
import { renderRows } from '../text/render-rows.ts'
import {
  databaseArgument,
  formatArgument,
  limitArgument,
  schemaArgument,
  timeoutArgument,
  viewNameArgument,
} from './arguments.ts'
import { defaultSchema } from './list-views.ts'
import { explainMissing } from './missing-object.ts'
import { toSql, toText } from './object-name.ts'
import { incompleteNote, rowsOutput, toRows } from './rows.ts'
import { defineTool } from './tool.ts'

export const queryView = defineTool({
  name: 'query_view',
  title: 'Query a view',
  description: 'Gives the first rows of a view, all columns. For filters, joins or sums use execute_query.',
  input: z.strictObject({
    database: databaseArgument,
    schema: schemaArgument,
    view_name: viewNameArgument,
    limit: limitArgument(10),
    format: formatArgument,
    timeout_seconds: timeoutArgument,
  }),
  output: z.object({ database: z.string(), schema: z.string(), view: z.string(), ...rowsOutput }),
  missingArguments: 'database and view_name parameters are required',
  failurePrefix: 'Error querying view',
  async run({ database, schema = defaultSchema, view_name: view, limit, format, timeout_seconds: timeout }, work) {
    const query = `SELECT * FROM ${toSql(database, schema, view)}`
    const bounded = clampLimit(query, limit + 1)
    const timeoutMs = timeout === undefined ? undefined : timeout * 1000
    const result = await work.withReader((reader) =>
      explainMissing(reader, { database, schema, view }, () => reader.read(bounded, { maxRows: limit, timeoutMs })),
    )
    const cursor = leaveCursor(work.results, work.maxPagedRows, { query, bounded, place: {}, result })
    const structured = { database, schema, view, ...toRows(result, work.requestId, cursor) }
    if (format !== 'markdown') return { text: renderRows(format, result), structured }
    const name = toText(database, schema, view)
    const { length } = result.rows
    const head = `## Data from ${name} (Showing ${length} rows)\n\nRequest ID: ${work.requestId}\n\n`
    return {
      text:
        length === 0
          ? `No data found in view ${name} or the view is empty.`
          : `${head}${renderRows('markdown', result)}${incompleteNote(result, cursor)}`,
      structured,
    }
  },
})
