import type { StatementResult } from '@squall/snowflake'
import { clampLimit } from '@squall/sql-policy'
import { z } from 'zod'
import { fence } from '../text/fence.ts'
import { renderRows } from '../text/render-rows.ts'
import type { Reader, WithReader } from '../snowflake/reader.ts'
import { leaveCursor, type FirstRead } from '../results/read-on.ts'
import { renderCursor } from '../results/cursor.ts'
import { flagArgument, formatArgument, limitArgument, nameArgument, queryArgument, timeoutArgument } from './arguments.ts'
import { columnOutput, incompleteNote, rowsOutput, toRows } from './rows.ts'
import { explainNames } from './explain-names.ts'
import { defineTool, type ToolWork } from './tool.ts'

const input = z.strictObject({
  query: queryArgument,
  database: nameArgument('database').optional(),
  schema: nameArgument('schema').optional(),
  limit: limitArgument(100),
  format: formatArgument,
  timeout_seconds: timeoutArgument,
  wait: flagArgument(true, 'false: run on in the background, see query_status'),
  use_transaction: flagArgument(false),
  auto_commit: flagArgument(true, 'End it with COMMIT, else ROLLBACK'),
})

type Arguments = z.output<typeof input>

export const executeQuery = defineTool({
  name: 'execute_query',
  title: 'Execute a read-only query',
  description:
    'Runs one SELECT, WITH, SHOW, DESCRIBE or EXPLAIN statement in Snowflake SQL. Qualify names as database.schema.table, or give database and schema.',
  input,
  output: z.object({
    database: z.string().nullable(),
    schema: z.string().nullable(),
    ...rowsOutput,
    columns: z.array(columnOutput).optional(),
    rows: rowsOutput.rows.optional(),
    rowCount: rowsOutput.rowCount.optional(),
    truncated: rowsOutput.truncated.optional(),
    queryId: rowsOutput.queryId.optional(),
    state: z.string().optional(),
  }),
  missingArguments: 'query parameter is required',
  failurePrefix: 'Error executing query',
  async run(args, work) {
    if (!args.wait) return startInBackground(args, work)
    // One row more than wanted tells whether there are more.
    const bounded = clampLimit(args.query, args.limit + 1)
    const result = await work.withReader((reader) => execute(reader, args, bounded))
    const read: FirstRead = { query: args.query, bounded, place: placeOf(args), result }
    const cursor = leaveCursor(work.results, work.maxPagedRows, read)
    const { database, schema } = result.context
    return {
      text: render(args, result, { requestId: work.requestId, cursor }),
      structured: { database, schema, ...toRows(result, work.requestId, cursor) },
    }
  },
})

function placeOf({ database, schema }: Arguments): FirstRead['place'] {
  return { database, schema }
}

async function execute(reader: Reader, args: Arguments, bounded: string): Promise<StatementResult> {
  const { limit, timeout_seconds: timeout, use_transaction: useTransaction, auto_commit: autoCommit } = args
  // The gate decides on the text as it came, before anything reaches Snowflake, BEGIN included.
  reader.check(args.query, placeOf(args))
  const timeoutMs = timeout === undefined ? undefined : timeout * 1000
  const run = (): Promise<StatementResult> => reader.read(bounded, { maxRows: limit, timeoutMs, context: placeOf(args) })
  const read = (): Promise<StatementResult> => explainNames(reader, args.query, placeOf(args), run)
  if (!useTransaction) return read()
  return reader.inTransaction(autoCommit ? 'commit' : 'rollback', read)
}

/** Runs the query to its end without reading a row: they stay in Snowflake until somebody asks for them. */
async function startInBackground(args: Arguments, work: ToolWork) {
  const { requestId, results, queries, maxPagedRows } = work
  const sql = clampLimit(args.query, maxPagedRows + 1)
  const place = placeOf(args)
  // What the gate refuses is better told now than to whoever asks for the rows.
  await work.withReader(async (reader) => reader.check(args.query, place))
  work.inBackground((withReader: WithReader) =>
    withReader(async (reader) => {
      const { queryId } = await execute(reader, { ...args, limit: 0 }, sql)
      queries.find(requestId)?.leftResult(renderCursor({ handle: results.put({ sql, place, queryId }), row: 0 }))
    }),
  )
  return {
    text: `Query started in the background.\n\nRequest ID: ${requestId}\n\nAsk query_status with this id; when it has succeeded, read_result gives the rows. cancel_query ends it.`,
    structured: { database: args.database ?? null, schema: args.schema ?? null, state: 'running' as const, requestId },
  }
}

function render(
  args: Arguments,
  result: StatementResult,
  { requestId, cursor }: { readonly requestId: string; readonly cursor: string | undefined },
): string {
  const { rows, context } = result
  if (args.format !== 'markdown') return renderRows(args.format, result)
  if (rows.length === 0) return 'Query completed successfully but returned no results.'
  const transaction = args.use_transaction ? `Transaction Mode: ${args.auto_commit ? 'Auto-commit' : 'Explicit'}\n` : ''
  return (
    `## Query Results (Database: ${context.database ?? 'Unknown'}, Schema: ${context.schema ?? 'Unknown'})\n\n` +
    `Request ID: ${requestId}\n${transaction}Showing ${rows.length} row${rows.length === 1 ? '' : 's'}\n\n` +
    `${fence('sql', args.query)}\n\n${renderRows('markdown', result)}${incompleteNote(result, cursor)}`
  )
}
