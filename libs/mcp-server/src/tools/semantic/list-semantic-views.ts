import { z } from 'zod'
import { databaseArgument, mostRows, schemaArgument } from '../arguments.ts'
import { defaultSchema } from '../list-views.ts'
import { explainMissing } from '../missing-object.ts'
import { toSql, toText } from '../object-name.ts'
import { columnReader } from '../result-columns.ts'
import { defineTool } from '../tool.ts'

export const listSemanticViews = defineTool({
  name: 'list_semantic_views',
  title: 'List semantic views',
  description: 'Lists the semantic views of a schema: metrics and dimensions that an account has defined.',
  input: z.strictObject({ database: databaseArgument, schema: schemaArgument }),
  output: z.object({
    database: z.string(),
    schema: z.string(),
    views: z.array(z.object({ name: z.string(), comment: z.string() })),
    truncated: z.boolean(),
    queryId: z.string(),
    requestId: z.string(),
  }),
  missingArguments: 'database parameter is required',
  failurePrefix: 'Error listing semantic views',
  async run({ database, schema = defaultSchema }, { withReader, requestId }) {
    const result = await withReader((reader) =>
      explainMissing(reader, { database, schema }, () =>
        reader.read(`SHOW SEMANTIC VIEWS IN SCHEMA ${toSql(database, schema)}`, { maxRows: mostRows }),
      ),
    )
    const [name, comment] = [columnReader(result, 'name'), columnReader(result, 'comment')]
    const views = result.rows.map((row) => ({ name: name(row), comment: comment(row) }))
    const where = toText(database, schema)
    const lines = views.map(({ name, comment }) => (comment === '' ? name : `${name}: ${comment}`))
    return {
      text: views.length === 0 ? `No semantic views found in ${where}` : `Semantic views in ${where}:\n${lines.join('\n')}`,
      structured: { database, schema, views, truncated: result.truncated, queryId: result.queryId, requestId },
    }
  },
})
