import { quoteLiteral } from '@squall/sql-policy'
import type { StatementResult } from '@squall/snowflake'
import { z } from 'zod'
import { databaseArgument, mostRows, schemaArgument, viewNameArgument } from './arguments.ts'
import { defaultSchema } from './list-views.ts'
import { explainMissing } from './missing-object.ts'
import { toSql, toText } from './object-name.ts'
import { columnReader } from './result-columns.ts'
import { defineTool } from './tool.ts'

const noDefinition = 'Definition not available'

export const describeView = defineTool({
  name: 'describe_view',
  title: 'Describe a view',
  description: 'Gives the columns of a view with their types, and the SQL that defines it.',
  input: z.strictObject({ database: databaseArgument, schema: schemaArgument, view_name: viewNameArgument }),
  output: z.object({
    database: z.string(),
    schema: z.string(),
    view: z.string(),
    columns: z.array(z.object({ name: z.string(), type: z.string(), nullable: z.boolean() })),
    definition: z.string(),
    queryId: z.string(),
    requestId: z.string(),
  }),
  missingArguments: 'database and view_name parameters are required',
  failurePrefix: 'Error describing view',
  async run({ database, schema = defaultSchema, view_name: view }, { withReader, requestId }) {
    const name = toSql(database, schema, view)
    const [description, ddl] = await withReader((reader) =>
      explainMissing(
        reader,
        { database, schema, view },
        async () =>
          [
            await reader.read(`DESCRIBE VIEW ${name}`, { maxRows: mostRows }),
            await reader.read(`SELECT GET_DDL('VIEW', ${quoteLiteral(name)})`, { maxRows: 1 }),
          ] as const,
      ),
    )
    const columns = toColumns(description)
    const definition = ddl.rows[0]?.[0]
    const found = { columns, definition: typeof definition === 'string' ? definition : noDefinition }
    return {
      text: render(toText(database, schema, view), requestId, found),
      structured: { database, schema, view, ...found, queryId: description.queryId, requestId },
    }
  },
})

interface Found {
  readonly columns: readonly { readonly name: string; readonly type: string; readonly nullable: boolean }[]
  readonly definition: string
}

function toColumns(description: StatementResult): { name: string; type: string; nullable: boolean }[] {
  const name = columnReader(description, 'name')
  const type = columnReader(description, 'type')
  const nullable = columnReader(description, 'null?')
  return description.rows.map((row) => ({ name: name(row), type: type(row), nullable: nullable(row) === 'Y' }))
}

function render(view: string, requestId: string, { columns, definition }: Found): string {
  const lines = columns.map(({ name, type, nullable }) => `- ${name} : ${type} ${nullable ? 'NULL' : 'NOT NULL'}\n`)
  return (
    `## View: ${view}\n\nRequest ID: ${requestId}\n\n### Columns:\n${lines.join('')}` +
    `\n### View Definition:\n\`\`\`sql\n${definition}\n\`\`\``
  )
}
