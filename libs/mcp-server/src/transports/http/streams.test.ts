import { once } from 'node:events'
import { connect } from 'node:net'
import { FakeClock } from '@squall/time'
import { afterEach, expect, test } from 'vitest'
import {
  accept,
  call,
  closeAll,
  closeLater,
  heldQuery,
  modernHeaders,
  modernMeta,
  openSession,
  post,
  selectOne,
  serveHttp,
} from '../../test/http-server.ts'
import { testLimits } from '../../test/test-core.ts'

afterEach(closeAll)

const patient = { ...testLimits, queryTimeoutMs: 600_000, queueTimeoutMs: 600_000, acquireTimeoutMs: 600_000 }
const asks = (id: number): object => call(id, 'execute_query', { query: 'SELECT 1' }, { progressToken: 'p' })

interface Event {
  readonly id?: string
  readonly data?: string
}

/** Reads one event of a stream after another. */
function eventsOf(response: Response): () => Promise<Event | undefined> {
  const reader = (response.body ?? new ReadableStream<Uint8Array>()).pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  return async () => {
    while (!text.includes('\n\n')) {
      const { value, done } = await reader.read()
      if (done) return undefined
      text += value
    }
    const [event = ''] = text.split('\n\n', 1)
    text = text.slice(event.length + 2)
    // Fields are text, whatever their names.
    return Object.fromEntries(event.split('\n').map((line) => line.split(/: ?(.*)/s, 2))) as Event
  }
}

const dataOf = (event: Event | undefined): unknown => JSON.parse(event?.data ?? 'null')

test.each(['with a session', 'without a session', 'stateless'])(
  'a call %s that asks for progress is answered by a stream that tells of it',
  async (kind) => {
    const held = heldQuery()
    const clock = new FakeClock()
    const { url } = await serveHttp(held.script, { clock, limits: patient })
    const isModern = kind === 'stateless'
    const headers: Record<string, string> = isModern
      ? modernHeaders()
      : kind === 'with a session'
        ? { 'mcp-session-id': await openSession(url) }
        : {}
    const meta = { progressToken: 'p', ...(isModern && modernMeta) }
    const replied = post(url, call(3, 'execute_query', { query: 'SELECT 1' }, meta), headers)
    await held.arrived
    await clock.advance(1000)
    const reply = await replied
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
    const next = eventsOf(reply)
    // Only what belongs to a session can be taken up again, and says so first.
    const first = kind === 'with a session' ? await next() : undefined
    expect(first).toEqual(kind === 'with a session' ? { id: 'call1_0', retry: '1000', data: '' } : undefined)
    expect(dataOf(await next())).toMatchObject({ method: 'notifications/progress', params: { progressToken: 'p', progress: 1 } })
    await clock.advance(1000)
    expect(dataOf(await next())).toMatchObject({ params: { progress: 2, message: 'running for 2 s' } })
    held.finish()
    expect(dataOf(await next())).toMatchObject({ id: 3, result: { structuredContent: { rows: [[1]] } } })
    expect(await next()).toBeUndefined()
  },
)

test('a client that loses its stream comes back for what it missed, while its call goes on', async () => {
  const held = heldQuery()
  const clock = new FakeClock()
  const { url, core } = await serveHttp(held.script, { clock, limits: patient })
  const session = { 'mcp-session-id': await openSession(url) }
  const lost = new AbortController()
  const replied = fetch(url, {
    method: 'POST',
    headers: { accept, 'content-type': 'application/json', ...session },
    body: JSON.stringify(asks(3)),
    signal: lost.signal,
  })
  await held.arrived
  await clock.advance(1000)
  const next = eventsOf(await replied)
  await next()
  const seen = await next()
  expect(seen?.id).toBe('call1_1')
  lost.abort()
  await expect.poll(() => core.sessions.stats().streaming + core.sessions.stats().active).toBe(1)
  await clock.advance(1000)
  const resume = (lastEventId: string): Promise<Response> =>
    fetch(url, { headers: { accept: 'text/event-stream', ...session, 'last-event-id': lastEventId } })
  const again = eventsOf(await resume('call1_1'))
  expect(dataOf(await again())).toMatchObject({ params: { progress: 2 } })
  held.finish()
  expect(dataOf(await again())).toMatchObject({ id: 3, result: {} })
  expect(await again()).toBeUndefined()
  // Even the answer can be asked for again, for a while.
  const late = eventsOf(await resume('call1_2'))
  expect(await late()).toMatchObject({ id: 'call1_3' })
  expect(await late()).toBeUndefined()
  await clock.advance(31_000)
  expect((await resume('call1_2')).status).toBe(400)
  for (const wrong of ['call9_1', 'nonsense', 'call1_-1']) expect((await resume(wrong)).status).toBe(400)
})

test('a call whose client never comes back is cancelled in the end', async () => {
  const held = heldQuery()
  const clock = new FakeClock()
  const { url, core } = await serveHttp(held.script, { clock, limits: patient })
  const session = { 'mcp-session-id': await openSession(url) }
  const replied = post(url, asks(3), session)
  await held.arrived
  await clock.advance(1000)
  await (await replied).body?.cancel()
  await expect.poll(() => core.sessions.stats().active).toBe(1)
  await expect
    .poll(async () => {
      await clock.advance(5000)
      return core.inFlight()
    })
    .toBe(0)
  expect(await core.metrics.render()).toContain('outcome="cancelled"')
})

test('the stream on which the server speaks first is taken up again by its client', async () => {
  const { url } = await serveHttp()
  const session = { 'mcp-session-id': await openSession(url) }
  const open = (headers: Record<string, string> = {}): Promise<Response> =>
    fetch(url, { headers: { accept: 'text/event-stream', ...session, ...headers } })
  const first = await open()
  expect((await open()).status).toBe(409)
  const second = await open({ 'last-event-id': 'push_0' })
  expect(second.status).toBe(200)
  expect(await first.text()).toContain('push_0')
  await second.body?.cancel()
  await expect
    .poll(async () => {
      const third = await open()
      await third.body?.cancel()
      return third.status
    })
    .toBe(200)
})

test('a call that takes long is kept open by a stream, though it asks for no progress', async () => {
  const held = heldQuery()
  const clock = new FakeClock()
  const { url } = await serveHttp(held.script, { clock, limits: patient })
  const replied = post(url, call(3))
  await held.arrived
  await clock.advance(11_000)
  const reply = await replied
  expect(reply.headers.get('content-type')).toBe('text/event-stream')
  await clock.advance(16_000)
  held.finish()
  const text = await reply.text()
  expect(text.match(/: keepalive/g)?.length).toBe(2)
  expect(text).toContain('"id":3,"result"')
})

test('a tool says itself how far it has come', async () => {
  const { url } = await serveHttp(
    selectOne,
    {},
    {
      wrap: () => ({
        async call({ onProgress }) {
          onProgress?.({ progress: 1, total: 2 })
          onProgress?.({ progress: 2, total: 2, message: 'done' })
          return { kind: 'answered', result: { content: [{ type: 'text', text: 'ok' }] } }
        },
      }),
    },
  )
  const text = await (await post(url, asks(1))).text()
  expect(text).toContain('"progress":1,"total":2')
  expect(text).toContain('"progress":2,"total":2,"message":"done"')
  expect(text).toContain('"id":1,"result"')
})

test('a client that does not read its stream is cut off before much waits for it', async () => {
  const { url, core } = await serveHttp(
    selectOne,
    {},
    {
      wrap: () => ({
        call({ onProgress, canceller }) {
          return new Promise((resolve) => {
            let progress = 0
            const tell = (): void => {
              if (canceller.signal.aborted) return resolve({ kind: 'cancelled' })
              onProgress?.({ progress: (progress += 1), message: 'x'.repeat(100_000) })
              setImmediate(tell)
            }
            tell()
          })
        },
      }),
    },
  )
  const body = JSON.stringify(asks(1))
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  closeLater(async () => socket.destroy())
  socket.write(
    `POST /mcp HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: ${accept}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  )
  await once(socket, 'readable')
  // Nothing is read until the server has given up.
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      if (socket.readableEnded || socket.destroyed || core.inFlight() === 0) {
        clearInterval(timer)
        resolve()
      }
    }, 20)
  })
  expect(core.inFlight()).toBe(0)
})

test.each([
  [
    'a body that does not come',
    'POST /mcp HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{',
    408,
  ],
  ['headers without an end', 'POST /mcp HTTP/1.1\r\nhost: 127.0.0.1\r\n', 408],
  ['headers that are too large', `GET /mcp HTTP/1.1\r\nhost: 127.0.0.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
  ['bytes that are no HTTP', 'hello\r\n\r\n', 400],
])('%s is refused in the form of the protocol, counted, and the next client is served', async (_, bytes, status) => {
  const { url, core } = await serveHttp(selectOne, {}, { requestTimeouts: { headersMs: 100, wholeMs: 200, checkEveryMs: 20 } })
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  closeLater(async () => socket.destroy())
  socket.write(bytes)
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  expect(text).toContain(`HTTP/1.1 ${status} `)
  expect(JSON.parse(text.slice(text.indexOf('\r\n\r\n')))).toMatchObject({ jsonrpc: '2.0', error: { code: -32_000 } })
  expect((await post(url, call(1))).status).toBe(200)
  expect(await core.metrics.render()).toContain(`mcp_http_replies_total{status="${status}"} 1`)
})

test('batches are refused where the protocol version knows none, and where they are out of all proportion', async () => {
  const { url } = await serveHttp()
  const session = { 'mcp-session-id': await openSession(url) }
  for (const reply of [
    await post(url, [call(1)], session),
    await post(url, [call(1)], { 'mcp-protocol-version': '2025-06-18' }),
    await post(
      url,
      Array.from({ length: 101 }, () => 1),
    ),
  ])
    expect([reply.status, await reply.json()]).toMatchObject([400, { error: { code: -32_600 } }])
})
