import { type Fault, ScriptedServer, type SeenRequest } from '@squall/testing'
import { expect, test } from 'vitest'
import { planFor } from '../test/plan.ts'
import { runClient } from '../test/run-client.ts'
import { clientKindNames, clientKinds } from './client-kinds.ts'

const ping = [{ ping: {} }]
const sequenceOf = async (clientKind: string, era: 'legacy' | 'modern' | 'both'): Promise<readonly string[]> => {
  await using server = await ScriptedServer.start({ era })
  await runClient(planFor(server.url, ping, { clientKind }))
  return server.sequence
}

test('claude_code probes, falls back, holds a stream beside tools/list, and leaves without a word, as captured', async () => {
  await using server = await ScriptedServer.start({ era: 'legacy' })
  await runClient(planFor(server.url, ping, { clientKind: 'claude_code' }))
  expect(server.sequence.toSorted()).toEqual(
    ['server/discover', 'initialize', 'notifications/initialized', 'GET', 'tools/list', 'ping'].toSorted(),
  )
  expect(server.sequence.slice(0, 3)).toEqual(['server/discover', 'initialize', 'notifications/initialized'])
  const [probe, handshake, , ...later] = server.seen
  expect(probe?.headers).toMatchObject({
    'user-agent': 'claude-code/2.1.330 (sdk-cli)',
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'server/discover',
  })
  expect(probe?.id).toBe('server-discover-probe-1')
  expect(handshake?.params).toMatchObject({
    protocolVersion: '2025-11-25',
    clientInfo: { name: 'claude-code', version: '2.1.330' },
    capabilities: { roots: { listChanged: true }, elicitation: { form: {}, url: {} } },
  })
  expect(handshake?.headers['mcp-protocol-version']).toBeUndefined()
  for (const { headers } of later) {
    expect(headers['mcp-protocol-version']).toBe('2025-11-25')
    expect(headers['mcp-session-id']).toBeDefined()
  }
  const stream = server.seen.find(({ verb }) => verb === 'GET')
  const list = server.seen.find(({ method }) => method === 'tools/list')
  expect(stream?.connection).not.toBe(list?.connection)
})

test('claude_code speaks the modern era with a server that does, its subscription on a socket of its own', async () => {
  await using server = await ScriptedServer.start()
  await runClient(planFor(server.url, [{ callTool: { name: 'echo', arguments: { text: 'ä' } } }], { clientKind: 'claude_code' }))
  expect(server.sequence.toSorted()).toEqual(['server/discover', 'subscriptions/listen', 'tools/call', 'tools/list'])
  const listen = server.seen.find(({ method }) => method === 'subscriptions/listen')
  const call = server.seen.find(({ method }) => method === 'tools/call')
  expect(listen?.id).toBe('listen:0')
  expect(listen?.connection).not.toBe(call?.connection)
  expect(call?.headers).toMatchObject({ 'mcp-method': 'tools/call', 'mcp-name': 'echo', 'mcp-protocol-version': '2026-07-28' })
  expect(call?.headers['mcp-session-id']).toBeUndefined()
  expect(call?.params['_meta']).toMatchObject({
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'claude-code' },
    'io.modelcontextprotocol/clientCapabilities': { roots: {} },
  })
})

test('codex looks for metadata, holds a stream and lists tools, as captured', async () => {
  const sequence = await sequenceOf('codex', 'legacy')
  expect(sequence.slice(0, 5)).toEqual([
    'GET /.well-known/oauth-protected-resource',
    'GET /.well-known/oauth-authorization-server',
    'GET /.well-known/openid-configuration',
    'initialize',
    'notifications/initialized',
  ])
  expect(sequence.slice(5).toSorted()).toEqual(['GET', 'ping', 'tools/list'])
})

test('gemini_cli never names the protocol version, and pings, as captured', async () => {
  await using server = await ScriptedServer.start()
  await runClient(planFor(server.url, ping, { clientKind: 'gemini_cli' }))
  expect(server.sequence.toSorted()).toEqual(['GET', 'initialize', 'notifications/initialized', 'ping', 'ping'])
  expect(server.seen.every(({ headers }) => headers['mcp-protocol-version'] === undefined)).toBe(true)
})

test('cursor lists resources twice, prompts once, and subscribes, as reported', async () => {
  const sequence = await sequenceOf('cursor', 'legacy')
  expect(sequence.filter((entry) => entry !== 'GET')).toEqual([
    'GET /.well-known/oauth-protected-resource',
    'GET /.well-known/oauth-authorization-server',
    'initialize',
    'notifications/initialized',
    'resources/list',
    'tools/list',
    'resources/list',
    'prompts/list',
    'resources/subscribe',
    'ping',
  ])
})

test('vscode counts its requests from 1 and ends its session, as reported', async () => {
  await using server = await ScriptedServer.start()
  await runClient(planFor(server.url, ping, { clientKind: 'vscode' }))
  expect(server.seen.map(({ id }) => id).filter((id) => id !== undefined)).toEqual([1, 2, 3, 4])
  expect(server.sequence.at(-1)).toBe('DELETE')
  expect([server.endedSessions, server.sessions.size]).toEqual([1, 0])
})

test('a kind asks only for lists the server says it has', async () => {
  await using server = await ScriptedServer.start({ fault: offerToolsAlone })
  await runClient(planFor(server.url, ping, { clientKind: 'roo_code' }))
  expect(server.sequence.filter((entry) => entry.includes('/list'))).toEqual(['tools/list'])
})

test.each(clientKindNames)(
  '%s works in both eras where the plan fixes the version, and says on what evidence it rests',
  async (clientKind) => {
    for (const protocolVersion of ['2025-11-25', '2026-07-28']) {
      await using server = await ScriptedServer.start()
      const recorder = await runClient(planFor(server.url, [{ callTool: { name: 'echo' } }], { clientKind, protocolVersion }))
      expect(recorder.calls.filter(({ errorCode }) => errorCode !== undefined)).toEqual([])
      expect(recorder.methods).toEqual(
        new Map([...server.counts.methods].filter(([method]) => method !== 'subscriptions/listen')),
      )
      expect(recorder.counters.get('sessionsOpened') ?? 0).toBe(protocolVersion === '2025-11-25' ? 1 : 0)
    }
    expect(clientKinds.find(({ name }) => name === clientKind)?.source).not.toBe('')
  },
)

function offerToolsAlone({ method }: SeenRequest): Fault | undefined {
  if (method !== 'initialize') return undefined
  return { result: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'x', version: '1' } } }
}
