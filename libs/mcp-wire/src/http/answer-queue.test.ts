import { ScriptedServer } from '@squall/testing'
import { expect, test, vi } from 'vitest'
import { echo, never, TestConnection } from '../test/connect.ts'

test('a server that asks without end is answered in turn, on a few sockets, and the calls go on', async () => {
  await using server = await ScriptedServer.start()
  await using connection = await new TestConnection(server.url).open()
  connection.holdStream()
  await vi.waitFor(() => expect(server.openPushStreams).toBe(1))
  for (let id = 0; id < 3_000; id++) server.push({ jsonrpc: '2.0', id, method: 'ping' })
  expect(await connection.request(echo, never)).toMatchObject({ ok: true })
  const answered = (): unknown[] => server.seen.filter(({ method, verb }) => verb === 'POST' && method === '').map(({ id }) => id)
  await vi.waitFor(() => expect(answered().length).toBeGreaterThanOrEqual(1_008), { timeout: 30_000 })
  expect(server.connectionCount).toBeLessThanOrEqual(12)
  // Whoever asks later is answered again.
  server.push({ jsonrpc: '2.0', id: 'later', method: 'ping' })
  await vi.waitFor(() => expect(answered()).toContain('later'))
  expect(new Set(answered()).size).toBe(answered().length)
})

test('a client that leaves answers no more', async () => {
  await using server = await ScriptedServer.start()
  const connection = await new TestConnection(server.url).open()
  connection.holdStream()
  await vi.waitFor(() => expect(server.openPushStreams).toBe(1))
  for (let id = 0; id < 500; id++) server.push({ jsonrpc: '2.0', id, method: 'ping' })
  await vi.waitFor(() => expect(server.seen.some(({ verb, method }) => verb === 'POST' && method === '')).toBe(true))
  await connection.close('end-session')
  const told = server.seen.length
  await connection.close('end-session')
  expect(server.seen).toHaveLength(told)
  expect(server.seen.at(-1)?.verb).toBe('DELETE')
})
