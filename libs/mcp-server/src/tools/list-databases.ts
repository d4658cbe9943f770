import { z } from 'zod'
import { mostRows } from './arguments.ts'
import { columnReader } from './result-columns.ts'
import { defineTool } from './tool.ts'

export const listDatabases = defineTool({
  name: 'list_databases',
  title: 'List databases',
  description: 'Lists the Snowflake databases this server can read. Start here, or with search_objects.',
  input: z.strictObject({}),
  output: z.object({ databases: z.array(z.string()), truncated: z.boolean(), queryId: z.string(), requestId: z.string() }),
  failurePrefix: 'Error querying databases',
  async run(_args, { withReader, requestId }) {
    const result = await withReader((reader) => reader.read('SHOW DATABASES', { maxRows: mostRows }))
    const databases = result.rows.map(columnReader(result, 'name'))
    return {
      text: `Available Snowflake databases:\n${databases.join('\n')}`,
      structured: { databases, truncated: result.truncated, queryId: result.queryId, requestId },
    }
  },
})
