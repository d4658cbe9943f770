import { CodedError } from '@squall/errors'
import { parseObjectName } from '@squall/sql-policy'
import { z } from 'zod'
import { renderRows } from '../../text/render-rows.ts'
import { databaseArgument, formatArgument, limitArgument, schemaArgument } from '../arguments.ts'
import { defaultSchema } from '../list-views.ts'
import { toSql, toText } from '../object-name.ts'
import { incompleteNote, rowsOutput, toRows } from '../rows.ts'
import { defineTool } from '../tool.ts'
import { semanticViewArgument } from './describe-semantic-view.ts'

const mostNames = 50
const longestCondition = 10_000

/** Names of metrics or dimensions, qualified by their table: `orders.revenue`. They arrive quoted, part by part. */
const namesArgument = z
  .array(
    z.string('names as text').max(600, 'names of at most 600 characters').transform(toQuoted),
    'a list of names, such as ["orders.revenue"]',
  )
  .max(mostNames, `at most ${mostNames} names`)
  .default([])

function toQuoted(text: string, refinement: z.RefinementCtx): string {
  try {
    return toSql(...parseObjectName(text, 'name', 2))
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    refinement.addIssue({
      code: 'custom',
      message: `names as describe_semantic_view gives them: ${error.problems[0]?.expected ?? ''}`,
    })
    return z.NEVER
  }
}

export const querySemanticView = defineTool({
  name: 'query_semantic_view',
  title: 'Query a semantic view',
  description: 'Gives metrics of a semantic view by dimensions. Names are as describe_semantic_view gives them.',
  input: z
    .strictObject({
      database: databaseArgument,
      schema: schemaArgument,
      view: semanticViewArgument,
      metrics: namesArgument,
      dimensions: namesArgument,
      where: z
        .string('a condition as SQL')
        .max(longestCondition, `a condition of at most ${longestCondition} characters`)
        .optional()
        .meta({ description: 'A condition on dimensions, in SQL' }),
      limit: limitArgument(100),
      format: formatArgument,
    })
    .refine(({ metrics, dimensions }) => metrics.length + dimensions.length > 0, {
      path: ['metrics'],
      message: 'at least one metric or dimension',
    }),
  output: z.object({ database: z.string(), schema: z.string(), view: z.string(), ...rowsOutput }),
  missingArguments: 'database and view parameters are required',
  failurePrefix: 'Error querying semantic view',
  async run({ database, schema = defaultSchema, view, metrics, dimensions, where, limit, format }, { withReader, requestId }) {
    const name = toSql(database, schema, view)
    const clauses = [
      ...(dimensions.length > 0 ? [`DIMENSIONS ${dimensions.join(', ')}`] : []),
      ...(metrics.length > 0 ? [`METRICS ${metrics.join(', ')}`] : []),
      ...(where === undefined ? [] : [`WHERE ${where}`]),
    ]
    // The bracket closes on a line of its own: no comment in the condition can swallow it.
    const sql = `SELECT * FROM SEMANTIC_VIEW(\n${[name, ...clauses].join('\n')}\n)\nLIMIT ${limit + 1}`
    const result = await withReader((reader) => reader.read(sql, { maxRows: limit }))
    const structured = { database, schema, view, ...toRows(result, requestId) }
    if (format !== 'markdown') return { text: renderRows(format, result), structured }
    const head = `## Data from ${toText(database, schema, view)} (Showing ${result.rows.length} rows)\n\nRequest ID: ${requestId}\n\n`
    return { text: head + renderRows('markdown', result) + incompleteNote(result), structured }
  },
})
