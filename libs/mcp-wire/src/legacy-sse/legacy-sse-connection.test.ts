import { freePort } from '@squall/testing'
import { FakeClock, systemClock } from '@squall/time'
import { expect, test, vi } from 'vitest'
import { LegacySseConnection, type LegacySseOptions } from '../index.ts'
import { echo, identity, legacy, never } from '../test/connect.ts'
import { OldSseServer } from '../test/old-sse-server.ts'

class TestConnection extends LegacySseConnection implements AsyncDisposable {
  constructor(target: string, options: Partial<LegacySseOptions> = {}) {
    super(target, {
      clock: systemClock,
      identity,
      dialect: legacy,
      requestTimeoutMs: 10_000,
      firstRequestId: 0,
      headers: {},
      keepAlive: true,
      ...options,
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

test('calls are posted where the stream says, with the client’s headers, and answered on the stream [L4]', async () => {
  await using server = await OldSseServer.start()
  await using connection = new TestConnection(server.url, { headers: { authorization: 'Bearer x' } })
  const outcomes = await Promise.all([connection.request(echo, never), connection.request(echo, never)])
  expect(outcomes).toMatchObject([{ ok: true, result: { content: [{ text: 'hi' }] } }, { ok: true }])
  expect(outcomes[0].bytesReceived).toBeGreaterThan(40)
  expect(await connection.notify('notifications/initialized', '{}', never)).toMatchObject({ ok: true, bytesSent: 66 })
  expect(server.paths).toEqual(['GET /sse', ...Array<string>(3).fill('POST /messages?s=1')])
  expect(server.headers.every(({ authorization }) => authorization === 'Bearer x')).toBe(true)
  expect([connection.hasSession, connection.isLost]).toEqual([false, false])
})

test('questions of the server on the stream are answered by POST', async () => {
  await using server = await OldSseServer.start()
  await using connection = new TestConnection(server.url)
  await connection.request(echo, never)
  server.say({ id: 'q', method: 'roots/list' })
  await vi.waitFor(() => expect(server.seen.at(-1)).toMatchObject({ id: 'q', result: { roots: [] } }))
})

test.each(['http://127.0.0.1:1/elsewhere', 'http://['])(
  'an endpoint on another host gets neither messages nor credentials: %s',
  async (endpoint) => {
    await using server = await OldSseServer.start({ endpoint })
    await using connection = new TestConnection(server.url)
    expect(await connection.request(echo, never)).toMatchObject({ ok: false, code: 'protocol.bad_reply', bytesSent: 0 })
  },
)

test.each([
  [{ streamStatus: 401 }, 'http.401'],
  [{ streamStatus: 405 }, 'http.405'],
  [{ contentType: 'text/html' }, 'protocol.bad_reply'],
  [{ postStatus: (): number => 404 }, 'http.404'],
  [{ postStatus: (): number => 0 }, 'transport.reset'],
] as const)('%j is the outcome %s', async (options, code) => {
  await using server = await OldSseServer.start(options)
  await using connection = new TestConnection(server.url)
  expect(await connection.request(echo, never)).toMatchObject({ ok: false, code })
})

test.each([
  ['properly', 'protocol.truncated'],
  ['abruptly', 'transport.reset'],
] as const)('a stream that ends %s under a call is the outcome %s, and the end of the session', async (how, code) => {
  await using server = await OldSseServer.start({ onMessage: (_, server) => server.end(how) })
  await using connection = new TestConnection(server.url)
  expect(await connection.request(echo, never)).toMatchObject({ ok: false, code })
  expect(connection.isLost).toBe(true)
  expect(await connection.request(echo, never)).toMatchObject({ code: 'transport.refused', bytesSent: 0 })
})

test('an event beyond the limit ends the session', async () => {
  await using server = await OldSseServer.start({ onMessage: (_, server) => server.write(`data: ${'x'.repeat(5000)}`) })
  await using connection = new TestConnection(server.url, { largestReplyBytes: 1000 })
  expect(await connection.request(echo, never)).toMatchObject({ ok: false, code: 'protocol.bad_reply' })
})

test('nobody listening is a refusal', async () => {
  await using connection = new TestConnection(`http://127.0.0.1:${await freePort()}/sse`)
  expect(await connection.request(echo, never)).toMatchObject({ ok: false, code: 'transport.refused' })
})

test('a server that speaks no TLS is told from one that is not there', async () => {
  await using server = await OldSseServer.start()
  await using connection = new TestConnection(server.url.replace('http:', 'https:'))
  expect(await connection.request(echo, never)).toMatchObject({ ok: false, code: 'transport.tls', bytesSent: 0 })
})

test('credentials may change while the stream goes on', async () => {
  await using server = await OldSseServer.start()
  await using connection = new TestConnection(server.url, { headers: { 'x-team': 'data' } })
  connection.authorize('Bearer one')
  await connection.request(echo, never)
  connection.authorize('Bearer two')
  await connection.request(echo, never)
  expect(server.headers.map(({ authorization }) => authorization)).toEqual(['Bearer one', 'Bearer one', 'Bearer two'])
  expect(server.headers.every((headers) => headers['x-team'] === 'data')).toBe(true)
})

test('a stream that never names the endpoint costs a call its time', async () => {
  await using server = await OldSseServer.start({ endpoint: '' })
  const clock = new FakeClock()
  await using connection = new TestConnection(server.url, { clock })
  const call = connection.request(echo, never)
  await vi.waitFor(() => expect(server.paths).toEqual(['GET /sse']))
  await clock.advance(10_000)
  expect(await call).toMatchObject({ ok: false, code: 'transport.timeout', bytesSent: 0 })
})

test('a POST whose status never comes gives its socket back when a call’s time is over', async () => {
  await using server = await OldSseServer.start({ postStatus: () => undefined })
  const clock = new FakeClock()
  await using connection = new TestConnection(server.url, { clock })
  expect(await connection.request(echo, never)).toMatchObject({ ok: true })
  expect(await server.connections).toBe(2)
  await clock.advance(10_000)
  await vi.waitFor(async () => expect(await server.connections).toBe(1))
  expect(clock.pendingCount).toBe(0)
  expect(await connection.request(echo, never)).toMatchObject({ ok: true })
  const closing = connection.close()
  await clock.advance(1_000)
  await closing
  expect(clock.pendingCount).toBe(0)
})

test('a call that ends with the run is cancelled, and leaving waits a second at most for that', async () => {
  await using server = await OldSseServer.start({ onMessage: () => undefined })
  const clock = new FakeClock()
  const connection = new TestConnection(server.url, { clock })
  const run = new AbortController()
  const call = connection.request(echo, run.signal)
  await vi.waitFor(() => expect(server.seen).toHaveLength(1))
  run.abort()
  expect(await call).toMatchObject({ ok: false, code: 'stopped' })
  await connection.close()
  expect(server.seen[1]).toMatchObject({ method: 'notifications/cancelled', params: { requestId: 0 } })
  expect(clock.pendingCount).toBe(0)
  expect(await connection.request(echo, never)).toMatchObject({ code: 'stopped' })
})
