import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { FakeClock, systemClock } from '@squall/time'
import { expect, test, vi } from 'vitest'
import { echo, modern, never, TestConnection } from '../test/connect.ts'
import { RawServer, reply, rightAnswer } from '../test/raw-server.ts'

test('a request that meets a connection closed a moment ago is sent again, since it cannot have come to the server', async () => {
  let last: Socket | undefined
  await using server = await RawServer.start((socket, request) => {
    last = socket
    socket.write(reply(rightAnswer(request)))
  })
  await using connection = new TestConnection(`${server.origin}/mcp`, { dialect: modern })
  expect(await connection.request(echo, never)).toMatchObject({ ok: true })
  // The system closes it at once; this side hears of it only after it has written.
  last?.destroy()
  const outcome = await connection.request(echo, never)
  expect(outcome).toMatchObject({ ok: true })
  expect(connection.traffic.bytesSent).toBe(2 * outcome.bytesSent)
  expect(server.requests).toHaveLength(2)
  expect(server.connectionCount).toBe(2)
})

test('a request that came to the server is not sent again, though the server closed the connection without a word', async () => {
  await using server = await RawServer.start((socket, request) => {
    if (request.turn === 1) socket.destroy()
    else socket.write(reply(rightAnswer(request)))
  })
  await using connection = new TestConnection(`${server.origin}/mcp`, { dialect: modern })
  expect(await connection.request(echo, never)).toMatchObject({ ok: true })
  expect(await connection.request(echo, never)).toMatchObject({ code: 'transport.reset' })
  expect(server.requests).toHaveLength(2)
})

test('an idle connection is not used any more when the server said that it would close it', async () => {
  await using server = await RawServer.start(
    (socket, request) =>
      void socket.write(
        reply(rightAnswer(request), { headers: ['content-type: application/json', 'Keep-Alive: timeout=5, max=9'] }),
      ),
  )
  const clock = new FakeClock()
  await using connection = new TestConnection(`${server.origin}/mcp`, { dialect: modern, clock })
  for (const [pauseMs, connections] of [
    [0, 1],
    [3999, 1],
    [4000, 2],
  ] as const) {
    await clock.advance(pauseMs)
    expect(await connection.request(echo, never)).toMatchObject({ ok: true })
    expect(server.connectionCount).toBe(connections)
  }
})

test('a connection that an idle server closes is forgotten', async () => {
  let last: Socket | undefined
  await using server = await RawServer.start((socket, request) => {
    last = socket
    socket.write(reply(rightAnswer(request)))
  })
  await using connection = new TestConnection(`${server.origin}/mcp`, { dialect: modern })
  await connection.request(echo, never)
  last?.end()
  // Only a client that has heard of the end closes its own side.
  await vi.waitFor(() => expect(server.bytesWritten).toBeGreaterThan(0))
  expect(await connection.request(echo, never)).toMatchObject({ ok: true })
  expect(server.requests).toHaveLength(2)
})

test.each([
  [{ 'x-key': 'a\r\nx-injected: b' }, 'the header x-key has a value with characters that no header may have'],
  [{ 'x key': 'a' }, 'the header "x key" cannot be set'],
  [{ 'content-length': '3' }, 'the header "content-length" cannot be set'],
])('a header that cannot be sent ends the call before it leaves: %j', async (headers, message) => {
  await using server = await RawServer.start(() => undefined)
  await using connection = new TestConnection(`${server.origin}/mcp`, { dialect: modern, headers, clock: systemClock })
  expect(await connection.request(echo, never)).toMatchObject({ ok: false, message, bytesSent: 0 })
  expect(server.connectionCount).toBe(0)
})

test('texts beyond ASCII arrive as they are, and a host of one’s own replaces that of the address', async () => {
  await using server = await RawServer.start((socket, request) => void socket.write(reply(rightAnswer(request))))
  await using connection = new TestConnection(`${server.origin}/mcp?a=b`, { dialect: modern, headers: { host: 'example.org' } })
  const request = { ...echo, paramsJson: JSON.stringify({ name: 'echo', arguments: { text: 'grüße €😀' } }) }
  expect(await connection.request(request, never)).toMatchObject({ ok: true })
  expect(server.requests[0]?.head).toMatch(/^POST \/mcp\?a=b HTTP\/1\.1\r\n/)
  expect(server.requests[0]?.head.match(/host: .*/gi)).toEqual(['host: example.org'])
})

test('requests too large for the system to take at once arrive whole and in order, though they are answered before that', async () => {
  let received = ''
  await using server = createServer((socket) => {
    let answered = 0
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
      const ids = [...chunk.toString('latin1').matchAll(/"id":(\d+)/g)].map(([, id = '']) => id)
      for (const id of ids) socket.write(reply(rightAnswer({ id, head: '', turn: answered++ })))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  // It listens on a port, as just asked.
  const { port } = server.address() as AddressInfo
  await using connection = new TestConnection(`http://127.0.0.1:${port}/mcp`, { dialect: modern })
  const request = { ...echo, paramsJson: JSON.stringify({ name: 'echo', arguments: { text: 'x'.repeat(8 * 2 ** 20) } }) }
  const outcomes = [await connection.request(request, never), await connection.request(request, never)]
  expect(outcomes).toMatchObject([{ ok: true }, { ok: true }])
  await vi.waitUntil(() => received.length > 16 * 2 ** 20, { timeout: 10_000 })
  const second = received.indexOf('POST', 1)
  expect(second).toBe(received.indexOf('\r\n\r\n') + 4 + (outcomes[0]?.bytesSent ?? 0))
})

test('who asks again as soon as a stream has brought the answer gets the same connection', async () => {
  await using server = await RawServer.start((socket, request) => {
    const event = `data: ${rightAnswer(request)}\n\n`
    socket.write(reply(event, { headers: ['content-type: text/event-stream'] }))
  })
  await using connection = new TestConnection(`${server.origin}/mcp`, { dialect: modern })
  let answered = 0
  await new Promise<void>((resolve) => {
    const next = (): void => {
      connection.ask(echo, never, ({ ok }) => {
        if (!ok || ++answered === 5) resolve()
        else next()
      })
    }
    next()
  })
  expect(answered).toBe(5)
  expect(server.connectionCount).toBe(1)
})
