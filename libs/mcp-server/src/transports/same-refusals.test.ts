import { afterEach, expect, test } from 'vitest'
import { CodedError } from '@squall/errors'
import { poolErrors } from '@squall/pool'
import { transports, type RpcReply } from '../test/duplex-clients.ts'
import { closeAll, heldQuery, selectOne, serveHttp } from '../test/http-server.ts'
import { scriptedSnowflake } from '../test/scripted-snowflake.ts'
import { testLimits } from '../test/test-core.ts'

afterEach(closeAll)

const everyTransport = Object.entries(transports)

/** What a client is told, but for ids, which differ every time, and for what only one protocol version adds. */
function essence({ result, error }: RpcReply): unknown {
  const { resultType: _type, _meta, ...rest } = result ?? {}
  const text = JSON.stringify(error === undefined ? { result: rest } : { error })
  return JSON.parse(text.replaceAll(/[\da-f]{8}-[\da-f-]{27}/g, '<id>').replaceAll(/"q\d+"/g, '"q"'))
}

const hostileCalls: readonly (readonly [string, string, Record<string, unknown>])[] = [
  ['an unknown tool', 'drop_everything', {}],
  ['a tool that is nearly right', 'list_view', { database: 'TEST_DB' }],
  ['a tool of no name', '', {}],
  ['a tool whose name is a book', 'x'.repeat(2000), {}],
  ['a missing argument', 'list_views', {}],
  ['an argument of the wrong type', 'list_views', { database: 5 }],
  ['an argument nobody knows', 'list_databases', { databse: 'X' }],
  ['a negative limit', 'query_view', { database: 'A', view_name: 'B', limit: -1 }],
  ['a huge limit', 'query_view', { database: 'A', view_name: 'B', limit: 1e12 }],
  ['a statement that writes', 'execute_query', { query: 'DROP TABLE t' }],
  ['control characters', 'describe_view', { database: 'A\u0000B', view_name: '\u202E' }],
  ['an injected identifier', 'list_views', { database: 'X"; DROP TABLE t; --' }],
  ['a name of a prototype', 'constructor', {}],
  ['arguments named as one', 'list_databases', { constructor: 1 }],
]

test.each(hostileCalls)('%s meets the same refusal over every transport', async (_, name, args) => {
  const { url, core } = await serveHttp()
  const answers: [string, unknown][] = []
  for (const [transport, open] of everyTransport) {
    const exchange = await open(url, core)
    answers.push([transport, essence(await exchange('tools/call', { name, arguments: args }))])
  }
  const [[, first] = []] = answers
  expect(answers).toEqual(everyTransport.map(([transport]) => [transport, first]))
  expect(core.bugs).toEqual([])
})

test.each(['/mcp', '/mcp/tools/call'])('JSON nested beyond all reason is refused at %s before anybody reads it', async (path) => {
  const { url, core } = await serveHttp()
  const nested = `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`
  const reply = await fetch(new URL(path, url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"execute_query","arguments":{"query":${nested}}}}`,
  })
  expect(reply.status).toBe(400)
  expect(await reply.json()).toMatchObject({
    error: { message: expect.stringContaining('nested more than 100 levels') as string },
  })
  expect(core.bugs).toEqual([])
})

test('a good call meets the same answer over every transport', async () => {
  const { url, core } = await serveHttp()
  const answers: unknown[] = []
  for (const [, open] of everyTransport)
    answers.push(
      essence(await (await open(url, core))('tools/call', { name: 'execute_query', arguments: { query: 'SELECT 1' } })),
    )
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  expect(answers[0]).toMatchObject({ result: { structuredContent: { rows: [[1]] } } })
  expect(await core.metrics.render()).toContain('client_type="websocket_client"} 1')
})

test.each(everyTransport)('%s tells a call that finds no room when to come again', async (_, open) => {
  const held = heldQuery()
  const { url, core } = await serveHttp(held.script, { limits: { ...testLimits, maxConcurrent: 1, maxQueued: 0 } })
  const exchange = await open(url, core)
  const first = (await transports['HTTP without a session']?.(url, core))?.('tools/call', {
    name: 'execute_query',
    arguments: { query: 'SELECT 1' },
  })
  await held.arrived
  const refused = await exchange('tools/call', { name: 'list_databases', arguments: {} })
  expect(refused).not.toHaveProperty('result')
  expect(refused).toMatchObject({ id: 7, error: { code: -32_000, data: { code: 'MCP_OVERLOADED', retryAfterSeconds: 1 } } })
  held.finish()
  expect(await first).toMatchObject({ result: {} })
})

const turnAway = (): Promise<never> => Promise.reject(new CodedError(poolErrors.POOL_QUEUE_FULL))

test.each(everyTransport)('%s tells of a pool that is full', async (_, open) => {
  const snowflake = scriptedSnowflake(selectOne)
  const { url, core } = await serveHttp(selectOne, { connections: { ...snowflake, acquire: turnAway } })
  const exchange = await open(url, core)
  const listed = { name: 'list_databases', arguments: {} }
  expect(await exchange('tools/call', listed)).toMatchObject({ error: { data: { code: 'POOL_QUEUE_FULL' } } })
})

test.each(everyTransport.filter(([name]) => name !== 'REST'))('%s lists the same tools', async (_, open) => {
  const { url, core } = await serveHttp()
  const { result } = await (await open(url, core))('tools/list', {})
  expect(result?.['tools']).toEqual(core.tools)
  expect(await (await fetch(new URL('/mcp/tools', url))).json()).toEqual({ tools: core.tools })
})
