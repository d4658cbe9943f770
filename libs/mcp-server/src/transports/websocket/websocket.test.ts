import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { WebSocket } from 'ws'
import { FakeClock } from '@squall/time'
import { afterEach, expect, test } from 'vitest'
import { openSocket, transports } from '../../test/duplex-clients.ts'
import { call, closeAll, closeLater, heldQuery, modernMeta, selectOne, serveHttp } from '../../test/http-server.ts'
import { testLimits } from '../../test/test-core.ts'

afterEach(closeAll)

async function next(socket: WebSocket): Promise<Record<string, unknown>> {
  return JSON.parse(String((await once(socket, 'message'))[0])) as Record<string, unknown>
}

const send = (socket: WebSocket, message: object): void => socket.send(JSON.stringify({ jsonrpc: '2.0', ...message }))

const initialize = {
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'cursor', version: '1' } },
}

test.each(['/ws', '/mcp'])(
  'a client of the initialize era is served at %s, with a session for as long as it stays',
  async (path) => {
    const { url, core } = await serveHttp()
    const socket = await openSocket(url, path)
    expect(socket.protocol).toBe('mcp')
    send(socket, initialize)
    expect(await next(socket)).toMatchObject({ id: 0, result: { protocolVersion: '2025-06-18' } })
    send(socket, call(1))
    expect(await next(socket)).toMatchObject({ id: 1, result: { structuredContent: { rows: [[1]] } } })
    expect(core.sessions.stats()).toMatchObject({
      open: 1,
      streaming: 1,
      requestsTotal: 1,
      openByClientType: { websocket_client: 1 },
    })
    socket.close()
    await expect.poll(() => core.sessions.stats().open).toBe(0)
  },
)

test('a client of the modern era is served without a handshake', async () => {
  const { url } = await serveHttp()
  const socket = await openSocket(url)
  send(socket, { id: 'a', method: 'server/discover', params: { _meta: modernMeta } })
  expect(await next(socket)).toMatchObject({ id: 'a', result: { supportedVersions: ['2026-07-28'] } })
  send(socket, call(2, 'execute_query', { query: 'SELECT 1' }, modernMeta))
  expect(await next(socket)).toMatchObject({ id: 2, result: { resultType: 'complete' } })
})

test.each([
  ['no JSON', '{', -32_700],
  ['no message', '{"jsonrpc":"2.0"}', -32_600],
  ['a batch', '[]', -32_600],
])('%s is answered as such, counted, and does no harm to the next message', async (_, text, code) => {
  const { url, core } = await serveHttp()
  const socket = await openSocket(url)
  socket.send(text)
  expect(await next(socket)).toMatchObject({ id: null, error: { code } })
  send(socket, { id: 1, method: 'ping' })
  expect(await next(socket)).toMatchObject({ id: 1, result: {} })
  expect(await core.metrics.render()).toMatch(/mcp_messages_refused_total\{transport="websocket",reason="\w+"\} 1/)
})

test.each([
  ['a message that is too large', (socket: WebSocket): void => socket.send('x'.repeat(20_000)), 1009],
  ['a binary message', (socket: WebSocket): void => socket.send(Buffer.from('{}')), 1003],
])('%s ends the connection with the right code, and no other', async (_, offend, code) => {
  const { url, core } = await serveHttp()
  const [socket, other] = [await openSocket(url), await openSocket(url)]
  offend(socket)
  expect((await once(socket, 'close'))[0]).toBe(code)
  send(other, { id: 1, method: 'ping' })
  expect(await next(other)).toMatchObject({ id: 1 })
  await expect.poll(() => core.sessions.stats().open).toBe(1)
})

async function refusalOf(url: string, path: string, headers: Record<string, string>): Promise<[number | undefined, string]> {
  const upgrade = {
    connection: 'upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  }
  const sent = request(new URL(path, url), { headers: { ...upgrade, ...headers } }).end()
  const [reply] = (await once(sent, 'response')) as [IncomingMessage]
  let text = ''
  for await (const chunk of reply.setEncoding('utf8')) text += String(chunk)
  return [reply.statusCode, text]
}

test.each([
  ['a name that is rebound to this machine', '/ws', { host: 'evil.example' }, 403],
  ['a page of another site', '/ws', { origin: 'http://evil.example' }, 403],
  ['another path', '/metrics', {}, 404],
  ['another protocol', '/ws', { upgrade: 'h2c' }, 400],
  ['another subprotocol', '/ws', { 'sec-websocket-protocol': 'soap' }, 400],
])('%s is refused before the upgrade', async (_, path, headers, status) => {
  const { url, core } = await serveHttp()
  const [found, text] = await refusalOf(url, path, headers)
  expect(found).toBe(status)
  expect(JSON.parse(text)).toMatchObject({ jsonrpc: '2.0', error: { code: -32_000 } })
  expect(core.sessions.stats().openedTotal).toBe(0)
  expect(await core.metrics.render()).toContain(`mcp_http_replies_total{status="${status}"} 1`)
})

test('a page on this machine may connect, and so may a client that names no subprotocol', async () => {
  const { url } = await serveHttp()
  const socket = new WebSocket(new URL('/ws', url.replace('http', 'ws')), { headers: { origin: 'http://localhost:5173' } })
  await once(socket, 'open')
  closeLater(async () => socket.terminate())
  send(socket, { id: 1, method: 'ping' })
  expect(await next(socket)).toMatchObject({ id: 1 })
})

test('a server full of busy sessions refuses the upgrade', async () => {
  const held = heldQuery()
  const { url, core } = await serveHttp(held.script, { limits: { ...testLimits, maxSessions: 1 } })
  const busy = (await transports['WebSocket']?.(url, core))?.('tools/call', {
    name: 'execute_query',
    arguments: { query: 'SELECT 1' },
  })
  await held.arrived
  expect((await refusalOf(url, '/ws', {}))[0]).toBe(503)
  held.finish()
  expect(await busy).toMatchObject({ id: 7, result: {} })
})

test('a client cancels its call by message, and by leaving', async () => {
  for (const leave of [false, true]) {
    const held = heldQuery()
    const { url, core } = await serveHttp(held.script)
    const socket = await openSocket(url)
    send(socket, initialize)
    await next(socket)
    send(socket, call(5))
    await held.arrived
    if (leave) socket.terminate()
    else send(socket, { method: 'notifications/cancelled', params: { requestId: 5 } })
    await held.aborted
    await expect.poll(() => core.inFlight()).toBe(0)
    expect(await core.metrics.render()).toContain('outcome="cancelled"')
  }
})

test('a client that asks for progress hears once a second that its call runs', async () => {
  const held = heldQuery()
  const clock = new FakeClock()
  const { url } = await serveHttp(held.script, { clock, limits: { ...testLimits, queryTimeoutMs: 60_000 } })
  const socket = await openSocket(url)
  send(socket, initialize)
  await next(socket)
  send(socket, call(5, 'execute_query', { query: 'SELECT 1' }, { progressToken: 'p' }))
  await held.arrived
  for (const seconds of [1, 2]) {
    const told = next(socket)
    await clock.advance(1000)
    expect(await told).toMatchObject({ method: 'notifications/progress', params: { progressToken: 'p', progress: seconds } })
  }
  held.finish()
  expect(await next(socket)).toMatchObject({ id: 5, result: {} })
})

test('a client that answers no ping is gone; one that does stays', async () => {
  const clock = new FakeClock()
  const { url, core } = await serveHttp(selectOne, { clock })
  const alive = await openSocket(url)
  const mute = await openSocket(url, '/ws', { autoPong: false })
  const pinged = Promise.all([once(alive, 'ping'), once(mute, 'ping')])
  await clock.advance(30_000)
  await pinged
  // The answer must have arrived before the next round.
  send(alive, { id: 1, method: 'ping' })
  await next(alive)
  const closed = once(mute, 'close')
  await clock.advance(30_000)
  await closed
  await expect.poll(() => core.sessions.stats().open).toBe(1)
  expect(alive.readyState).toBe(WebSocket.OPEN)
})

/** One masked text frame, as a client sends it. */
function frame(message: object): Buffer {
  const text = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }))
  const head = Buffer.from([0x81, 0x80 | 126, text.length >> 8, text.length & 255, 0, 0, 0, 0])
  return Buffer.concat([head, text])
}

test('a client that does not read is cut off before much waits for it', async () => {
  const row = ['x'.repeat(900_000)]
  const { url, core } = await serveHttp(() => ({ columns: ['1'], rows: [row] }), {
    limits: { ...testLimits, maxResultBytes: 2_000_000 },
  })
  // A socket of our own, as a WebSocket client would read.
  const { port } = new URL(url)
  const raw = connect(Number(port), '127.0.0.1')
  closeLater(async () => raw.destroy())
  raw.write(
    `GET /ws HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
  )
  await once(raw, 'data')
  raw.pause()
  raw.write(frame(initialize))
  for (let id = 1; id <= 60; id += 1) raw.write(frame(call(id)))
  await expect.poll(() => core.sessions.stats().open, { timeout: 10_000 }).toBe(0)
}, 20_000)

test('a server that stops says goodbye', async () => {
  const server = await serveHttp()
  const socket = await openSocket(server.url)
  const goodbye = once(socket, 'close')
  await server.core.drain(0)
  await server.close()
  expect((await goodbye)[0]).toBe(1001)
})
