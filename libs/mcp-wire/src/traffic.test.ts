import { RecordingProxy, ScriptedServer } from '@squall/testing'
import { expect, test, vi } from 'vitest'
import { UndiciExchange } from './http/undici-exchange.ts'
import { echo, legacy, modern, never, TestConnection } from './test/connect.ts'

const text = 'ä€𝄞'.repeat(2_000)
const long = { method: 'tools/call', name: 'echo', paramsJson: JSON.stringify({ name: 'echo', arguments: { text } }) }

const cases = (['json', 'sse'] as const).flatMap((replies) =>
  [legacy, modern].flatMap((dialect) => (['socket', 'undici'] as const).map((which) => ({ replies, dialect, which }))),
)

test.each(cases)(
  'all bytes of bodies count, each once, whichever stream they are on: %o',
  async ({ replies, dialect, which }) => {
    await using server = await ScriptedServer.start({ replies })
    await using proxy = await RecordingProxy.start(server.url)
    const { origin } = new URL(proxy.url)
    const undici = which === 'undici' && { exchange: new UndiciExchange(origin, { keepAlive: true, connectTimeoutMs: 5_000 }) }
    await using connection = new TestConnection(proxy.url, { dialect, ...undici })
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
  },
)
