import { expect, test } from 'vitest'
import { RecordingProxy, ScriptedServer, freePort } from './index.ts'

const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }

async function post(url: string, message: object, more: Record<string, string> = {}): Promise<Response> {
  return await fetch(url, {
    method: 'POST',
    headers: { ...headers, ...more },
    body: JSON.stringify({ jsonrpc: '2.0', ...message }),
  })
}

const echo = { id: 2, method: 'tools/call', params: { name: 'echo', arguments: { text: 'hi' } } }

test('a legacy client gets a session, and is turned away without it', async () => {
  await using server = await ScriptedServer.start()
  const opened = await post(server.url, { id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25' } })
  const session = opened.headers.get('mcp-session-id') ?? ''
  expect(server.sessions.has(session)).toBe(true)
  expect((await post(server.url, echo)).status).toBe(400)
  const answer = await (await post(server.url, echo, { 'mcp-session-id': session })).json()
  expect(answer).toMatchObject({ id: 2, result: { content: [{ text: 'hi' }] } })
  expect((await fetch(server.url, { method: 'DELETE', headers: { 'mcp-session-id': session } })).status).toBe(200)
  expect((await post(server.url, echo, { 'mcp-session-id': session })).status).toBe(404)
  expect(server.counts.tools.get('echo')).toBe(3)
})

test('a recording proxy passes bytes both ways and counts what the target counted', async () => {
  await using server = await ScriptedServer.start({ replies: 'sse', sessions: false })
  await using proxy = await RecordingProxy.start(server.url)
  for (let call = 0; call < 3; call++) expect(await (await post(proxy.url, echo)).text()).toMatch(/^event: message\ndata: .*hi/)
  expect(proxy.counts.toolCalls).toBe(3)
  expect(proxy.counts).toEqual(server.counts)
})

test('a proxy whose target is gone breaks the connection', async () => {
  await using proxy = await RecordingProxy.start(`http://127.0.0.1:${await freePort()}/mcp`)
  await expect(post(proxy.url, echo)).rejects.toThrow('fetch failed')
})
