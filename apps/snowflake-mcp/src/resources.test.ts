// Schemas, tables and views as resources, on the real server over the embedded Snowflake, in both eras.
import type { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type RunningServer } from './test/run-server.ts'
import { connectTools } from './test/tool-client.ts'

let server: RunningServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => {
  await server.stop()
})

describe.each(['legacy', 'auto'] as const)('%s negotiation', (mode) => {
  let client: Client
  beforeAll(async () => {
    client = (await connectTools(server.url, mode)).client
  })
  afterAll(async () => {
    await client.close()
  })

  const read = async (uri: string): Promise<Record<string, unknown>> => {
    const { contents } = await client.readResource({ uri })
    const [first] = contents
    expect(first).toMatchObject({ uri, mimeType: 'application/json' })
    return JSON.parse(first !== undefined && 'text' in first ? first.text : '') as Record<string, unknown>
  }

  test('every schema, table and view is listed once, page by page', async () => {
    const uris: string[] = []
    let cursor: string | undefined
    do {
      const page = await client.listResources(cursor === undefined ? {} : { cursor })
      expect(page.resources.length).toBeLessThanOrEqual(100)
      uris.push(...page.resources.map(({ uri }) => uri))
      cursor = page.nextCursor
    } while (cursor !== undefined)
    expect(new Set(uris).size).toBe(uris.length)
    expect(uris).toEqual(
      expect.arrayContaining([
        'snowflake://ANALYTICS_DB/REPORTING',
        'snowflake://TEST_DB/PUBLIC/CUSTOMERS',
        'snowflake://ANALYTICS_DB/REPORTING/DAILY_KPI',
      ]),
    )
    await expect(client.listResources({ cursor: 'nonsense' })).rejects.toMatchObject({ code: -32_602 })
  })

  test('a database, a schema, a table and a view are read', async () => {
    expect(await read('snowflake://test_db')).toMatchObject({ kind: 'database', name: 'TEST_DB' })
    const schema = await read('snowflake://TEST_DB/PUBLIC')
    expect(schema['objects']).toContainEqual({
      kind: 'table',
      name: 'CUSTOMERS',
      comment: 'People who signed up',
      uri: 'snowflake://TEST_DB/PUBLIC/CUSTOMERS',
    })
    const table = await read('snowflake://TEST_DB/PUBLIC/CUSTOMERS')
    expect(table).toMatchObject({ kind: 'table', comment: 'People who signed up' })
    expect(table['columns']).toContainEqual({
      name: 'CUSTOMER_ID',
      type: 'NUMBER(38,0)',
      nullable: true,
      comment: expect.any(String) as string,
    })
    expect(table['definition']).toBeUndefined()
    const view = await read('snowflake://ANALYTICS_DB/REPORTING/DAILY_KPI')
    expect(view).toMatchObject({ kind: 'view', definition: expect.stringMatching(/^create/i) as string })
  })

  test.each([
    ['snowflake://TEST_DB/PUBLIC/CUSTOMER', /Did you mean CUSTOMERS/],
    ['snowflake://TEST/PUBLIC', /Did you mean TEST_DB\?/],
    ['snowflake://TEST_DB/PUBLI', /Did you mean PUBLIC\?/],
    ['snowflake://TEST_DB/PUBLIC/A;B', /is not the address of a resource/],
    ['file:///etc/passwd', /is not the address of a resource/],
  ])('%s is not there, and the error says what may be meant', async (uri, message) => {
    await expect(client.readResource({ uri })).rejects.toMatchObject({
      code: -32_602,
      message: expect.stringMatching(message) as string,
    })
  })

  test('templates say how addresses are made, and their names are completed', async () => {
    const { resourceTemplates } = await client.listResourceTemplates()
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      'snowflake://{database}/{schema}',
      'snowflake://{database}/{schema}/{object}',
    ])
    const complete = async (name: string, value: string, args: Record<string, string> = {}): Promise<unknown> => {
      const ref = { type: 'ref/resource', uri: 'snowflake://{database}/{schema}/{object}' } as const
      const { completion } = await client.complete({ ref, argument: { name, value }, context: { arguments: args } })
      return completion.values
    }
    expect(await complete('database', 'an')).toEqual(['ANALYTICS_DB'])
    expect(await complete('schema', 're', { database: 'ANALYTICS_DB' })).toEqual(['REPORTING'])
    expect(await complete('object', 'cust', { database: 'test_db', schema: 'PUBLIC' })).toEqual(['CUSTOMERS', 'CUSTOMER_ORDERS'])
    expect(await complete('object', 'cust', { database: 'test_db' })).toEqual([])
    expect(await complete('schema', '', { database: 'NO_SUCH_DB' })).toEqual([])
    expect(await complete('schema', '', { database: 'half "' })).toEqual([])
    await expect(complete('table', 'x')).rejects.toMatchObject({ code: -32_602 })
    const ref = { type: 'ref/prompt', name: 'x' } as const
    await expect(client.complete({ ref, argument: { name: 'a', value: '' } })).rejects.toMatchObject({ code: -32_602 })
  })
})

test('resources go the way of all calls: they are counted', async () => {
  const metrics = await (await fetch(new URL('/metrics', server.url))).text()
  expect(metrics).toMatch(/mcp_requests_total\{tool="resources\/read",outcome="ok",client_type="\w+"\} [1-9]/)
  expect(metrics).toMatch(/mcp_requests_total\{tool="completion\/complete",outcome="ok"/)
})

test('where an operator lets one database be read, resources and searches are of that one alone', async () => {
  const restricted = await startServer(['--allowed-objects', 'TEST_DB'])
  const tools = await connectTools(restricted.url)
  const { resources } = await tools.client.listResources()
  expect(resources.map(({ uri }) => uri)).toContain('snowflake://TEST_DB/PUBLIC')
  expect(resources.filter(({ uri }) => !uri.startsWith('snowflake://TEST_DB/'))).toEqual([])
  for (const match of ['contains', 'regex']) {
    const { data, text } = await tools.call('search_objects', { pattern: 'customer', match })
    expect(data['found']).toContainEqual({ kind: 'table', name: 'TEST_DB.PUBLIC.CUSTOMERS' })
    expect(text).not.toContain('SNOWFLAKE_SAMPLE_DATA')
  }
  await tools.client.close()
  await restricted.stop()
})
