import { createServer } from 'node:net'
import { type Fault, freePort, ScriptedServer, type SeenRequest } from '@squall/testing'
import { FakeClock, systemClock } from '@squall/time'
import { expect, test, vi } from 'vitest'
import { StreamableHttpConnection } from './index.ts'
import { echo, identity, legacy, modern, never, TestConnection } from './test/connect.ts'

const onCalls =
  (fault: Fault) =>
  ({ method }: SeenRequest): Fault | undefined =>
    method === 'tools/call' ? fault : undefined

test.each(['json', 'sse'] as const)('a tool call over %s replies comes back checked and measured [L4]', async (replies) => {
  await using server = await ScriptedServer.start({ replies, delayMs: () => 5 })
  await using connection = await new TestConnection(server.url).open()
  const outcome = await connection.request(echo, never)
  expect(outcome).toMatchObject({ ok: true, result: { content: [{ type: 'text', text: 'hi' }] } })
  expect(outcome.bytesSent).toBe(server.seen.at(-1)?.body.length)
  expect(outcome.bytesReceived).toBeGreaterThan(50)
  expect(outcome.doneMs - outcome.sentMs).toBeGreaterThanOrEqual(4)
  expect(outcome.firstByteMs).toBeGreaterThanOrEqual(outcome.sentMs)
  expect(outcome.firstByteMs).toBeLessThanOrEqual(outcome.doneMs)
})

test.each([
  ['wrong-id', 'protocol.wrong_id'],
  ['previous-id', 'protocol.wrong_id'],
  ['is-error', 'tool.is_error'],
  ['input-required', 'tool.input_required'],
  ['cut', 'protocol.truncated'],
  ['reset', 'transport.reset'],
  ['not-json', 'protocol.bad_reply'],
  [{ status: 429, headers: { 'retry-after': '2' } }, 'http.429'],
  [{ status: 500, body: 'oops' }, 'http.500'],
  [{ status: 302, headers: { location: '/elsewhere' } }, 'http.302'],
  [{ status: 202 }, 'protocol.bad_reply'],
  [{ rpcError: -32_602 }, 'rpc.-32602'],
  [{ result: [] }, 'protocol.bad_reply'],
  [{ result: { content: 'hi' } }, 'protocol.bad_reply'],
  [{ result: { resultType: 'partial', content: [] } }, 'protocol.bad_reply'],
  [{ body: '<html>', contentType: 'text/html' }, 'protocol.bad_reply'],
  [{ body: '[{"jsonrpc":"2.0","id":1,"result":{"content":[]}}]', contentType: 'application/json' }, 'protocol.bad_reply'],
  [{ body: '{"jsonrpc":"2.0","id":1}', contentType: 'application/json' }, 'protocol.bad_reply'],
  [{ body: '{"jsonrpc":"2.0","id":1,"result":{},"error":{}}', contentType: 'application/json' }, 'protocol.bad_reply'],
  [{ body: '{"jsonrpc":"2.0","id":1,"error":{"code":"x"}}', contentType: 'application/json' }, 'protocol.bad_reply'],
  [{ body: '{"jsonrpc":"2.0","method":"ping","id":1}', contentType: 'application/json' }, 'protocol.bad_reply'],
  [{ body: '{"id":1,"result":{"content":[]}}', contentType: 'application/json' }, 'protocol.bad_reply'],
  [{ body: '{"jsonrpc":"2.0","result":{"content":[]}}', contentType: 'application/json' }, 'protocol.bad_reply'],
  [{ body: '', contentType: 'application/json' }, 'protocol.bad_reply'],
] as const)('%j is the outcome %s, and the next call is none the worse', async (fault, code) => {
  let faults = 1
  await using server = await ScriptedServer.start({ fault: (seen) => (seen.tool !== '' && faults-- > 0 ? fault : undefined) })
  await using connection = await new TestConnection(server.url).open()
  expect(await connection.request(echo, never)).toMatchObject({ ok: false, code })
  expect(await connection.request(echo, never)).toMatchObject({ ok: true })
})

test.each([
  ['wrong-id', 'protocol.wrong_id'],
  ['cut', 'protocol.truncated'],
  ['no-answer', 'protocol.truncated'],
  ['not-json', 'protocol.bad_reply'],
  ['is-error', 'tool.is_error'],
] as const)('%s on a stream of events is the outcome %s', async (fault, code) => {
  await using server = await ScriptedServer.start({ replies: 'sse', fault: onCalls(fault) })
  await using connection = await new TestConnection(server.url).open()
  expect(await connection.request(echo, never)).toMatchObject({ ok: false, code })
})

test('a doubled answer on a stream counts once, and the double is noted', async () => {
  await using server = await ScriptedServer.start({ replies: 'sse', fault: onCalls('duplicate-id') })
  await using connection = await new TestConnection(server.url).open()
  expect(await connection.request(echo, never)).toMatchObject({ ok: true })
  await vi.waitFor(() => expect(connection.traffic.strayReplies).toBe(1))
})

test('a doubled answer in one body is no answer', async () => {
  await using server = await ScriptedServer.start({ fault: onCalls('duplicate-id') })
  await using connection = await new TestConnection(server.url).open()
  expect(await connection.request(echo, never)).toMatchObject({ ok: false, code: 'protocol.bad_reply' })
})

test('nobody listening is told from a connection that breaks', async () => {
  await using refused = new TestConnection(`http://127.0.0.1:${await freePort()}/mcp`)
  expect(await refused.request(echo, never)).toMatchObject({ ok: false, code: 'transport.refused', bytesSent: 0 })
})

test('a failure keeps the pause the server asks for, and the beginning of what it said', async () => {
  const fault = { status: 429, headers: { 'retry-after': '2' }, body: 'x'.repeat(2000) }
  await using server = await ScriptedServer.start({ fault: onCalls(fault) })
  await using connection = await new TestConnection(server.url).open()
  expect(await connection.request(echo, never)).toMatchObject({ retryAfterMs: 2000, replyExcerpt: 'x'.repeat(500) })
})

test.each([
  [legacy, ['tools/call', 'notifications/cancelled']],
  [modern, ['tools/call']],
])('a call that hangs ends after its time, and is cancelled as its era does: %j', async (dialect, said) => {
  await using server = await ScriptedServer.start({ fault: onCalls('hang') })
  const clock = new FakeClock()
  await using connection = new TestConnection(server.url, { clock, dialect, requestTimeoutMs: 30_000 })
  if (dialect === legacy) await connection.open()
  const call = connection.request(echo, never)
  await vi.waitFor(() => expect(server.counts.toolCalls).toBe(1))
  await clock.advance(30_000)
  expect(await call).toMatchObject({ ok: false, code: 'transport.timeout' })
  await vi.waitFor(() => expect(server.sequence.slice(-said.length)).toEqual(said))
  const cancelled = server.seen.filter(({ method }) => method === 'notifications/cancelled')
  expect(cancelled.map(({ params }) => params['requestId'])).toEqual(dialect === legacy ? [1] : [])
})

test('each call has its own time-out, however they overlap', async () => {
  await using server = await ScriptedServer.start({ fault: onCalls('hang') })
  const clock = new FakeClock()
  await using connection = new TestConnection(server.url, { clock, dialect: modern, requestTimeoutMs: 100 })
  const ended: number[] = []
  const calls = []
  for (const startMs of [0, 60]) {
    await clock.advance(startMs)
    calls.push(connection.request(echo, never).then(({ doneMs }) => ended.push(doneMs)))
    await vi.waitFor(() => expect(server.counts.toolCalls).toBe(calls.length))
  }
  await clock.advance(200)
  await Promise.all(calls)
  expect(ended).toEqual([100, 160])
})

test('an abort ends the calls under way as stopped, and those after it before they leave', async () => {
  await using server = await ScriptedServer.start({ fault: onCalls('hang') })
  await using connection = await new TestConnection(server.url).open()
  const run = new AbortController()
  const calls = [connection.request(echo, run.signal), connection.request(echo, run.signal)]
  await vi.waitFor(() => expect(server.counts.toolCalls).toBe(2))
  run.abort()
  for (const outcome of await Promise.all(calls)) {
    expect(outcome).toMatchObject({ ok: false, code: 'stopped' })
    expect(outcome.bytesSent).toBeGreaterThan(0)
  }
  expect(await connection.request(echo, run.signal)).toMatchObject({ ok: false, code: 'stopped', bytesSent: 0 })
  expect(server.counts.toolCalls).toBe(2)
})

test('a server hears of the calls that were cut, though the client leaves at once', async () => {
  await using server = await ScriptedServer.start({ fault: onCalls('hang') })
  const connection = await new TestConnection(server.url).open()
  const run = new AbortController()
  const call = connection.request(echo, run.signal)
  await vi.waitFor(() => expect(server.counts.toolCalls).toBe(1))
  run.abort()
  await call
  await connection.close('abandon')
  expect(server.sequence.at(-1)).toBe('notifications/cancelled')
})

test('parallel calls take a socket each, calls in turn share one', async () => {
  await using server = await ScriptedServer.start({ delayMs: () => 20 })
  await using connection = await new TestConnection(server.url).open()
  for (let call = 0; call < 3; call++) await connection.request(echo, never)
  expect(server.connectionCount).toBe(1)
  const outcomes = await Promise.all([1, 2, 3].map(() => connection.request(echo, never)))
  expect(outcomes.every(({ ok }) => ok)).toBe(true)
  expect(server.connectionCount).toBe(3)
})

test('without keep-alive every call takes a new socket', async () => {
  await using server = await ScriptedServer.start({ sessions: false })
  await using connection = new TestConnection(server.url, { keepAlive: false })
  for (let call = 0; call < 3; call++) expect(await connection.request(echo, never)).toMatchObject({ ok: true })
  expect(server.connectionCount).toBe(3)
})

test('a client that does not echo its session is turned away by a server that insists', async () => {
  await using server = await ScriptedServer.start()
  await using connection = await new TestConnection(server.url, { echoesSession: false }).open()
  expect(await connection.request(echo, never)).toMatchObject({ code: 'http.400' })
})

test('an unknown session is status 404, and a new handshake opens another', async () => {
  await using server = await ScriptedServer.start()
  await using connection = await new TestConnection(server.url).open()
  server.sessions.clear()
  expect(await connection.request(echo, never)).toMatchObject({ code: 'http.404' })
  await connection.open()
  expect(await connection.request(echo, never)).toMatchObject({ ok: true })
  expect(server.seen.filter(({ method }) => method === 'initialize').map(({ headers }) => headers['mcp-session-id'])).toEqual([
    undefined,
    undefined,
  ])
})

test('in the modern era a JSON-RPC error under status 400 or 404 is told by its code', async () => {
  await using server = await ScriptedServer.start({ era: 'legacy', sessions: false })
  await using connection = new TestConnection(server.url, { dialect: modern })
  expect(await connection.request({ method: 'server/discover', paramsJson: '{}' }, never)).toMatchObject({ code: 'rpc.-32000' })
})

test('a name that cannot stand in a header travels in Base64', async () => {
  await using server = await ScriptedServer.start()
  await using connection = new TestConnection(server.url, { dialect: modern })
  await connection.request({ method: 'resources/read', name: 'demo://ä', paramsJson: '{"uri":"demo://ä"}' }, never)
  expect(server.seen[0]?.headers['mcp-name']).toBe(`=?base64?${Buffer.from('demo://ä').toString('base64')}?=`)
})

test('the server may ask on the held stream, and gets its answer', async () => {
  await using server = await ScriptedServer.start()
  await using connection = await new TestConnection(server.url).open()
  connection.holdStream()
  await vi.waitFor(() => expect(server.openPushStreams).toBe(1))
  server.push({ jsonrpc: '2.0', id: 's1', method: 'roots/list' })
  server.push({ jsonrpc: '2.0', id: 's2', method: 'ping' })
  server.push({ jsonrpc: '2.0', id: 's3', method: 'sampling/createMessage' })
  server.push({ jsonrpc: '2.0', method: 'notifications/message' })
  await vi.waitFor(() => expect(server.seen.filter(({ method, verb }) => method === '' && verb === 'POST')).toHaveLength(3))
  const answers = server.seen
    .filter(({ method, verb }) => method === '' && verb === 'POST')
    .map(({ body }): unknown => JSON.parse(body))
  expect(answers).toContainEqual({ jsonrpc: '2.0', id: 's1', result: { roots: [] } })
  expect(answers).toContainEqual({ jsonrpc: '2.0', id: 's2', result: {} })
  expect(answers).toContainEqual({ jsonrpc: '2.0', id: 's3', error: { code: -32_601, message: 'Method not found' } })
})

test('an answer that comes on the held stream finds its call', async () => {
  await using server = await ScriptedServer.start({ fault: onCalls('hang') })
  await using connection = await new TestConnection(server.url).open()
  connection.holdStream()
  const call = connection.request(echo, never)
  await vi.waitFor(() => expect([server.openPushStreams, server.counts.toolCalls]).toEqual([1, 1]))
  server.push({ jsonrpc: '2.0', id: 1, result: { content: [] } })
  expect(await call).toMatchObject({ ok: true })
  server.push({ jsonrpc: '2.0', id: 1, result: { content: [] } })
  await vi.waitFor(() => expect(connection.traffic.strayReplies).toBe(1))
})

test('a held stream that ends is opened again behind the last event seen', async () => {
  await using server = await ScriptedServer.start()
  const clock = new FakeClock()
  await using connection = await new TestConnection(server.url, { clock }).open()
  connection.holdStream()
  await vi.waitFor(() => expect(server.openPushStreams).toBe(1))
  server.push({ jsonrpc: '2.0', method: 'notifications/message' }, 'event-7')
  server.endPushStreams()
  await vi.waitFor(async () => {
    await clock.advance(1000)
    expect(server.seen.at(-1)?.headers['last-event-id']).toBe('event-7')
  })
})

test('a server without a stream is left in peace', async () => {
  await using server = await ScriptedServer.start({ pushStream: false })
  const clock = new FakeClock()
  await using connection = await new TestConnection(server.url, { clock }).open()
  connection.holdStream()
  await vi.waitFor(() => expect(server.sequence.at(-1)).toBe('GET'))
  expect(await connection.request(echo, never)).toMatchObject({ ok: true })
  await clock.advance(100_000)
  expect(server.sequence.filter((entry) => entry === 'GET')).toHaveLength(1)
})

test('streams that stay open behind their answers do not pile up sockets', async () => {
  await using server = await ScriptedServer.start({ replies: 'sse', sessions: false, fault: onCalls('answer-and-hold') })
  await using connection = new TestConnection(server.url)
  for (let call = 0; call < 60; call++) expect(await connection.request(echo, never)).toMatchObject({ ok: true })
  expect(server.openAnswers).toBeLessThan(40)
})

test.each(['json', 'sse'] as const)('an answer beyond the limit is given up: %s', async (replies) => {
  await using server = await ScriptedServer.start({ replies, sessions: false, tools: { echo: () => 'x'.repeat(5000) } })
  await using connection = new TestConnection(server.url, { largestReplyBytes: 1000 })
  expect(await connection.request(echo, never)).toMatchObject({ ok: false, code: 'protocol.bad_reply' })
})

test('a body that is no UTF-8, or compressed unasked, is a bad reply', async () => {
  const bodies = [
    'content-type: application/json\r\ncontent-length: 1\r\n\r\n\xff',
    'content-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}',
  ]
  for (const body of bodies) {
    const raw = createServer((socket) => socket.on('data', () => socket.end(Buffer.from(`HTTP/1.1 200 OK\r\n${body}`, 'latin1'))))
    await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve))
    const { port } = raw.address() as { port: number }
    const connection = new TestConnection(`http://127.0.0.1:${port}/mcp`)
    expect(await connection.request(echo, never)).toMatchObject({ ok: false, code: 'protocol.bad_reply' })
    await connection.close('abandon')
    raw.close()
  }
})

test('leaving ends the session only where asked to, and a closed connection sends nothing more', async () => {
  await using server = await ScriptedServer.start()
  const tidy = await new TestConnection(server.url).open()
  await tidy.close('end-session')
  await tidy.close('end-session')
  expect(server.endedSessions).toBe(1)
  const untidy = await new TestConnection(server.url).open()
  await untidy.close('abandon')
  expect(server.endedSessions).toBe(1)
  const seen = server.seen.length
  expect(await untidy.request(echo, never)).toMatchObject({ ok: false, code: 'stopped', bytesSent: 0 })
  untidy.holdStream()
  expect(server.seen).toHaveLength(seen)
})

test('a server that does not answer the leave holds it up for a second at most', async () => {
  await using server = await ScriptedServer.start({ hangOnDelete: true })
  const clock = new FakeClock()
  const connection = await new TestConnection(server.url, { clock }).open()
  const closed = connection.close('end-session')
  await vi.waitFor(() => expect(server.sequence.at(-1)).toBe('DELETE'))
  await clock.advance(1000)
  await closed
  expect(clock.pendingCount).toBe(0)
})

test('a leave that may take longer than a request is held up for a second all the same', async () => {
  await using server = await ScriptedServer.start({ hangOnDelete: true })
  const clock = new FakeClock()
  const connection = await new TestConnection(server.url, { clock, requestTimeoutMs: 300 }).open()
  const closed = connection.close('end-session')
  await vi.waitFor(() => expect(server.sequence.at(-1)).toBe('DELETE'))
  await clock.advance(1000)
  await closed
  expect(clock.pendingCount).toBe(0)
})

test('a target that is no URL of the web is refused with what was expected', () => {
  expect(() => new TestConnection('ftp://example.org')).toThrow('"ftp://example.org" is no address of an MCP server')
  const options = { clock: systemClock, identity, dialect: legacy, headers: {}, requestTimeoutMs: 1, firstRequestId: 0 }
  const flags = { keepAlive: true, echoesSession: true, sendsVersionHeader: true }
  expect(() => new StreamableHttpConnection('nonsense', { ...options, ...flags })).toThrow(
    expect.objectContaining({ code: 'WIRE_BAD_TARGET' }),
  )
})

test('a notification reports how the server took it', async () => {
  let status: number | undefined
  await using server = await ScriptedServer.start({ noticeStatus: () => status })
  const connection = await new TestConnection(server.url).open()
  const told = (): Promise<unknown> => connection.notify('notifications/progress', '{}', never)
  expect(await told()).toMatchObject({ ok: true })
  status = 500
  expect(await told()).toMatchObject({ ok: false, code: 'http.500' })
  status = 0
  expect(await told()).toMatchObject({ ok: false, code: 'transport.reset' })
  await connection.close('abandon')
  expect(await told()).toMatchObject({ ok: false, code: 'stopped' })
  await using refused = new TestConnection(`http://127.0.0.1:${await freePort()}/mcp`)
  expect(await refused.notify('notifications/progress', '{}', never)).toMatchObject({ code: 'transport.refused' })
})

test('a search for metadata ends well whatever the server answers', async () => {
  await using server = await ScriptedServer.start()
  await using connection = new TestConnection(server.url, { headers: { 'x-key': 'k' } })
  await connection.probe('/.well-known/oauth-protected-resource', never)
  expect(server.seen[0]).toMatchObject({ path: '/.well-known/oauth-protected-resource', headers: { 'x-key': 'k' } })
})

test('a search for metadata that meets a stream takes its status and lets it go', async () => {
  await using server = await ScriptedServer.start()
  const clock = new FakeClock()
  await using connection = new TestConnection(server.url, { clock })
  await connection.probe('/mcp', never)
  expect(clock.monotonicMs()).toBe(0)
  await vi.waitFor(() => expect(server.openPushStreams).toBe(0))
  await connection.open()
  expect(await connection.request(echo, never)).toMatchObject({ ok: true })
})

test('a call that waits for its connection when the run ends never leaves, and counts no bytes', async () => {
  await using server = await ScriptedServer.start()
  await using connection = new TestConnection(server.url, { dialect: modern })
  const run = new AbortController()
  const call = connection.request(echo, run.signal)
  run.abort()
  expect(await call).toMatchObject({ ok: false, code: 'stopped', bytesSent: 0 })
  await using later = new TestConnection(server.url, { dialect: modern })
  expect(await later.request(echo, never)).toMatchObject({ ok: true })
  expect(server.counts.toolCalls).toBe(1)
})

test('a stream that cannot be opened is given up after two more attempts', async () => {
  const port = await freePort()
  const clock = new FakeClock()
  await using connection = new TestConnection(`http://127.0.0.1:${port}/mcp`, { clock })
  connection.holdStream()
  await vi.waitFor(() => expect(clock.pendingCount).toBe(1))
  for (const pauseMs of [1000, 2000]) {
    await vi.waitFor(() => expect(clock.pendingCount).toBe(1))
    await clock.advance(pauseMs)
  }
  // The last attempt is refused as well, and arms no further timer.
  expect(await connection.request(echo, never)).toMatchObject({ code: 'transport.refused' })
  await clock.advance(100_000)
  expect(clock.pendingCount).toBe(0)
})
