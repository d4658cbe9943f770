// The tools of the server this one follows, as its clients know them, over the embedded Snowflake.
import { Client, StreamableHTTPClientTransport, type Tool } from '@modelcontextprotocol/client'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type RunningServer } from './test/run-server.ts'

let server: RunningServer
let client: Client
beforeAll(async () => {
  server = await startServer()
  client = new Client({ name: 'a client of the original', version: '1' })
  await client.connect(new StreamableHTTPClientTransport(new URL(server.url)))
})
afterAll(async () => {
  await client.close()
  await server.stop()
})

/** Arguments by tool: the required ones, and the others with the value that stands in for them. */
const original = {
  list_databases: { required: [], optional: {} },
  list_views: { required: ['database'], optional: { schema: 'PUBLIC' } },
  describe_view: { required: ['database', 'view_name'], optional: { schema: 'PUBLIC' } },
  query_view: { required: ['database', 'view_name'], optional: { schema: 'PUBLIC', limit: 10 } },
  execute_query: {
    required: ['query'],
    optional: { database: undefined, schema: undefined, limit: 100, use_transaction: false, auto_commit: true },
  },
} as const

type Structured = Readonly<Record<string, unknown>>

interface Answer {
  readonly text: string
  readonly structured: Structured
}

const ajv = new Ajv2020({ strict: false })

/** Calls a tool, checks its structured content against the schema the server states, and gives both forms of the answer. */
async function call(tools: readonly Tool[], name: string, args: Record<string, unknown>): Promise<Answer> {
  const { content, structuredContent, isError } = await client.callTool({ name, arguments: args })
  expect(isError ?? false).toBe(false)
  const { outputSchema = false } = tools.find((tool) => tool.name === name) ?? {}
  // A schema of the SDK's type may lack the words of a dialect; any object is a schema.
  const validate = ajv.compile(outputSchema as object)
  expect(validate(structuredContent), ajv.errorsText(validate.errors)).toBe(true)
  expect(content).toHaveLength(1)
  return { text: textOf(content), structured: structuredContent as Structured }
}

function textOf(content: unknown): string {
  return (content as readonly { readonly text: string }[])[0]?.text ?? ''
}

/** A table as the original writes it: NULL by name, pipes escaped, long cells cut to 197 characters and dots. */
function tableOf({ columns, rows }: Structured): string {
  const names = (columns as { readonly name: string }[]).map(({ name }) => name)
  const lines = [names, names.map(() => '---'), ...(rows as unknown[][]).map((row) => row.map(cellOf))]
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}

function cellOf(cell: unknown): string {
  const text = cell === null ? 'NULL' : `${cell as string | number}`
  return (text.length > 200 ? `${text.slice(0, 197)}...` : text).replaceAll('|', String.raw`\|`)
}

function checkDescription({ name, inputSchema, outputSchema, annotations }: Tool): void {
  const { required, optional } = original[name as keyof typeof original]
  const properties = (inputSchema.properties ?? {}) as Record<string, { readonly default?: unknown } | undefined>
  // What is new beside them may be left out.
  expect(Object.keys(properties)).toEqual(expect.arrayContaining([...required, ...Object.keys(optional)]))
  expect(inputSchema.required ?? []).toEqual(required)
  for (const [argument, fallback] of Object.entries(optional)) expect(properties[argument]?.default).toBe(fallback)
  expect(outputSchema).toMatchObject({ type: 'object', properties: expect.any(Object) as object })
  expect(annotations).toMatchObject({ readOnlyHint: true, openWorldHint: false })
}

const view = { database: 'TEST_DB', view_name: 'ACTIVE_PRODUCTS' }

test("the original's five tools: its arguments, defaults and words; structured content, its schema, and annotations beside [S1]", async () => {
  const { tools } = await client.listTools()
  const five = tools.filter(({ name }) => name in original)
  expect(five.map(({ name }) => name)).toEqual(Object.keys(original))
  for (const tool of five) checkDescription(tool)

  const databases = await call(tools, 'list_databases', {})
  expect(databases.text).toBe(`Available Snowflake databases:\n${(databases.structured['databases'] as string[]).join('\n')}`)
  expect(databases.structured['databases']).toEqual(expect.arrayContaining(['ANALYTICS_DB', 'STAGING_DB', 'TEST_DB']))

  const views = await call(tools, 'list_views', { database: 'test_db' })
  const listed = views.structured['views'] as { readonly name: string; readonly createdOn: string }[]
  expect(views.text).toBe(
    `Views in TEST_DB.PUBLIC:\n${listed.map(({ name, createdOn }) => `${name} (created: ${createdOn})`).join('\n')}`,
  )
  expect(listed.map(({ name }) => name)).toContain(view.view_name)
  const none = await call(tools, 'list_views', { database: 'SNOWFLAKE_SAMPLE_DATA', schema: 'TPCH_SF1' })
  expect(none.text).toBe('No views found in SNOWFLAKE_SAMPLE_DATA.TPCH_SF1')

  const described = await call(tools, 'describe_view', view)
  const { columns, definition, requestId } = described.structured
  const columnLines = (columns as { name: string; type: string; nullable: boolean }[]).map(
    ({ name, type, nullable }) => `- ${name} : ${type} ${nullable ? 'NULL' : 'NOT NULL'}\n`,
  )
  expect(columnLines.length).toBeGreaterThan(1)
  expect(definition).toMatch(/^create/i)
  expect(described.text).toBe(
    `## View: TEST_DB.PUBLIC.${view.view_name}\n\nRequest ID: ${String(requestId)}\n\n### Columns:\n${columnLines.join('')}\n` +
      `### View Definition:\n\`\`\`sql\n${String(definition)}\n\`\`\``,
  )

  // With the default limit there are more rows, which the text says after its table.
  const shown = await call(tools, 'query_view', { database: 'ANALYTICS_DB', schema: 'REPORTING', view_name: 'DAILY_KPI' })
  expect(shown.structured).toMatchObject({ rowCount: 10, truncated: true })
  expect(shown.text).toMatch(/^## Data from ANALYTICS_DB\.REPORTING\.DAILY_KPI \(Showing 10 rows\)\n/)
  expect(shown.text).toContain(`\n\nRequest ID: ${String(shown.structured['requestId'])}\n\n${tableOf(shown.structured)}`)

  const query = `SELECT NULL AS a, 'x|y' AS b, REPEAT('z', 300) AS c`
  const executed = await call(tools, 'execute_query', { query, database: 'ANALYTICS_DB', schema: 'REPORTING' })
  expect(executed.text).toBe(
    `## Query Results (Database: ANALYTICS_DB, Schema: REPORTING)\n\nRequest ID: ${String(executed.structured['requestId'])}\n` +
      `Showing 1 row\n\n\`\`\`sql\n${query}\n\`\`\`\n\n${tableOf(executed.structured)}`,
  )
  expect(executed.structured['rows']).toEqual([[null, 'x|y', 'z'.repeat(300)]])
  const many = await call(tools, 'execute_query', { query: 'SELECT SEQ4() AS n FROM TABLE(GENERATOR(ROWCOUNT => 200))' })
  expect(many.structured).toMatchObject({ rowCount: 100, truncated: true })
  expect(many.text).toContain('\nShowing 100 rows\n')
  for (const [autoCommit, mode] of [
    [true, 'Auto-commit'],
    [false, 'Explicit'],
  ] as const) {
    const args = { query: 'SELECT 1 AS n', use_transaction: true, auto_commit: autoCommit, limit: 5 }
    expect((await call(tools, 'execute_query', args)).text).toContain(`\nTransaction Mode: ${mode}\nShowing 1 row\n`)
  }
  const empty = await call(tools, 'execute_query', { query: 'SELECT 1 AS n WHERE FALSE' })
  expect(empty.text).toBe('Query completed successfully but returned no results.')

  // What a client left out, or asked for that is not there, is told in the original's words too.
  for (const [name, text] of [
    ['list_views', 'Error: database parameter is required'],
    ['describe_view', 'Error: database and view_name parameters are required'],
    ['query_view', 'Error: database and view_name parameters are required'],
    ['execute_query', 'Error: query parameter is required'],
  ] as const) {
    const { content, isError } = await client.callTool({ name, arguments: { _client_id: 'anybody' } })
    expect([isError, textOf(content)]).toEqual([true, text])
  }
  await expect(client.callTool({ name: 'drop_view', arguments: {} })).rejects.toThrow('Unknown tool: drop_view')
})
