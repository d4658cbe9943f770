// The real server over the embedded Snowflake, used by the clients people have.
import { fileURLToPath } from 'node:url'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cleanEnvironment, startServer, type RunningServer } from './test/run-server.ts'

let server: RunningServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => {
  await server.stop()
})

const calls = [
  ['list_databases', {}, /^Available Snowflake databases:\n[^]*TEST_DB/],
  [
    'list_views',
    { database: 'ANALYTICS_DB', schema: 'REPORTING' },
    /^Views in ANALYTICS_DB\.REPORTING:\nCAMPAIGN_PERFORMANCE \(created: 20/,
  ],
  [
    'describe_view',
    { database: 'ANALYTICS_DB', schema: 'REPORTING', view_name: 'DAILY_KPI' },
    /^## View: ANALYTICS_DB\.REPORTING\.DAILY_KPI[^]*### Columns:\n- [^]*```sql\ncreate/i,
  ],
  [
    'query_view',
    { database: 'ANALYTICS_DB', schema: 'REPORTING', view_name: 'DAILY_KPI', limit: 2 },
    /\(Showing 2 rows\)[^]*\| --- \|/,
  ],
  ['execute_query', { query: 'SELECT COUNT(*) AS n FROM SNOWFLAKE_SAMPLE_DATA.TPCH_SF1.NATION' }, /\| N \|\n\| --- \|\n\| 25 \|/],
] as const

type AnyClient = Pick<Client, 'listTools' | 'callTool' | 'close'>

/** Lists the tools and calls each; gives back those whose answer was as it should be. */
async function exercise(client: AnyClient): Promise<string[]> {
  const { tools } = await client.listTools()
  expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(everyTool))
  const answered: string[] = []
  for (const [name, args, expected] of calls) {
    const result = await client.callTool({ name, arguments: { ...args } })
    if (result.isError !== true) answered.push(name)
    expect((result.content as { text: string }[])[0]?.text).toMatch(expected)
    expect(result.structuredContent).toMatchObject({
      requestId: expect.any(String) as string,
      queryId: expect.any(String) as string,
    })
  }
  await client.close()
  return answered
}

const everyTool = calls.map(([name]) => name)

test('the first line on standard error says where it listens and what serves as Snowflake', () => {
  const [first] = server.output().stderr.split('\n')
  expect(first).toBe(`snowflake-mcp listening on ${server.url} (embedded Snowflake with sample data: no account is configured)`)
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/)
})

test('status names the embedded Snowflake, and health is good', async () => {
  expect(await (await fetch(new URL('/status', server.url))).json()).toMatchObject({
    backend: { kind: 'embedded', account: 'LOCAL' },
  })
  expect(await (await fetch(new URL('/health', server.url))).json()).toMatchObject({ status: 'healthy', ready: true })
})

test.each(['legacy', 'auto'] as const)('the official client of the second line, %s negotiation', async (mode) => {
  const client = new Client({ name: 'claude-code', version: '1' }, { versionNegotiation: { mode } })
  await client.connect(new StreamableHTTPClientTransport(new URL(server.url)))
  expect(await exercise(client)).toEqual(everyTool)
})

test('the official client of the first line', async () => {
  const client = new OldClient({ name: 'old', version: '1' })
  await client.connect(new OldTransport(new URL(server.url)))
  // The two lines' results differ in types alone.
  expect(await exercise(client as unknown as AnyClient)).toEqual(everyTool)
})

test.each(['legacy', 'auto'] as const)('the official client over stdio, %s negotiation', async (mode) => {
  const transport = new StdioClientTransport({
    command: fileURLToPath(new URL('../bin/snowflake-mcp', import.meta.url)),
    args: ['--stdio'],
    // Variables without a value are not passed on.
    env: cleanEnvironment() as Record<string, string>,
    stderr: 'pipe',
  })
  const client = new Client({ name: 'claude-ai', version: '1' }, { versionNegotiation: { mode } })
  await client.connect(transport)
  expect(await exercise(client)).toEqual(everyTool)
})

test('fifty mixed calls at once, each with its own answer in its own context', async () => {
  const client = new Client({ name: 'many', version: '1' })
  await client.connect(new StreamableHTTPClientTransport(new URL(server.url)))
  const databases = ['TEST_DB', 'ANALYTICS_DB', 'STAGING_DB'] as const
  const answers = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const database = databases[index % databases.length]
      const [name, args] = calls[index % calls.length] ?? calls[0]
      if (index % 2 === 1) return (await client.callTool({ name, arguments: { ...args } })).isError === true
      const query = `SELECT CURRENT_DATABASE() AS d, ${index} AS i`
      const result = await client.callTool({ name: 'execute_query', arguments: { query, database } })
      expect(result.structuredContent).toMatchObject({ rows: [[database, index]], database })
      return result.isError === true
    }),
  )
  expect(answers).not.toContain(true)
  await client.close()
})

test('an unknown name and wrong SQL are answered with what mends them', async () => {
  const client = new Client({ name: 'wrong', version: '1' })
  await client.connect(new StreamableHTTPClientTransport(new URL(server.url)))
  const textOf = async (name: string, args: Record<string, unknown>): Promise<string | undefined> => {
    const result = await client.callTool({ name, arguments: args })
    expect(result.isError).toBe(true)
    return (result.content as { text: string }[])[0]?.text
  }
  expect(await textOf('query_view', { database: 'ANALYTICS_DB', schema: 'REPORTING', view_name: 'DAILY_KPIS' })).toContain(
    'Did you mean DAILY_KPI?',
  )
  expect(await textOf('list_views', { database: 'ANALYTIC' })).toContain('Did you mean ANALYTICS_DB?')
  expect(await textOf('execute_query', { query: 'SELEC 1' })).toMatch(/^Error: Only SELECT/)
  expect(await textOf('execute_query', { query: 'SELECT nope FROM TEST_DB.PUBLIC.CUSTOMERS' })).toMatch(/Snowflake 000904/)
  expect(await textOf('execute_query', { query: 'SELECT 1; DROP TABLE x' })).toContain('[MCP_NOT_READ_ONLY]')
  await client.close()
})
