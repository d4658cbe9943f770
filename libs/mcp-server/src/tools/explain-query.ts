import { z } from 'zod'
import { fence } from '../text/fence.ts'
import { mostRows, nameArgument, queryArgument } from './arguments.ts'
import { explainNames } from './explain-names.ts'
import { defineTool } from './tool.ts'

const formats = ['text', 'json', 'tabular'] as const

export const explainQuery = defineTool({
  name: 'explain_query',
  title: 'Explain a query',
  description: 'Gives the plan of a SELECT without running it: is it valid, what does it scan?',
  input: z.strictObject({
    query: queryArgument,
    database: nameArgument('database').optional(),
    schema: nameArgument('schema').optional(),
    format: z.enum(formats, `one of ${formats.join(', ')}`).default('text'),
  }),
  output: z.object({ plan: z.string(), queryId: z.string(), requestId: z.string() }),
  missingArguments: 'query parameter is required',
  failurePrefix: 'Error explaining query',
  async run({ query, database, schema, format }, { withReader, requestId }) {
    const sql = `EXPLAIN USING ${format.toUpperCase()} ${query}`
    const context = { database, schema }
    const result = await withReader(async (reader) => {
      // What is explained must be harmless by itself, and whole: nothing of it may become part of EXPLAIN.
      reader.check(query, context)
      return explainNames(reader, query, context, () => reader.read(sql, { maxRows: mostRows, context }))
    })
    const lines = result.rows.map((row) =>
      row.map((cell) => (typeof cell === 'object' ? JSON.stringify(cell) : String(cell))).join('\t'),
    )
    const head = format === 'tabular' ? [result.columns.map(({ name }) => name).join('\t')] : []
    const plan = [...head, ...lines].join('\n')
    return {
      text: `## Query plan\n\nRequest ID: ${requestId}\n\n${fence(format === 'json' ? 'json' : '', plan)}`,
      structured: { plan, queryId: result.queryId, requestId },
    }
  },
})
