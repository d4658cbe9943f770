// The clients people have, on the real server: the official SDK's in both lines, over all their transports, the Inspector, the conformance suite.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startSnowflakeLocal, type LocalSnowflake } from './support/local-snowflake.ts'
import { connectV1, connectV2, type Answer, type OfficialClient, type Reach } from './support/official-clients.ts'
import { root, run, start, type Started } from './support/programs.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const tools = [
  'list_databases',
  'list_schemas',
  'list_tables',
  'list_views',
  'describe_table',
  'describe_view',
  'search_objects',
  'query_view',
  'sample_table',
  'execute_query',
  'explain_query',
  'read_result',
  'query_status',
  'cancel_query',
]

/** What holds a session in Snowflake for longer than any test, at no cost, until it is cancelled. */
const endless = { rules: [{ pattern: 'endless_mark', delay: { ms: 600_000 } }] }

const place = { database: 'ANALYTICS_DB', schema: 'REPORTING' }
const view = 'snowflake://ANALYTICS_DB/REPORTING/DAILY_KPI'

const newest = '2026-07-28'
const clients: readonly Contender[] = [
  { name: 'second line, HTTP, initialize era', version: '2025-11-25', connect: (to) => connectV2(to, 'http', 'legacy') },
  { name: 'second line, HTTP, newest era if there is one', version: newest, connect: (to) => connectV2(to, 'http', 'auto') },
  { name: 'second line, HTTP, newest era alone', version: newest, connect: (to) => connectV2(to, 'http', { pin: newest }) },
  { name: 'second line, stdio, initialize era', version: '2025-11-25', connect: (to) => connectV2(to, 'stdio', 'legacy') },
  { name: 'second line, stdio, newest era if there is one', version: newest, connect: (to) => connectV2(to, 'stdio', 'auto') },
  { name: 'first line, HTTP', connect: (to) => connectV1(to, 'http') },
  { name: 'first line, stdio', connect: (to) => connectV1(to, 'stdio') },
  { name: 'first line, WebSocket', connect: (to) => connectV1(to, 'websocket') },
]

interface Contender {
  readonly name: string
  /** Undefined where the client does not tell. */
  readonly version?: string
  readonly connect: (to: Reach) => Promise<OfficialClient>
}

let snowflake: LocalSnowflake
let server: Started
let reach: Reach
beforeAll(async () => {
  snowflake = await startSnowflakeLocal(['--faults', JSON.stringify({ latency: endless })])
  server = start('snowflake-mcp', ['--port', '0'], { env: snowflake.env })
  const [url] = await server.printed(/http:\/\/127\.0\.0\.1:\d+\/mcp/)
  reach = { url, env: snowflake.env }
})
afterAll(async () => {
  server.kill('SIGTERM')
  await server.ended
  await snowflake.stop()
})

const textOf = ({ content: [first] }: Answer): string => first?.text ?? ''

async function expectTools(client: OfficialClient): Promise<void> {
  expect(await client.tools()).toEqual(expect.arrayContaining(tools))
  expect(textOf(await client.call('execute_query', { query: 'SELECT 1 AS ANSWER', database: 'TEST_DB' }))).toContain('| ANSWER |')
  expect(textOf(await client.call('describe_table', { database: 'TEST_DB', table: 'CUSTOMERS' }))).toContain('CUSTOMER_ID')
  expect((await client.call('search_objects', { pattern: 'kpi' })).structuredContent).toMatchObject({
    found: [{ name: 'ANALYTICS_DB.REPORTING.DAILY_KPI' }],
  })
}

/** A result that is read on behind its cursor. */
async function expectPages(client: OfficialClient): Promise<void> {
  const query = 'SELECT SEQ4() AS N FROM TABLE(GENERATOR(ROWCOUNT => 5)) ORDER BY N'
  const first = await client.call('execute_query', { query, limit: 3 })
  const { cursor } = first.structuredContent ?? {}
  expect(first.structuredContent).toMatchObject({ truncated: true, rows: [[0], [1], [2]] })
  expect((await client.call('read_result', { cursor })).structuredContent).toMatchObject({ truncated: false, rows: [[3], [4]] })
}

async function expectResources(client: OfficialClient): Promise<void> {
  expect(await client.resources()).toContain(view)
  expect(JSON.parse(await client.read(view))).toMatchObject({ kind: 'view', name: 'ANALYTICS_DB.REPORTING.DAILY_KPI' })
  await expect(client.read('snowflake://TEST')).rejects.toThrow(/Did you mean TEST_DB\?/)
  expect(await client.complete('object', 'daily', place)).toEqual(['DAILY_KPI'])
}

/** Errors that a model can mend, and those of the protocol. */
async function expectErrors(client: OfficialClient): Promise<void> {
  const wrong = await client.call('query_view', { ...place, view_name: 'DAILY_KPIS' })
  expect(wrong).toMatchObject({ isError: true })
  expect(textOf(wrong)).toContain('Did you mean DAILY_KPI?')
  expect(textOf(await client.call('execute_query', { query: 'DROP TABLE x' }))).toContain('[MCP_NOT_READ_ONLY]')
  expect(await client.call('list_views', {})).toMatchObject({ isError: true })
  await expect(client.call('no_such_tool', {})).rejects.toThrow(/no_such_tool/)
}

/** A call that says how it comes along, until its client takes it back; then it ends in Snowflake too. */
async function expectProgressAndCancellation(client: OfficialClient): Promise<void> {
  const { cancelled } = (await snowflake.state()).statements
  const change = new AbortController()
  const heard = Promise.withResolvers<void>()
  const options = { signal: change.signal, onprogress: () => heard.resolve() }
  const running = client.call('execute_query', { query: "SELECT 'x' AS endless_mark" }, options)
  const takenBack = running.catch((error: unknown) => error)
  await heard.promise
  change.abort(new Error('changed my mind'))
  expect(String(await takenBack)).toContain('changed my mind')
  await expect
    .poll(async () => (await snowflake.state()).statements, { timeout: 20_000 })
    .toMatchObject({ cancelled: cancelled + 1, running: 0 })
}

const isLate = ({ message }: Error): boolean => /unknown message ID: .*The call was cancelled\./.test(message)

test.each(clients)(
  'an official client ($name) uses tools, pages, resources, completion, progress and cancellation, and understands every message [T4]',
  async ({ name, version, connect }) => {
    const client = await connect(reach)
    expect(client.version).toBe(version)
    await expectTools(client)
    await expectPages(client)
    await expectResources(client)
    await expectErrors(client)
    await expectProgressAndCancellation(client)
    expect(textOf(await client.call('list_databases', {}))).toContain('TEST_DB')
    // Over HTTP a request is answered also when it was taken back; no client awaits that any more.
    expect(client.complaints.filter((error) => !(name.includes('HTTP') && isLate(error)))).toEqual([])
    await client.close()
  },
)

const overHttp = (era: string): readonly string[] => ['--transport', 'http', '--protocol-era', era]

test.each(['legacy', 'modern', 'stdio'])(
  "the Inspector's command line (%s) lists and calls tools, and lists and reads resources [T4]",
  async (way) => {
    const target = way === 'stdio' ? [`${root}node_modules/.bin/snowflake-mcp`, '--stdio'] : [reach.url, ...overHttp(way)]
    const inspect = async (...args: readonly string[]): Promise<unknown> => {
      const { code, stdout, stderr } = await run('mcp-inspector', ['--cli', ...target, ...args], { env: reach.env })
      expect(code, stderr).toBe(0)
      return JSON.parse(stdout)
    }
    const named = tools.map((name) => expect.objectContaining({ name }) as unknown)
    expect(await inspect('--method', 'tools/list')).toMatchObject({ tools: expect.arrayContaining(named) as unknown })
    const call = ['--method', 'tools/call', '--tool-name', 'list_tables', '--tool-arg', 'database=TEST_DB']
    expect(await inspect(...call)).toMatchObject({ structuredContent: { database: 'TEST_DB' } })
    expect(await inspect('--method', 'resources/list')).toMatchObject({
      resources: expect.arrayContaining([expect.objectContaining({ uri: view })]) as unknown,
    })
    expect(await inspect('--method', 'resources/read', '--uri', view)).toMatchObject({ contents: [{ uri: view }] })
  },
)

// Those that need no tools made for the suite; the server's own library runs those that do.
const scenarios = {
  '2025-11-25': [
    'server-initialize',
    'ping',
    'tools-list',
    'server-sse-multiple-streams',
    'resources-list',
    'dns-rebinding-protection',
    'server-session-lifecycle',
  ],
  '2026-07-28': [
    'tools-list',
    'server-sse-multiple-streams',
    'resources-list',
    'input-required-result-missing-input-response',
    'input-required-result-ignore-extra-params',
    'input-required-result-validate-input',
    'dns-rebinding-protection',
    'sep-2164-resource-not-found',
    'input-required-result-unsupported-methods',
    'http-header-validation',
  ],
} as const
const versions = ['2025-11-25', '2026-07-28'] as const

test.each(versions)('the official conformance suite passes at %s [T4]', async (version) => {
  for (const scenario of scenarios[version]) {
    const args = ['server', '--url', reach.url, '--scenario', scenario, '--spec-version', version]
    const { stdout, stderr } = await run('conformance', args)
    expect(stdout + stderr, scenario).toMatch(/\b0 failed/)
  }
})
