import { RecordingProxy, ScriptedServer } from '@squall/testing'
import { expect, test, vi } from 'vitest'
import { echo, legacy, modern, never, TestConnection } from './test/connect.ts'

const text = 'ä€𝄞'.repeat(2_000)
const long = { method: 'tools/call', name: 'echo', paramsJson: JSON.stringify({ name: 'echo', arguments: { text } }) }

test.each([
  ['json', legacy],
  ['sse', legacy],
  ['json', modern],
  ['sse', modern],
] as const)('all bytes of bodies count, each once, whichever stream they are on: %s, %o', async (replies, dialect) => {
  await using server = await ScriptedServer.start({ replies })
  await using proxy = await RecordingProxy.start(server.url)
  await using connection = new TestConnection(proxy.url, { dialect })
  if (dialect === legacy) await connection.open()
  const allCounted = (): Promise<void> =>
    vi.waitFor(() => {
      const { bytesSent, bytesReceived } = connection.traffic
      expect({ bytesSent, bytesReceived }).toEqual({ bytesSent: proxy.bytesFromClients, bytesReceived: proxy.bytesToClients })
    })
  connection.holdStream()
  await vi.waitFor(() => expect(server.openPushStreams).toBe(1))
  await Promise.all([echo, long].map((request) => connection.request(request, never)))
  server.push({ jsonrpc: '2.0', method: 'notifications/message', params: { data: text } }, 'event-7')
  await vi.waitFor(() => expect(proxy.bytesToClients).toBeGreaterThan(2 * Buffer.byteLength(text)))
  await allCounted()
  connection.resumeStream()
  await connection.request({ method: 'tools/call', name: 'nobody', paramsJson: '{"name":"nobody"}' }, never)
  await connection.notify('notifications/message', '{}', never)
  await allCounted()
})
