import { z } from 'zod'
import { databaseArgument, mostRows } from './arguments.ts'
import { explainMissing } from './missing-object.ts'
import { toSql, toText } from './object-name.ts'
import { columnReader } from './result-columns.ts'
import { defineTool } from './tool.ts'

export const listSchemas = defineTool({
  name: 'list_schemas',
  title: 'List schemas',
  description: 'Lists the schemas of a database.',
  input: z.strictObject({ database: databaseArgument }),
  output: z.object({
    database: z.string(),
    schemas: z.array(z.string()),
    truncated: z.boolean(),
    queryId: z.string(),
    requestId: z.string(),
  }),
  missingArguments: 'database parameter is required',
  failurePrefix: 'Error listing schemas',
  async run({ database }, { withReader, requestId }) {
    const result = await withReader((reader) =>
      explainMissing(reader, { database }, () =>
        reader.read(`SHOW SCHEMAS IN DATABASE ${toSql(database)}`, { maxRows: mostRows }),
      ),
    )
    const schemas = result.rows.map(columnReader(result, 'name'))
    const where = toText(database)
    return {
      text: schemas.length === 0 ? `No schemas found in ${where}` : `Schemas in ${where}:\n${schemas.join('\n')}`,
      structured: { database, schemas, truncated: result.truncated, queryId: result.queryId, requestId },
    }
  },
})
