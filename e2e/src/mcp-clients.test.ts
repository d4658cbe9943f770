import {
  Client as ClientV2,
  StreamableHTTPClientTransport as HttpV2,
  type VersionNegotiationMode,
} from '@modelcontextprotocol/client'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { expect, test } from 'vitest'
import { run } from './support/programs.ts'
import { startSnowflakeMcp } from './support/servers.ts'

const tools = ['describe_view', 'execute_query', 'list_databases', 'list_views', 'query_view']
const identity = { name: 'e2e', version: '1.0.0' }

/** What both lines of the official SDK have in common, as far as this test needs it. */
interface AnyClient {
  listTools(): Promise<{ tools: { name: string }[] }>
  callTool(params: { name: string; arguments: Record<string, unknown> }): Promise<unknown>
  close(): Promise<void>
}

async function expectToServe(client: AnyClient): Promise<void> {
  const listed = await client.listTools()
  expect(listed.tools.map(({ name }) => name)).toEqual(expect.arrayContaining(tools))
  const answer = await client.callTool({ name: 'execute_query', arguments: { query: 'SELECT 1 AS ANSWER', database: 'TEST_DB' } })
  expect(answer).toMatchObject({ content: [{ type: 'text', text: expect.stringContaining('| ANSWER |') as string }] })
  expect(await client.callTool({ name: 'list_views', arguments: {} })).toMatchObject({ isError: true })
  await client.close()
}

test.each([
  ['legacy', '2025-11-25'],
  ['auto', '2026-07-28'],
  [{ pin: '2026-07-28' }, '2026-07-28'],
] as const)(
  'the official client, second line, in mode %j speaks %s with the server',
  async (mode: VersionNegotiationMode, version) => {
    const { url } = await startSnowflakeMcp()
    const client = new ClientV2(identity, { versionNegotiation: { mode } })
    await client.connect(new HttpV2(new URL(url)))
    expect(client.getNegotiatedProtocolVersion()).toBe(version)
    await expectToServe(client)
  },
)

test('the official client, first line, lists and calls the tools', async () => {
  const { url } = await startSnowflakeMcp()
  const client = new ClientV1(identity)
  await client.connect(new HttpV1(new URL(url)))
  await expectToServe(client)
})

test.each(['legacy', 'modern'])("the Inspector's command line lists and calls the tools in the %s era", async (era) => {
  const { url } = await startSnowflakeMcp()
  const inspect = (...args: readonly string[]): ReturnType<typeof run> =>
    run('mcp-inspector', ['--cli', url, '--transport', 'http', '--protocol-era', era, ...args])
  const listed = await inspect('--method', 'tools/list')
  expect(listed, listed.stderr).toMatchObject({ code: 0 })
  for (const tool of tools) expect(listed.stdout).toContain(`"${tool}"`)
  const called = await inspect('--method', 'tools/call', '--tool-name', 'list_databases')
  expect(called, called.stderr).toMatchObject({ code: 0 })
  expect(called.stdout).toContain('Available Snowflake databases')
})
