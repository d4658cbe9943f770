import { FakeClock, systemClock } from '@squall/time'
import { ScriptedServer } from '@squall/testing'
import { expect, test, vi } from 'vitest'
import { type Cancellation, type ServerNotification, WebSocketConnection } from './index.ts'
import { echo, identity, legacy, modern, never, TestConnection } from './test/connect.ts'
import { say, WsServer } from './test/ws-server.ts'

const progress = (progressToken: unknown): object => ({
  method: 'notifications/progress',
  params: { progressToken, progress: 1 },
})

test('progress that was asked for is told with its delay since the request, and is the first event of its call [L7]', async () => {
  const clock = new FakeClock()
  await using server = await WsServer.start({ 'tools/call': () => undefined })
  const heard: ServerNotification[] = []
  const connection = new WebSocketConnection(server.url, {
    clock,
    identity,
    dialect: legacy,
    requestTimeoutMs: 60_000,
    firstRequestId: 7,
    headers: {},
    observer: { onNotification: (notification) => heard.push(notification) },
  })
  const call = connection.request({ ...echo, wantsProgress: true }, never)
  await vi.waitFor(() => expect(server.seen).toHaveLength(1))
  expect(server.seen[0]?.params?.['_meta']).toEqual({ progressToken: 7 })
  for (const token of [7, 7, 'nobody', {}]) {
    await clock.advance(100)
    say(server.socket, progress(token))
    const count = heard.length + 1
    await vi.waitFor(() => expect(heard).toHaveLength(count))
  }
  expect(heard.map(({ sinceSentMs }) => sinceSentMs)).toEqual([100, 200, undefined, undefined])
  expect(heard[0]).toMatchObject({ method: 'notifications/progress', params: { progress: 1 }, atMs: 100 })
  await clock.advance(100)
  say(server.socket, { id: 7, result: { content: [] } })
  expect(await call).toMatchObject({ ok: true, sentMs: 0, firstEventMs: 100, doneMs: 500 })
  await connection.close('abandon')
})

test('a token for progress stands beside what every modern request says', async () => {
  await using server = await ScriptedServer.start()
  await using connection = new TestConnection(server.url, { dialect: modern, firstRequestId: 3 })
  expect(await connection.request({ ...echo, wantsProgress: true }, never)).toMatchObject({ ok: true })
  expect(server.seen[0]?.params['_meta']).toMatchObject({
    progressToken: 3,
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  })
})

test('what comes on the stream of an answer before the answer belongs to its call', async () => {
  const events = [progress(0), { id: 0, result: { content: [] } }].map(
    (message) => `data: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`,
  )
  const body = { body: events.join(''), contentType: 'text/event-stream' }
  await using server = await ScriptedServer.start({ fault: ({ method }) => (method === 'tools/call' ? body : undefined) })
  const heard: ServerNotification[] = []
  await using connection = new TestConnection(server.url, {
    dialect: modern,
    observer: { onNotification: (notification) => heard.push(notification) },
  })
  const outcome = await connection.request(echo, never)
  expect(outcome.firstEventMs).toBeGreaterThanOrEqual(outcome.sentMs)
  expect(heard).toMatchObject([{ method: 'notifications/progress' }])
  expect(heard[0]?.sinceSentMs).toBeGreaterThanOrEqual(0)
})

test.each([
  [legacy, ['tools/call', 'notifications/cancelled'], 1],
  [modern, ['tools/call'], 0],
] as const)('a call that loses its client’s interest is cancelled, not timed out: %j', async (dialect, said, cancellations) => {
  const clock = new FakeClock()
  await using server = await ScriptedServer.start({
    fault: ({ method }) => (method === 'tools/call' ? 'hang' : undefined),
  })
  const cancelled: Cancellation[] = []
  await using connection = new TestConnection(server.url, {
    clock,
    dialect,
    observer: { onCancelled: (cancellation) => cancelled.push(cancellation) },
  })
  if (dialect === legacy) await connection.open()
  const call = connection.request({ ...echo, cancelAfterMs: 200 }, never)
  await vi.waitFor(() => expect(server.counts.toolCalls).toBe(1))
  await clock.advance(200)
  expect(await call).toMatchObject({ ok: false, code: 'cancelled', doneMs: 200 })
  await vi.waitFor(() => expect(cancelled).toHaveLength(cancellations))
  expect(server.sequence.slice(-said.length)).toEqual(said)
  for (const cancellation of cancelled) expect(cancellation).toEqual({ method: 'tools/call', latencyMs: 0 })
})

test('interest that outlasts the time of a request changes nothing', async () => {
  const clock = new FakeClock()
  await using server = await ScriptedServer.start({ sessions: false, fault: () => 'hang' })
  await using connection = new TestConnection(server.url, { clock })
  const call = connection.request({ ...echo, cancelAfterMs: 9000 }, never)
  await vi.waitFor(() => expect(server.counts.toolCalls).toBe(1))
  await clock.advance(5000)
  expect(await call).toMatchObject({ code: 'transport.timeout' })
})

test('a modern client listens to lists and to the resources it names, under a new id each time', async () => {
  await using server = await ScriptedServer.start()
  await using connection = new TestConnection(server.url, { clock: systemClock, dialect: modern })
  connection.holdStream()
  await vi.waitFor(() => expect(server.openPushStreams).toBe(1))
  connection.holdStream(['demo://a'])
  await vi.waitFor(() => expect(server.seen).toHaveLength(2))
  expect(server.seen.map(({ id }) => id)).toEqual(['listen:0', 'listen:1'])
  expect(server.seen.map(({ params }) => params['notifications'])).toMatchObject([
    { toolsListChanged: true },
    { toolsListChanged: true, resourceSubscriptions: ['demo://a'] },
  ])
})
