import type { StatementResult } from '@squall/snowflake'
import { clampLimit } from '@squall/sql-policy'
import { z } from 'zod'
import { renderTable } from '../text/markdown-table.ts'
import type { Reader } from '../snowflake/reader.ts'
import { flagArgument, limitArgument, nameArgument, queryArgument } from './arguments.ts'
import { rowsOutput, toRows } from './rows.ts'
import { defineTool } from './tool.ts'
import { truncationNote } from './truncation-note.ts'

const input = z.strictObject({
  query: queryArgument,
  database: nameArgument('database', 'Database for names the query does not qualify').optional(),
  schema: nameArgument('schema', 'Schema for names the query does not qualify').optional(),
  limit: limitArgument(100),
  use_transaction: flagArgument(false, 'Run the query inside a transaction of its own'),
  auto_commit: flagArgument(true, 'With use_transaction: end it with COMMIT (true) or ROLLBACK (false)'),
})

type Arguments = z.output<typeof input>

export const executeQuery = defineTool({
  name: 'execute_query',
  title: 'Execute a read-only query',
  description:
    'Runs one read-only SQL statement in Snowflake SQL: SELECT, WITH, SHOW, DESCRIBE or EXPLAIN. Qualify names as database.schema.table, or give database and schema. An error gives Snowflake’s message with the place in the query; correct the query and call again.',
  input,
  output: z.object({ database: z.string().nullable(), schema: z.string().nullable(), ...rowsOutput }),
  missingArguments: 'query parameter is required',
  failurePrefix: 'Error executing query',
  async run(args, { withReader, requestId }) {
    const result = await withReader((reader) => execute(reader, args))
    const { database, schema } = result.context
    return {
      text: render(args, result, requestId),
      structured: { database, schema, ...toRows(result, requestId) },
    }
  },
})

async function execute(reader: Reader, args: Arguments): Promise<StatementResult> {
  const { query, database, schema, limit, use_transaction: useTransaction, auto_commit: autoCommit } = args
  // The gate decides on the text as it came, before anything reaches Snowflake, BEGIN included.
  reader.check(query, { database, schema })
  // One row more than wanted tells whether there are more.
  const bounded = clampLimit(query, limit + 1)
  const read = (): Promise<StatementResult> => reader.read(bounded, { maxRows: limit, context: { database, schema } })
  if (!useTransaction) return read()
  return reader.inTransaction(autoCommit ? 'commit' : 'rollback', read)
}

function render(args: Arguments, result: StatementResult, requestId: string): string {
  const { columns, rows, context } = result
  if (rows.length === 0) return 'Query completed successfully but returned no results.'
  const transaction = args.use_transaction ? `Transaction Mode: ${args.auto_commit ? 'Auto-commit' : 'Explicit'}\n` : ''
  const table = renderTable(
    columns.map((column) => column.name),
    rows,
  )
  return (
    `## Query Results (Database: ${context.database ?? 'Unknown'}, Schema: ${context.schema ?? 'Unknown'})\n\n` +
    `Request ID: ${requestId}\n${transaction}Showing ${rows.length} row${rows.length === 1 ? '' : 's'}\n\n` +
    `${fence(args.query)}\n\n${table}${truncationNote(result)}`
  )
}

/** SQL as a markdown code block, whose fence is longer than any in the SQL. */
function fence(sql: string): string {
  let longest = 2
  for (const [ticks] of sql.matchAll(/`+/g)) longest = Math.max(longest, ticks.length)
  const ticks = '`'.repeat(longest + 1)
  return `${ticks}sql\n${sql.trim()}\n${ticks}`
}
