import { type Fault, ScriptedServer, type SeenRequest } from '@squall/testing'
import { expect, test } from 'vitest'
import { planFor } from '../test/plan.ts'
import { runClient } from '../test/run-client.ts'
import { clientKinds } from './client-kinds.ts'

const ping = [{ ping: {} }]

test('a session is named in everything a client sends after it got one', async () => {
  await using server = await ScriptedServer.start({ era: 'legacy' })
  await runClient(planFor(server.url, ping, { clientKind: 'claude_code' }))
  const [, , , ...later] = server.seen
  for (const { headers } of later) {
    expect(headers['mcp-protocol-version']).toBe('2025-11-25')
    expect(headers['mcp-session-id']).toBeDefined()
  }
})

test('vscode counts its requests from 1 and ends its session', async () => {
  await using server = await ScriptedServer.start()
  await runClient(planFor(server.url, ping, { clientKind: 'vscode' }))
  expect(server.seen.map(({ id }) => id).filter((id) => id !== undefined)).toEqual([1, 2, 3, 4])
  expect([server.endedSessions, server.sessions.size]).toEqual([1, 0])
})

test('a kind asks only for lists the server says it has', async () => {
  await using server = await ScriptedServer.start({ fault: offerToolsAlone })
  await runClient(planFor(server.url, ping, { clientKind: 'roo_code' }))
  expect(server.sequence.filter((entry) => entry.includes('/list'))).toEqual(['tools/list'])
})

test.each(clientKinds)(
  '$name works in both eras where the plan fixes the version',
  async ({ name, echoesSession, initializesPerCall }) => {
    for (const protocolVersion of ['2025-11-25', '2026-07-28']) {
      await using server = await ScriptedServer.start({ sessions: echoesSession })
      const flow = [{ callTool: { name: 'echo' } }]
      const recorder = await runClient(planFor(server.url, flow, { clientKind: name, protocolVersion }))
      expect(recorder.calls.filter(({ errorCode }) => errorCode !== undefined)).toEqual([])
      expect(recorder.methods).toEqual(
        new Map([...server.counts.methods].filter(([method]) => method !== 'subscriptions/listen')),
      )
      const handshakes = initializesPerCall ? 2 : 1
      expect(recorder.counters.get('sessionsOpened') ?? 0).toBe(protocolVersion === '2025-11-25' ? handshakes : 0)
    }
  },
)

function offerToolsAlone({ method }: SeenRequest): Fault | undefined {
  if (method !== 'initialize') return undefined
  return { result: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'x', version: '1' } } }
}
