import type { StatementResult } from '@squall/snowflake'
import { z } from 'zod'
import { databaseArgument, mostRows, schemaArgument } from './arguments.ts'
import { explainMissing } from './missing-object.ts'
import { toSql, toText } from './object-name.ts'
import { columnReader } from './result-columns.ts'
import { defineTool } from './tool.ts'

export const defaultSchema = 'PUBLIC'

export const listViews = defineTool({
  name: 'list_views',
  title: 'List views',
  description: 'Lists the views of a schema with their creation times.',
  input: z.strictObject({ database: databaseArgument, schema: schemaArgument }),
  output: z.object({
    database: z.string(),
    schema: z.string(),
    views: z.array(z.object({ name: z.string(), createdOn: z.string() })),
    truncated: z.boolean(),
    queryId: z.string(),
    requestId: z.string(),
  }),
  missingArguments: 'database parameter is required',
  failurePrefix: 'Error listing views',
  async run({ database, schema = defaultSchema }, { withReader, requestId }) {
    const result = await withReader((reader) =>
      explainMissing(reader, { database, schema }, () =>
        reader.read(`SHOW VIEWS IN SCHEMA ${toSql(database, schema)}`, { maxRows: mostRows }),
      ),
    )
    const views = toViews(result)
    return {
      text: describe(toText(database, schema), views),
      structured: { database, schema, views, truncated: result.truncated, queryId: result.queryId, requestId },
    }
  },
})

interface View {
  name: string
  createdOn: string
}

function toViews(result: StatementResult): View[] {
  const name = columnReader(result, 'name')
  const createdOn = columnReader(result, 'created_on')
  return result.rows.map((row) => ({ name: name(row), createdOn: createdOn(row) }))
}

function describe(where: string, views: readonly View[]): string {
  if (views.length === 0) return `No views found in ${where}`
  return `Views in ${where}:\n${views.map(({ name, createdOn }) => `${name} (created: ${createdOn})`).join('\n')}`
}
