import { afterEach, expect, test } from 'vitest'
import { closeAll, heldQuery, serveHttp } from '../../test/http-server.ts'

afterEach(closeAll)

async function rest(url: string, body: unknown, init: RequestInit = {}): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return fetch(new URL('/mcp/tools/call', url), { method: 'POST', headers, body: text, ...init })
}

test('a tool is called by its name, or as MCP calls it; a reply has a result and no error', async () => {
  const { url } = await serveHttp()
  for (const body of [
    { jsonrpc: '2.0', id: 'a', method: 'execute_query', params: { query: 'SELECT 1' } },
    { id: 'a', method: 'tools/call', params: { name: 'execute_query', arguments: { query: 'SELECT 1' } } },
  ]) {
    const reply = await rest(url, body)
    expect(reply.status).toBe(200)
    const answer = (await reply.json()) as object
    expect(answer).toMatchObject({ jsonrpc: '2.0', id: 'a', result: { structuredContent: { rows: [[1]] } } })
    expect(answer).not.toHaveProperty('error')
  }
  expect(await (await rest(url, { method: 'list_databases' })).json()).toMatchObject({ id: null, result: {} })
})

test.each([
  ['no JSON', '{', 400, -32_700],
  ['nothing', '', 400, -32_700],
  ['a batch', [], 400, -32_600],
  ['no method', { id: 1 }, 400, -32_600],
  ['another JSON-RPC', { jsonrpc: '1.0', id: 1, method: 'list_databases' }, 400, -32_600],
  ['an id that is none', { id: {}, method: 'list_databases' }, 400, -32_600],
  ['params that are none', { id: 1, method: 'list_databases', params: [] }, 400, -32_600],
  ['a call without a name', { id: 1, method: 'tools/call', params: {} }, 400, -32_600],
  ['a call with arguments that are none', { id: 1, method: 'tools/call', params: { name: 'x', arguments: 5 } }, 400, -32_600],
  ['too much', { id: 1, method: 'list_databases', params: { x: 'y'.repeat(20_000) } }, 413, -32_000],
])('%s is refused with an error and no result', async (_, body, status, code) => {
  const { url, core } = await serveHttp()
  const reply = await rest(url, body)
  const answer = (await reply.json()) as object
  expect([reply.status, answer]).toMatchObject([status, { jsonrpc: '2.0', error: { code } }])
  expect(answer).not.toHaveProperty('result')
  expect(await core.metrics.render()).toContain(`mcp_http_replies_total{status="${status}"} 1`)
})

test('what is not there is told in the same form', async () => {
  const { url } = await serveHttp()
  const reply = await fetch(new URL('/nowhere', url))
  expect([reply.status, await reply.json()]).toMatchObject([404, { error: { message: 'Not Found: GET /nowhere' } }])
})

test('a client that goes away cancels its call', async () => {
  const held = heldQuery()
  const { url } = await serveHttp(held.script)
  const leave = new AbortController()
  const reply = rest(url, { id: 1, method: 'execute_query', params: { query: 'SELECT 1' } }, { signal: leave.signal })
  await held.arrived
  leave.abort()
  await expect(reply).rejects.toThrow('abort')
  await held.aborted
})

test('health in detail says what serves and what it does', async () => {
  const { url } = await serveHttp()
  const reply = await fetch(new URL('/health/detailed', url))
  expect([reply.status, await reply.json()]).toMatchObject([
    200,
    { status: 'healthy', live: true, ready: true, sessions: { open: 0 }, calls: { inFlight: 0 } },
  ])
})
