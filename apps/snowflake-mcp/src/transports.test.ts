// The real server over the embedded Snowflake, reached in every way there is.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cleanEnvironment, startServer, type RunningServer } from './test/run-server.ts'

let server: RunningServer
beforeAll(async () => {
  server = await startServer(['--query-timeout-ms', '4000'])
})
afterAll(async () => {
  await server.stop()
})

const json = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }

interface Reply {
  readonly result?: Record<string, unknown>
  readonly error?: object
}

type Call = (name: string, args: object) => Promise<Reply>

const message = (method: string, params: object): object => ({ jsonrpc: '2.0', id: 1, method, params })
const clientInfo = { name: 'x', version: '1' }
const initialize = message('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo })

async function post(path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(new URL(path, server.url), { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(body) })
}

async function openSession(): Promise<Record<string, string>> {
  return { 'mcp-session-id': (await post('/mcp', initialize)).headers.get('mcp-session-id') ?? '' }
}

async function overHttpWithSession(): Promise<Call> {
  const session = await openSession()
  return async (name, args) => toReply(await post('/mcp', message('tools/call', { name, arguments: args }), session))
}

async function overStatelessHttp(): Promise<Call> {
  const version = '2026-07-28'
  const meta = {
    'io.modelcontextprotocol/protocolVersion': version,
    'io.modelcontextprotocol/clientInfo': clientInfo,
    'io.modelcontextprotocol/clientCapabilities': {},
  }
  return async (name, args) => {
    const headers = { 'mcp-protocol-version': version, 'mcp-method': 'tools/call', 'mcp-name': name }
    return toReply(await post('/mcp', message('tools/call', { name, arguments: args, _meta: meta }), headers))
  }
}

async function overRest(): Promise<Call> {
  return async (name, args) => toReply(await post('/mcp/tools/call', message(name, args)))
}

async function overWebSocket(): Promise<Call> {
  const socket = new WebSocket(new URL('/ws', server.url.replace('http', 'ws')), 'mcp')
  await once(socket, 'open')
  const exchange = async (sent: object): Promise<Reply> => {
    const answered = once(socket, 'message')
    socket.send(JSON.stringify(sent))
    // Messages are text.
    const [{ data }] = (await answered) as [{ readonly data: string }]
    return JSON.parse(data) as Reply
  }
  await exchange(initialize)
  return (name, args) => exchange(message('tools/call', { name, arguments: args }))
}

async function overStdio(): Promise<Call> {
  const program = fileURLToPath(new URL('../bin/snowflake-mcp', import.meta.url))
  const child = spawn(program, ['--stdio'], { env: cleanEnvironment(), stdio: ['pipe', 'pipe', 'ignore'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const exchange = async (sent: object): Promise<Reply> => {
    child.stdin.write(`${JSON.stringify(sent)}\n`)
    return JSON.parse((await lines.next()).value as string) as Reply
  }
  await exchange(initialize)
  return (name, args) => exchange(message('tools/call', { name, arguments: args }))
}

async function toReply(response: Response): Promise<Reply> {
  return (await response.json()) as Reply
}

const transports = { overHttpWithSession, overStatelessHttp, overRest, overWebSocket, overStdio }

/** What a client is told, but for ids, which differ every time, and for what only one protocol version adds. */
function essence({ result, error }: Reply): unknown {
  const { resultType: _type, _meta, ...rest } = result ?? {}
  const text = JSON.stringify(error === undefined ? rest : { error })
  return JSON.parse(text.replaceAll(/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g, '<id>'))
}

const calls: readonly (readonly [string, object])[] = [
  ['execute_query', { query: 'SELECT 1 AS one' }],
  ['list_views', { database: 'ANALYTICS_DB', schema: 'REPORTING' }],
  ['no_such_tool', {}],
  ['list_views', {}],
  ['list_views', { database: 'X"; DROP TABLE t; --' }],
  ['execute_query', { query: 'SELECT 1 ->> DROP TABLE t' }],
  ['execute_query', { query: 'SELECT nope FROM TEST_DB.PUBLIC.CUSTOMERS' }],
  ['query_view', { database: 'ANALYTICS_DB', view_name: 'V', limit: -1 }],
]

// Takes DuckDB minutes: some 10^11 pairs. It runs into its time limit.
const endlessQuery =
  'SELECT COUNT(*) FROM SNOWFLAKE_SAMPLE_DATA.TPCH_SF1.LINEITEM a, SNOWFLAKE_SAMPLE_DATA.TPCH_SF1.LINEITEM b, SNOWFLAKE_SAMPLE_DATA.TPCH_SF1.NATION c WHERE a.L_COMMENT > b.L_COMMENT'

test('good and hostile calls meet the same answers over HTTP with sessions and without, WebSocket, stdio and REST; a lost stream is taken up again; operators are answered [S3]', async () => {
  const answers: Record<string, unknown[]> = {}
  for (const [transport, open] of Object.entries(transports)) {
    const call = await open()
    const told: unknown[] = []
    for (const [name, args] of calls) told.push(essence(await call(name, args)))
    answers[transport] = told
  }
  const first = answers['overHttpWithSession']
  expect(first?.[0]).toMatchObject({ structuredContent: { rows: [[1]] } })
  expect(answers).toEqual(Object.fromEntries(Object.keys(transports).map((transport) => [transport, first])))

  const session = await openSession()
  const params = { name: 'execute_query', arguments: { query: endlessQuery }, _meta: { progressToken: 1 } }
  const lost = new AbortController()
  const body = JSON.stringify(message('tools/call', params))
  const reply = await fetch(server.url, { method: 'POST', headers: { ...json, ...session }, body, signal: lost.signal })
  expect(reply.headers.get('content-type')).toBe('text/event-stream')
  lost.abort()
  const headers = { accept: 'text/event-stream', ...session, 'last-event-id': 'call1_0' }
  const rest = await (await fetch(server.url, { headers })).text()
  expect(rest).toContain('"method":"notifications/progress","params":{"progressToken":1,"progress":1')
  expect(rest).toMatch(/"id":1,"result":.*SNOWFLAKE_QUERY_TIMEOUT/)

  for (const path of ['/health', '/health/detailed', '/health/live', '/health/ready', '/status', '/mcp/tools', '/metrics'])
    expect([path, (await fetch(new URL(path, server.url))).status]).toEqual([path, 200])
})
