import { z } from 'zod'
import { renderRows } from '../text/render-rows.ts'
import { databaseArgument, formatArgument, schemaArgument, tableArgument } from './arguments.ts'
import { defaultSchema } from './list-views.ts'
import { explainMissing } from './missing-object.ts'
import { toSql, toText } from './object-name.ts'
import { incompleteNote, rowsOutput, toRows } from './rows.ts'
import { defineTool } from './tool.ts'

const largestSample = 1000
const expected = `a whole number from 1 to ${largestSample}`

export const sampleTable = defineTool({
  name: 'sample_table',
  title: 'Sample a table',
  description: 'Gives random rows of a table or view, all columns.',
  input: z.strictObject({
    database: databaseArgument,
    schema: schemaArgument,
    table: tableArgument,
    limit: z.int(expected).min(1, expected).max(largestSample, expected).default(10),
    format: formatArgument,
  }),
  output: z.object({ database: z.string(), schema: z.string(), table: z.string(), ...rowsOutput }),
  missingArguments: 'database and table parameters are required',
  failurePrefix: 'Error sampling table',
  async run({ database, schema = defaultSchema, table, limit, format }, { withReader, requestId }) {
    const sql = `SELECT * FROM ${toSql(database, schema, table)} SAMPLE (${limit} ROWS)`
    const result = await withReader((reader) =>
      explainMissing(reader, { database, schema, object: table }, () => reader.read(sql, { maxRows: limit })),
    )
    const structured = { database, schema, table, ...toRows(result, requestId) }
    if (format !== 'markdown') return { text: renderRows(format, result), structured }
    const name = toText(database, schema, table)
    const head = `## Sample of ${name} (${result.rows.length} rows)\n\nRequest ID: ${requestId}\n\n`
    return {
      text: result.rows.length === 0 ? `${name} is empty.` : `${head}${renderRows('markdown', result)}${incompleteNote(result)}`,
      structured,
    }
  },
})
