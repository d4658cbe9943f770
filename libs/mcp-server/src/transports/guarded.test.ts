import { hash } from 'node:crypto'
import { once } from 'node:events'
import { systemClock } from '@squall/time'
import { WebSocket } from 'ws'
import { afterEach, expect, test } from 'vitest'
import { createAccess } from '../index.ts'
import { openSocket } from '../test/duplex-clients.ts'
import { call, closeAll, initializeBody, json, post, selectOne, serveHttp, type ServedOverHttp } from '../test/http-server.ts'

afterEach(closeAll)

const keyOf = (name: string, scope: 'query' | 'read') => ({ name, sha256: hash('sha256', name), scopes: [scope] })
const as = (name: string): { authorization: string } => ({ authorization: `Bearer ${name}` })

function serveGuarded(): Promise<ServedOverHttp> {
  const keys = [keyOf('alice', 'query'), keyOf('bob', 'query'), keyOf('looker', 'read')]
  const lockOut = { attempts: 100, windowMs: 1000, durationMs: 1000 }
  return serveHttp(selectOne, { access: createAccess({ clock: systemClock, keys, lockOut }) })
}

test('a session is of no use to another principal, who learns nothing of it', async () => {
  const { url, core } = await serveGuarded()
  const opened = await post(url, initializeBody, as('alice'))
  const session = { 'mcp-session-id': opened.headers.get('mcp-session-id') ?? '' }
  expect((await post(url, call(1), { ...session, ...as('alice') })).status).toBe(200)
  const stolen = { ...session, ...as('bob') }
  const replies = [
    await post(url, call(1), stolen),
    await post(url, { jsonrpc: '2.0', id: 1, method: 'ping' }, stolen),
    await fetch(url, { headers: { accept: 'text/event-stream', ...stolen } }),
    await fetch(url, { method: 'DELETE', headers: stolen }),
  ]
  for (const reply of replies) expect([reply.status, await reply.json()]).toMatchObject([404, { error: { code: -32_001 } }])
  expect(core.sessions.stats().open).toBe(1)
})

test('REST wants a key, and a scope for the tool', async () => {
  const { url } = await serveGuarded()
  const rest = (headers: Record<string, string>): Promise<Response> => {
    const body = JSON.stringify({ id: 1, method: 'execute_query', params: { query: 'SELECT 1' } })
    return fetch(new URL('/mcp/tools/call', url), { method: 'POST', headers: { ...json, ...headers }, body })
  }
  expect((await fetch(new URL('/mcp/tools', url))).status).toBe(401)
  const [missing, lacking] = [await rest({}), await rest(as('looker'))]
  expect([missing.status, missing.headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('Bearer')])
  expect([lacking.status, lacking.headers.get('www-authenticate')]).toEqual([403, expect.stringContaining('insufficient_scope')])
  expect(await (await rest(as('alice'))).json()).toMatchObject({ result: { structuredContent: { rows: [[1]] } } })
})

test('a WebSocket wants a key before it is opened, and its calls have the scope of it', async () => {
  const { url, core } = await serveGuarded()
  const refused = new WebSocket(new URL('/ws', url.replace('http', 'ws')), 'mcp')
  const [, reply] = (await once(refused, 'unexpected-response')) as [unknown, { statusCode: number; headers: object }]
  expect(reply).toMatchObject({ statusCode: 401, headers: { 'www-authenticate': expect.stringContaining('Bearer') as string } })
  refused.on('error', () => undefined).terminate()
  expect(core.sessions.stats().openedTotal).toBe(0)
  for (const [name, expected] of [
    ['alice', { result: { structuredContent: { rows: [[1]] } } }],
    ['looker', { error: { data: { code: 'MCP_INSUFFICIENT_SCOPE' } } }],
  ] as const) {
    const socket = await openSocket(url, '/ws', { headers: as(name) })
    for (const message of [initializeBody, call(1)]) {
      const answered = once(socket, 'message')
      socket.send(JSON.stringify(message))
      const text = String((await answered)[0])
      expect(JSON.parse(text)).toMatchObject(message === initializeBody ? { id: 0 } : expected)
    }
  }
})
