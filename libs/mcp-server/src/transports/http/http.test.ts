import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CodedError } from '@squall/errors'
import { poolErrors } from '@squall/pool'
import { FakeClock } from '@squall/time'
import { afterEach, expect, test } from 'vitest'
import { listenHttp } from '../../index.ts'
import { scriptedSnowflake } from '../../test/scripted-snowflake.ts'
import {
  accept,
  call,
  closeAll,
  closeLater,
  heldQuery,
  initializeBody,
  json,
  modernHeaders,
  modernMeta,
  openSession,
  post,
  selectOne,
  serveHttp,
} from '../../test/http-server.ts'
import { testCore, testInfo, testLimits } from '../../test/test-core.ts'

afterEach(closeAll)

const modernCall = (name = 'execute_query', args: object = { query: 'SELECT 1' }, meta: object = modernMeta): object => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name, arguments: args, _meta: meta },
})

async function exerciseClient(client: Pick<Client, 'listTools' | 'callTool'>): Promise<void> {
  const { tools } = await client.listTools()
  const five = ['list_databases', 'list_views', 'describe_view', 'query_view', 'execute_query']
  expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(five))
  const good = await client.callTool({ name: 'execute_query', arguments: { query: 'SELECT 1' } })
  expect(good).toMatchObject({ structuredContent: { rows: [[1]], truncated: false } })
  const bad = await client.callTool({ name: 'list_views', arguments: {} })
  expect(bad).toMatchObject({ isError: true, content: [{ type: 'text', text: 'Error: database parameter is required' }] })
  await expect(client.callTool({ name: 'list_view', arguments: {} })).rejects.toMatchObject({ code: -32_602 })
}

test('the official client of the second line works in the initialize era', async () => {
  const { url, core } = await serveHttp()
  const client = new Client({ name: 'claude-ai', version: '1' })
  await client.connect(new StreamableHTTPClientTransport(new URL(url)))
  await exerciseClient(client)
  expect(core.sessions.stats()).toMatchObject({
    open: 1,
    openByClientType: { claude_desktop: 1 },
    requestsTotal: 3,
    failedRequestsTotal: 2,
  })
  await client.close()
})

test('the official client of the second line works in the modern era', async () => {
  const { url, core } = await serveHttp()
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } })
  await client.connect(new StreamableHTTPClientTransport(new URL(url)))
  await exerciseClient(client)
  // The protocol knows no sessions; the client counts as one all the same.
  expect(core.sessions.stats()).toMatchObject({ open: 0, implicit: 1, requestsTotal: 3 })
  await client.close()
})

test('the official client of the first line works', async () => {
  const { url, core } = await serveHttp()
  const client = new OldClient({ name: 'test', version: '1' })
  const transport = new OldTransport(new URL(url))
  await client.connect(transport)
  await exerciseClient(client as unknown as Client)
  await transport.terminateSession()
  expect(core.sessions.stats()).toMatchObject({ open: 0, endedTotal: { deleted: 1 } })
  await client.close()
})

test('both eras answer the same call the same way, each in its form', async () => {
  const { url } = await serveHttp()
  const old = (await (await post(url, call(1))).json()) as { result: Record<string, unknown> }
  const modern = (await (await post(url, modernCall(), modernHeaders())).json()) as { result: Record<string, unknown> }
  expect(modern.result).toMatchObject({
    resultType: 'complete',
    _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'test-server', version: '1.2.3' } },
    structuredContent: { rows: [[1]] },
  })
  expect(old.result).toMatchObject({ structuredContent: { rows: [[1]] } })
  expect(old.result).not.toHaveProperty('resultType')
})

// Left of the arrow our own dispatch serves, right of it the SDK: both must look alike to a client.
test('what our own dispatch answers is what the SDK answers', async () => {
  const { url } = await serveHttp()
  const plain = (await (await post(url, modernCall(), modernHeaders())).json()) as object
  const bySdk = (await (
    await post(url, modernCall(), { ...modernHeaders(), 'content-type': 'application/json; charset=utf-8' })
  ).json()) as object
  const oldPlain = (await (await post(url, call(1))).json()) as object
  const oldBySdk = (await (await post(url, call(1), { 'content-type': 'application/json; charset=utf-8' })).json()) as object
  expect(withoutIds(plain)).toEqual(withoutIds(bySdk))
  expect(withoutIds(oldPlain)).toEqual(withoutIds(oldBySdk))
})

function withoutIds(value: object): unknown {
  return JSON.parse(
    JSON.stringify(value)
      .replaceAll(/[\da-f]{8}-[\da-f-]{27}/g, '<id>')
      .replaceAll(/"q\d+"/g, '"q"'),
  )
}

test('a client that never names its session is served all the same', async () => {
  const { url, core } = await serveHttp()
  await openSession(url)
  expect((await post(url, { jsonrpc: '2.0', method: 'notifications/initialized' })).status).toBe(202)
  expect(await (await post(url, { jsonrpc: '2.0', id: 5, method: 'tools/list' })).json()).toMatchObject({
    id: 5,
    result: { tools: expect.any(Array) as [] },
  })
  expect(await (await post(url, call(6))).json()).toMatchObject({ id: 6, result: { structuredContent: { rows: [[1]] } } })
  expect(core.sessions.stats()).toMatchObject({ open: 1, implicit: 1, requestsTotal: 1 })
})

test('an unknown session is 404, the sign to initialize anew; a deleted one too', async () => {
  const { url } = await serveHttp()
  const session = { 'mcp-session-id': await openSession(url) }
  expect((await post(url, call(1), session)).headers.get('mcp-session-id')).toBe(session['mcp-session-id'])
  expect((await fetch(url, { method: 'DELETE', headers: session })).status).toBe(200)
  const replies = [
    await post(url, call(1), session),
    await fetch(url, { method: 'DELETE', headers: session }),
    await fetch(url, { headers: { accept, ...session } }),
  ]
  for (const reply of replies) {
    expect(reply.status).toBe(404)
    expect(await reply.json()).toMatchObject({ error: { code: -32_001 } })
  }
})

test('without a session there is no stream to open and nothing to delete', async () => {
  const { url } = await serveHttp()
  for (const method of ['GET', 'DELETE'])
    for (const headers of [{ accept }, { accept, 'mcp-protocol-version': '2026-07-28', 'mcp-session-id': 'x' }]) {
      const reply = await fetch(url, { method, headers })
      expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'POST'])
    }
})

test('an idle session expires, and a full server makes room for a new one', async () => {
  const clock = new FakeClock()
  const { url, core } = await serveHttp(selectOne, { clock, limits: { ...testLimits, maxSessions: 2, sessionIdleTtlMs: 1000 } })
  const first = await openSession(url)
  await openSession(url)
  await openSession(url)
  expect(core.sessions.stats()).toMatchObject({ open: 2, endedTotal: { evicted: 1 } })
  expect((await post(url, call(1), { 'mcp-session-id': first })).status).toBe(404)
  await clock.advance(1500)
  expect(core.sessions.stats()).toMatchObject({ open: 0, endedTotal: { expired: 2 } })
})

test('a session has one event stream, which ends with the session', async () => {
  const { url, core } = await serveHttp()
  const id = await openSession(url)
  const headers = { accept: 'text/event-stream', 'mcp-session-id': id }
  const stream = await fetch(url, { headers })
  expect([stream.status, stream.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
  expect(core.sessions.stats().streaming).toBe(1)
  expect((await fetch(url, { headers })).status).toBe(409)
  expect((await fetch(url, { headers: { ...headers, accept: 'application/json' } })).status).toBe(406)
  await fetch(url, { method: 'DELETE', headers })
  expect(await stream.text()).toBe('id: push_0\nretry: 1000\ndata: \n\n')
})

test('an event stream is kept open by comments, and its session outlives the stream', async () => {
  const clock = new FakeClock()
  const { url, core } = await serveHttp(selectOne, { clock })
  const id = await openSession(url)
  const stop = new AbortController()
  const stream = await fetch(url, { headers: { accept: 'text/event-stream', 'mcp-session-id': id }, signal: stop.signal })
  const reader = (stream.body ?? new ReadableStream<Uint8Array>()).getReader()
  await reader.read()
  for (let round = 0; round < 2; round += 1) {
    const chunk = reader.read()
    await clock.advance(15_000)
    expect(String.fromCodePoint(...(((await chunk).value as Uint8Array | undefined) ?? []))).toBe(': keepalive\n\n')
  }
  stop.abort()
  await expect.poll(() => core.sessions.stats()).toMatchObject({ streaming: 0, idle: 1 })
})

test('a client cancels its call by message, and the statement is cancelled', async () => {
  const held = heldQuery()
  const { url } = await serveHttp(held.script)
  const session = { 'mcp-session-id': await openSession(url) }
  const reply = post(url, call(7), session)
  await held.arrived
  const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 7 } }
  expect((await post(url, cancel, session)).status).toBe(202)
  await held.aborted
  expect(await (await reply).json()).toMatchObject({ id: 7, error: { message: 'The call was cancelled.' } })
})

test.each(['2025', '2026'])('a client of %s that goes away cancels its call', async (era) => {
  const held = heldQuery()
  const { url, core } = await serveHttp(held.script)
  const leave = new AbortController()
  const modern = era === '2026'
  const body = JSON.stringify(modern ? modernCall() : call(1))
  const headers = { ...json, ...(modern ? modernHeaders() : {}) }
  const reply = fetch(url, { method: 'POST', headers, body, signal: leave.signal })
  await held.arrived
  leave.abort()
  await expect(reply).rejects.toThrow('abort')
  await held.aborted
  await expect.poll(() => core.inFlight()).toBe(0)
  expect(await core.metrics.render()).toContain('outcome="cancelled"')
})

test('calls beyond what the server takes are told when to come again', async () => {
  const held = heldQuery()
  const { url } = await serveHttp(held.script, { limits: { ...testLimits, maxConcurrent: 1, maxQueued: 0 } })
  const first = post(url, call(1))
  await held.arrived
  for (const reply of [await post(url, call(2)), await post(url, modernCall(), modernHeaders())]) {
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([429, '1'])
    expect(await reply.json()).toMatchObject({ error: { data: { code: 'MCP_OVERLOADED', retryAfterSeconds: 1 } } })
  }
  held.finish()
  expect((await first).status).toBe(200)
})

const turnAway = (): Promise<never> => Promise.reject(new CodedError(poolErrors.POOL_QUEUE_FULL))

test('a full pool is told as a full server is, in both eras', async () => {
  const snowflake = scriptedSnowflake(selectOne)
  const { url } = await serveHttp(selectOne, { connections: { ...snowflake, acquire: turnAway } })
  for (const reply of [await post(url, call(2)), await post(url, modernCall(), modernHeaders())]) {
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([429, '1'])
    expect(await reply.json()).toMatchObject({
      error: { code: -32_000, data: { code: 'POOL_QUEUE_FULL', retryAfterSeconds: 1 } },
    })
  }
})

test('a server that drains finishes what runs and takes nothing new', async () => {
  const held = heldQuery()
  const { url, core } = await serveHttp(held.script)
  const origin = new URL(url).origin
  const running = post(url, call(1))
  await held.arrived
  const drained = core.drain(10_000)
  expect((await fetch(`${origin}/health/ready`)).status).toBe(503)
  expect((await fetch(`${origin}/health/live`)).status).toBe(200)
  const refused = await post(url, call(2))
  expect(refused.status).toBe(503)
  expect(await refused.json()).toMatchObject({ error: { data: { code: 'MCP_SHUTTING_DOWN' } } })
  held.finish()
  await drained
  expect(await (await running).json()).toMatchObject({ result: { structuredContent: { rows: [[1]] } } })
})

test('what does not finish in time is cancelled, and its client is told', async () => {
  const held = heldQuery()
  const { url, core } = await serveHttp(held.script)
  const running = post(url, call(1))
  await held.arrived
  await core.drain(20)
  await held.aborted
  expect(await (await running).json()).toMatchObject({ error: { message: 'The call was cancelled.' } })
})

test.each([
  ['text that is no JSON', '{', 400, -32_700],
  ['nothing', '', 400, -32_700],
  ['a number', '5', 400, -32_600],
  ['an object that is no message', '{}', 400, -32_600],
  ['a wrong JSON-RPC version', { jsonrpc: '1.0', id: 1, method: 'tools/list' }, 400, -32_600],
  ['an empty batch', '[]', 400, -32_600],
  ['a poisoned object', '{"__proto__":{"x":1}}', 400, -32_700],
  ['a body that is too large', JSON.stringify({ x: 'y'.repeat(20_000) }), 413, -32_000],
  [
    'an envelope without capabilities',
    modernCall('list_databases', {}, { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' }),
    400,
    -32_602,
  ],
])('%s is refused in the form of the protocol', async (_name, body, status, code) => {
  const { url } = await serveHttp()
  const reply = await post(url, body)
  expect([reply.status, await reply.json()]).toMatchObject([status, { jsonrpc: '2.0', error: { code } }])
})

test.each([
  ['a method nobody has', { jsonrpc: '2.0', id: 1, method: 'no/such' }, 200, -32_601],
  ['a call without a name', { jsonrpc: '2.0', id: 1, method: 'tools/call', params: {} }, 200, -32_602],
  [
    'a call with arguments that are no object',
    { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'list_views', arguments: 5 } },
    200,
    -32_602,
  ],
  ['an initialize without what it needs', { jsonrpc: '2.0', id: 1, method: 'initialize', params: {} }, 200, -32_602],
])('%s is an error of the call alone', async (_name, body, status, code) => {
  const { url, core } = await serveHttp()
  const reply = await post(url, body)
  expect([reply.status, await reply.json()]).toMatchObject([status, { id: 1, error: { code } }])
  expect(core.sessions.stats().open).toBe(0)
})

test('headers that do not fit are refused', async () => {
  const { url, core } = await serveHttp()
  expect((await post(url, call(1), { accept: 'application/json' })).status).toBe(406)
  expect((await post(url, initializeBody, { accept: 'application/json' })).status).toBe(406)
  expect(core.sessions.stats().open).toBe(0)
  expect((await post(url, 'x', { 'content-type': 'text/plain' })).status).toBe(415)
  expect((await post(url, call(1), { 'mcp-protocol-version': '1999-01-01' })).status).toBe(400)
  expect((await post(url, modernCall(), { ...modernHeaders(), 'mcp-name': 'list_views' })).status).toBe(400)
  expect((await post(url, modernCall(), { ...modernHeaders(), 'mcp-method': 'tools/list' })).status).toBe(400)
  expect((await post(url, call(1), { origin: 'http://evil.example' })).status).toBe(403)
  expect((await post(url, call(1), { origin: 'http://localhost:5173' })).status).toBe(200)
})

test('a name that is rebound to this machine is refused', async () => {
  const { url } = await serveHttp()
  const sent = request(url, { method: 'POST', headers: { ...json, host: 'evil.example' } }).end(JSON.stringify(call(1)))
  // A client request answers with a message.
  const [reply] = (await once(sent, 'response')) as [IncomingMessage]
  reply.resume()
  expect(reply.statusCode).toBe(403)
})

test('a batch of the initialize era is answered as one', async () => {
  const { url } = await serveHttp()
  const reply = await post(url, [call(1), call(2, 'list_databases', {})])
  expect(await reply.json()).toMatchObject([
    { id: 1, result: {} },
    { id: 2, result: {} },
  ])
})

test('health, status and metrics tell what serves and what it did', async () => {
  const { url, core } = await serveHttp()
  const { origin } = new URL(url)
  await post(url, call(1))
  await post(url, call(1, 'no_such_tool'))
  expect(await (await fetch(`${origin}/health`)).json()).toMatchObject({
    status: 'healthy',
    ready: true,
    live: true,
    pool: { size: 2, max: 4 },
  })
  expect(await (await fetch(`${origin}/status`)).json()).toMatchObject({
    server: testInfo,
    backend: { kind: 'embedded', account: 'LOCAL', state: 'up' },
    sessions: { open: 0, implicit: 1 },
    tools: core.tools.map(({ name }) => name),
  })
  const reply = await fetch(`${origin}/metrics`)
  expect(reply.headers.get('content-type')).toContain('text/plain')
  const metrics = await reply.text()
  expect(metrics).toContain('mcp_requests_total{tool="execute_query",outcome="ok",client_type="http_client"} 1')
  expect(metrics).toContain('mcp_requests_total{tool="unknown",outcome="unknown_tool",client_type="http_client"} 1')
  expect(metrics).toContain('mcp_connection_pool_size 2')
  expect(metrics).toContain('mcp_health_status{status="healthy"} 1')
  expect(metrics).toContain('mcp_http_replies_total{status="200"}')
  expect(metrics).toContain('process_cpu_seconds_total')
})

test('a Snowflake that is down makes the server say that it is not ready', async () => {
  const { url } = await serveHttp(selectOne, {
    backend: { kind: 'embedded', account: 'LOCAL', state: () => 'restarting', detail: () => 'coming' },
  })
  const reply = await fetch(`${new URL(url).origin}/health`)
  expect(reply.status).toBe(503)
  expect(await reply.json()).toMatchObject({
    status: 'unhealthy',
    ready: false,
    snowflake: { state: 'restarting', detail: 'coming' },
  })
})

test('fifty clients at once each get their own answer', async () => {
  const { url, core } = await serveHttp((sql) => ({ columns: ['1'], rows: [[sql]] }))
  const calls = Array.from({ length: 50 }, async (_, index) => {
    const query = `SELECT ${index}`
    const reply =
      index % 2 === 0
        ? await post(url, call(index, 'execute_query', { query }))
        : await post(url, modernCall('execute_query', { query }), modernHeaders())
    return reply.json()
  })
  for (const [index, answer] of (await Promise.all(calls)).entries())
    expect(answer).toMatchObject({ result: { structuredContent: { rows: [[`SELECT ${index}\nLIMIT 101`]] } } })
  expect(core.bugs).toEqual([])
})

test('a port in use, and an address that is not ours, are told plainly', async () => {
  const other: Server = createServer().listen(0, '127.0.0.1')
  closeLater(() => new Promise((resolve) => other.close(resolve)))
  await new Promise((resolve) => other.once('listening', resolve))
  // A server that listens on TCP has an address with a port.
  const { port } = other.address() as AddressInfo
  const core = testCore(scriptedSnowflake(selectOne))
  const options = {
    host: '127.0.0.1',
    port,
    allowedHosts: ['127.0.0.1'],
    maxBodyBytes: 1000,
    info: testInfo,
    onError: () => undefined,
  }
  await expect(listenHttp(core, options)).rejects.toMatchObject({
    code: 'MCP_PORT_IN_USE',
    exitCode: 9,
    message: `Cannot listen on 127.0.0.1:${port}: another program listens there.`,
  })
  await expect(listenHttp(core, { ...options, host: '192.0.2.1', port: 0 })).rejects.toMatchObject({ code: 'MCP_CANNOT_LISTEN' })
})
