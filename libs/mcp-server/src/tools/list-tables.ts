import type { StatementResult } from '@squall/snowflake'
import { z } from 'zod'
import { databaseArgument, mostRows, schemaArgument } from './arguments.ts'
import { defaultSchema } from './list-views.ts'
import { explainMissing } from './missing-object.ts'
import { toSql, toText } from './object-name.ts'
import { columnReader, numberReader } from './result-columns.ts'
import { defineTool } from './tool.ts'

export const listTables = defineTool({
  name: 'list_tables',
  title: 'List tables',
  description: 'Lists the tables of a schema with their numbers of rows and comments; list_views lists its views.',
  input: z.strictObject({ database: databaseArgument, schema: schemaArgument }),
  output: z.object({
    database: z.string(),
    schema: z.string(),
    tables: z.array(z.object({ name: z.string(), rows: z.number().optional(), comment: z.string() })),
    truncated: z.boolean(),
    queryId: z.string(),
    requestId: z.string(),
  }),
  missingArguments: 'database parameter is required',
  failurePrefix: 'Error listing tables',
  async run({ database, schema = defaultSchema }, { withReader, requestId }) {
    const result = await withReader((reader) =>
      explainMissing(reader, { database, schema }, () =>
        reader.read(`SHOW TABLES IN SCHEMA ${toSql(database, schema)}`, { maxRows: mostRows }),
      ),
    )
    const tables = toTables(result)
    return {
      text: describe(toText(database, schema), tables),
      structured: { database, schema, tables, truncated: result.truncated, queryId: result.queryId, requestId },
    }
  },
})

interface Table {
  name: string
  rows?: number
  comment: string
}

function toTables(result: StatementResult): Table[] {
  const name = columnReader(result, 'name')
  const rows = numberReader(result, 'rows')
  const comment = columnReader(result, 'comment')
  return result.rows.map((row) => {
    const count = rows(row)
    return { name: name(row), ...(count !== undefined && { rows: count }), comment: comment(row) }
  })
}

function describe(where: string, tables: readonly Table[]): string {
  if (tables.length === 0) return `No tables found in ${where}`
  const lines = tables.map(({ name, rows, comment }) => {
    const count = rows === undefined ? '' : ` (${rows} row${rows === 1 ? '' : 's'})`
    return `${name}${count}${comment === '' ? '' : `: ${comment}`}`
  })
  return `Tables in ${where}:\n${lines.join('\n')}`
}
