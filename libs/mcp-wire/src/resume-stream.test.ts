import { freePort, ScriptedServer } from '@squall/testing'
import { FakeClock } from '@squall/time'
import { expect, test, vi } from 'vitest'
import { echo, never, TestConnection } from './test/connect.ts'

test('a held stream that its client breaks is open again at once, behind the last event seen', async () => {
  await using server = await ScriptedServer.start()
  await using connection = await new TestConnection(server.url).open()
  connection.resumeStream()
  connection.holdStream()
  await vi.waitFor(() => expect(server.openPushStreams).toBe(1))
  const { bytesReceived } = connection.traffic
  server.push({ jsonrpc: '2.0', method: 'notifications/message' }, 'event-7')
  await vi.waitFor(() => expect(connection.traffic.bytesReceived).toBeGreaterThan(bytesReceived))
  connection.resumeStream()
  await vi.waitFor(() => expect(server.seen.filter(({ verb }) => verb === 'GET')).toHaveLength(2))
  const [first, second] = server.seen.filter(({ verb }) => verb === 'GET')
  expect([first?.headers['last-event-id'], second?.headers['last-event-id']]).toEqual([undefined, 'event-7'])
  expect(second?.connection).not.toBe(first?.connection)
  await vi.waitFor(() => expect(server.openPushStreams).toBe(1))
})

test('a stream the server does not offer is not asked for again', async () => {
  await using server = await ScriptedServer.start({ pushStream: false })
  await using connection = await new TestConnection(server.url).open()
  connection.holdStream()
  await vi.waitFor(() => expect(server.sequence.at(-1)).toBe('GET'))
  await connection.request(echo, never)
  connection.resumeStream()
  await connection.request(echo, never)
  expect(server.sequence.filter((entry) => entry === 'GET')).toHaveLength(1)
})

test('a client that never gives up tries its stream again for ever, at most half a minute apart', async () => {
  const clock = new FakeClock()
  const url = `http://127.0.0.1:${await freePort()}/mcp`
  await using connection = new TestConnection(url, { clock, streamRetries: Number.POSITIVE_INFINITY })
  connection.holdStream()
  for (const pauseMs of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
    await vi.waitFor(() => expect(clock.pendingCount).toBe(1))
    await clock.advance(pauseMs - 1)
    expect(clock.pendingCount).toBe(1)
    await clock.advance(1)
  }
})

test('a search for metadata may carry headers of its own', async () => {
  await using server = await ScriptedServer.start()
  await using connection = new TestConnection(server.url, { headers: { 'user-agent': 'x' } })
  await connection.probe('/.well-known/x', never, { 'mcp-protocol-version': '2024-11-05' })
  expect(server.seen[0]?.headers).toMatchObject({ 'user-agent': 'x', 'mcp-protocol-version': '2024-11-05' })
})
