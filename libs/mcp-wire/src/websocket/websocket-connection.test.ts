import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { freePort, makeCertificates, readPair } from '@squall/testing'
import { FakeClock, systemClock } from '@squall/time'
import { expect, test, vi } from 'vitest'
import { initializeRequest, openConnection, WebSocketConnection, type WebSocketOptions } from '../index.ts'
import { echo, identity, legacy, modern, never } from '../test/connect.ts'
import { say, WsServer } from '../test/ws-server.ts'

class TestConnection extends WebSocketConnection implements AsyncDisposable {
  constructor(target: string, options: Partial<WebSocketOptions> = {}) {
    super(target, {
      clock: systemClock,
      identity,
      dialect: legacy,
      requestTimeoutMs: 10_000,
      firstRequestId: 0,
      headers: {},
      ...options,
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close('abandon')
  }
}

const ask = (method: string): { method: string; paramsJson: string } => ({ method, paramsJson: '{}' })

test('a handshake, a notification and a call travel over one socket with the subprotocol and the headers [L4]', async () => {
  await using server = await WsServer.start()
  await using connection = new TestConnection(server.url, { headers: { authorization: 'Bearer x' } })
  const opened = await connection.request(initializeRequest(identity, legacy), never)
  expect(opened).toMatchObject({ ok: true })
  expect(await connection.notify('notifications/initialized', '{}', never)).toMatchObject({ ok: true, bytesSent: 66 })
  const outcome = await connection.request(echo, never)
  expect(outcome).toMatchObject({ ok: true, result: { content: [{ text: 'hi' }] } })
  expect(outcome.bytesReceived).toBeGreaterThan(40)
  expect(connection.traffic).toEqual({
    bytesSent: opened.bytesSent + 66 + outcome.bytesSent,
    bytesReceived: opened.bytesReceived + outcome.bytesReceived,
    strayReplies: 0,
  })
  expect(server.headers).toMatchObject([{ authorization: 'Bearer x', 'sec-websocket-protocol': 'mcp' }])
  expect(server.seen.map(({ method }) => method)).toEqual(['initialize', 'notifications/initialized', 'tools/call'])
  expect([connection.hasSession, connection.isLost]).toEqual([false, false])
})

test('credentials travel with the request that opens the socket', async () => {
  await using server = await WsServer.start()
  await using connection = new TestConnection(server.url)
  connection.authorize('Bearer token')
  await connection.request(echo, never)
  expect(server.headers).toMatchObject([{ authorization: 'Bearer token' }])
})

test('answers find their calls in whatever order they come', async () => {
  const waiting: unknown[] = []
  await using server = await WsServer.start({
    'tools/call': ({ id }, socket) => {
      waiting.unshift(id)
      if (waiting.length === 3)
        for (const id of waiting) say(socket, { id, result: { content: [{ type: 'text', text: String(id) }] } })
    },
  })
  await using connection = new TestConnection(server.url)
  const outcomes = await Promise.all([1, 2, 3].map(() => connection.request(echo, never)))
  expect(outcomes.map((outcome) => outcome.result)).toMatchObject([0, 1, 2].map((id) => ({ content: [{ text: String(id) }] })))
})

test('a modern call says who asks', async () => {
  await using server = await WsServer.start()
  await using connection = new TestConnection(server.url, { dialect: modern })
  await connection.request(echo, never)
  expect(server.seen[0]?.params).toMatchObject({ _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } })
})

test('questions of the server are answered, notifications heard, and what nobody asked for is noted', async () => {
  await using server = await WsServer.start()
  const heard: string[] = []
  const observer = { onNotification: ({ method }: { method: string }) => heard.push(method) }
  await using connection = new TestConnection(server.url, { observer })
  await connection.request(ask('ping'), never)
  say(server.socket, { id: 'q1', method: 'roots/list' })
  say(server.socket, { id: 'q2', method: 'sampling/createMessage' })
  say(server.socket, { method: 'notifications/message', params: {} })
  say(server.socket, { id: 0, result: {} })
  server.socket.send(Buffer.from('{}'), { binary: true })
  await vi.waitFor(() => expect(server.seen).toHaveLength(3))
  expect(server.seen.slice(1)).toMatchObject([
    { id: 'q1', result: { roots: [] } },
    { id: 'q2', error: { code: -32_601 } },
  ])
  expect(heard).toEqual(['notifications/message'])
  expect(connection.traffic.strayReplies).toBe(2)
})

test('a ping frame is answered with a pong', async () => {
  await using server = await WsServer.start()
  await using connection = new TestConnection(server.url)
  await connection.request(ask('ping'), never)
  const pong = new Promise((resolve) => server.socket.once('pong', (data: Buffer) => resolve(data.toString())))
  server.socket.ping('are you there')
  expect(await pong).toBe('are you there')
})

test.each([
  ['a going-away', 1001, 'maintenance', 'ws.1001', 'the server closed the socket with code 1001: maintenance'],
  ['an error', 1011, '', 'ws.1011', 'the server closed the socket with code 1011'],
  ['a code of its own', 4003, 'quota', 'ws.4003', 'the server closed the socket with code 4003: quota'],
] as const)('%s of the server under a call is told by its close code', async (_, closeCode, reason, code, message) => {
  await using server = await WsServer.start({ 'tools/call': (_, socket) => socket.close(closeCode, reason) })
  await using connection = new TestConnection(server.url)
  expect(await connection.request(echo, never)).toMatchObject({ ok: false, code, message })
  expect(connection.isLost).toBe(true)
  expect(await connection.request(echo, never)).toMatchObject({ code: 'transport.refused', message, bytesSent: 0 })
})

test('a socket that breaks without a word resets its calls', async () => {
  await using server = await WsServer.start({ 'tools/call': (_, socket) => socket.terminate() })
  await using connection = new TestConnection(server.url)
  expect(await connection.request(echo, never)).toMatchObject({ ok: false, code: 'transport.reset' })
})

test.each([401, 404, 503])('a server that refuses the socket with status %s is told by it', async (status) => {
  await using server = await WsServer.start({}, status)
  await using connection = new TestConnection(server.url)
  expect(await connection.request(echo, never)).toMatchObject({ ok: false, code: `http.${status}`, bytesSent: 0 })
})

test('nobody listening is a refusal', async () => {
  await using connection = new TestConnection(`ws://127.0.0.1:${await freePort()}/`)
  expect(await connection.request(echo, never)).toMatchObject({ ok: false, code: 'transport.refused' })
})

test('a message beyond the limit is a bad reply, and costs the socket', async () => {
  await using server = await WsServer.start({ 'tools/call': (_, socket) => socket.send('x'.repeat(5000)) })
  await using connection = new TestConnection(server.url, { largestMessageBytes: 1000 })
  expect(await connection.request(echo, never)).toMatchObject({ ok: false, code: 'protocol.bad_reply' })
  await vi.waitFor(() => expect(server.closeCodes).toEqual([1009]))
})

test('a call without answer times out or stops with the run, and is cancelled by its id', async () => {
  await using server = await WsServer.start({ 'tools/call': () => undefined })
  const clock = new FakeClock()
  await using connection = new TestConnection(server.url, { clock, firstRequestId: 5 })
  const late = connection.request(echo, never)
  await vi.waitFor(() => expect(server.seen).toHaveLength(1))
  await clock.advance(10_000)
  expect(await late).toMatchObject({ ok: false, code: 'transport.timeout' })
  const run = new AbortController()
  const cut = connection.request(echo, run.signal)
  await vi.waitFor(() => expect(server.seen).toHaveLength(3))
  run.abort()
  expect(await cut).toMatchObject({ ok: false, code: 'stopped' })
  expect(await connection.request(echo, run.signal)).toMatchObject({ code: 'stopped', bytesSent: 0 })
  await vi.waitFor(() => expect(server.seen).toHaveLength(4))
  const cancelled = server.seen.filter(({ method }) => method === 'notifications/cancelled')
  expect(cancelled.map(({ params }) => params?.['requestId'])).toEqual([5, 6])
})

test('a server that never completes the handshake costs a call its time, and leaving does not wait for it', async () => {
  const mute = createServer((socket) => socket.resume())
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
  // A listening server of TCP has such an address.
  const { port } = mute.address() as { port: number }
  const clock = new FakeClock()
  const connection = new TestConnection(`ws://127.0.0.1:${port}/`, { clock })
  const call = connection.request(echo, never)
  await clock.advance(10_000)
  expect(await call).toMatchObject({ ok: false, code: 'transport.timeout', bytesSent: 0 })
  await connection.close('end-session')
  expect(clock.pendingCount).toBe(0)
  await new Promise((resolve) => mute.close(resolve))
})

test('a client that ends its session closes normally, one that abandons it just goes', async () => {
  await using server = await WsServer.start()
  for (const leaving of ['end-session', 'abandon'] as const) {
    const connection = new TestConnection(server.url)
    await connection.request(ask('ping'), never)
    await connection.close(leaving)
    await connection.close(leaving)
    expect(await connection.request(ask('ping'), never)).toMatchObject({ code: 'stopped', bytesSent: 0 })
  }
  await vi.waitFor(() => expect(server.closeCodes).toEqual([1000, 1006]))
  await new TestConnection(server.url).close('end-session')
  expect(server.headers).toHaveLength(2)
})

test('over TLS a client trusts the authority it was given, and shows its certificate', async () => {
  using certificates = makeCertificates()
  const { cert, key } = readPair(certificates.server)
  const ca = readFileSync(certificates.ca, 'utf8')
  const asked = { cert, key, ca, requestCert: true, rejectUnauthorized: true }
  await using server = await WsServer.start({}, 0, asked)
  await using trusting = new TestConnection(server.url, { tls: { ca: [ca], ...readPair(certificates.client) } })
  expect(await trusting.request(echo, never)).toMatchObject({ ok: true })
  await using named = new TestConnection(server.url.replace('wss', 'https'), {
    tls: { ca, serverName: 'localhost', ...readPair(certificates.client) },
  })
  expect(await named.request(echo, never)).toMatchObject({ ok: true })
  await using mistrusting = new TestConnection(server.url)
  expect(await mistrusting.request(echo, never)).toMatchObject({ ok: false, code: 'transport.tls', bytesSent: 0 })
})

test('a way through a proxy is refused rather than not taken', () => {
  const settings = { clock: systemClock, identity, dialect: legacy, requestTimeoutMs: 1, firstRequestId: 0, headers: {} }
  const http = { keepAlive: true, echoesSession: true, sendsVersionHeader: true }
  expect(() =>
    openConnection('websocket', 'ws://127.0.0.1:1/', { ...settings, ...http, proxyUrl: 'http://me:hunter2@127.0.0.1:2' }),
  ).toThrow(expect.objectContaining({ code: 'WIRE_NO_PROXY', message: expect.not.stringContaining('hunter2') as string }))
})

test('addresses of the web stand for those of sockets, anything else is refused', () => {
  expect(() => new TestConnection('http://127.0.0.1:1/mcp')).not.toThrow()
  expect(() => new TestConnection('ftp://127.0.0.1/')).toThrow(expect.objectContaining({ code: 'WIRE_BAD_TARGET' }))
})
