import { ScriptedServer, type ScriptedServerOptions, type SeenRequest } from '@squall/testing'
import { expect, test } from 'vitest'
import { planFor } from '../test/plan.ts'
import { runClient } from '../test/run-client.ts'
import { clientKinds } from './client-kinds.ts'

/** What was seen of a real program, written down independently of the table that imitates it. */
interface Observed {
  readonly kind: string
  readonly evidence: 'captured' | 'reported' | 'assumed'
  readonly server: ScriptedServerOptions
  /** Requests in groups: those of one group travel side by side, so their order is not fixed. The flow's own call is `tools/call`. */
  readonly sequence: readonly (readonly string[])[]
  /** Headers and parameters of the first request with this name. */
  readonly requests?: Readonly<
    Record<
      string,
      { readonly headers?: object; readonly without?: readonly string[]; readonly params?: object; readonly id?: string | number }
    >
  >
  /** Requests that were seen on sockets of their own. */
  readonly apart?: readonly (readonly [string, string])[]
}

const initialized = 'notifications/initialized'
const legacy = { era: 'legacy' } as const
const wellKnown = (name: string): string => `GET /.well-known/${name}`

const observations: readonly Observed[] = [
  {
    kind: 'claude_code',
    evidence: 'captured',
    server: legacy,
    sequence: [['server/discover'], ['initialize'], [initialized], ['GET', 'tools/list'], ['tools/call']],
    requests: {
      'server/discover': {
        id: 'server-discover-probe-1',
        headers: {
          'user-agent': 'claude-code/2.1.330 (sdk-cli)',
          'mcp-protocol-version': '2026-07-28',
          'mcp-method': 'server/discover',
        },
        without: ['mcp-session-id'],
      },
      initialize: {
        params: {
          protocolVersion: '2025-11-25',
          clientInfo: { name: 'claude-code', version: '2.1.330' },
          capabilities: { roots: { listChanged: true }, elicitation: { form: {}, url: {} } },
        },
        without: ['mcp-protocol-version', 'mcp-session-id'],
      },
      'tools/list': { headers: { 'mcp-protocol-version': '2025-11-25' } },
    },
    apart: [['GET', 'tools/list']],
  },
  {
    kind: 'claude_code',
    evidence: 'captured',
    server: {},
    sequence: [['server/discover'], ['subscriptions/listen', 'tools/list'], ['tools/call']],
    requests: {
      'subscriptions/listen': { id: 'listen:0' },
      'tools/call': {
        headers: { 'mcp-method': 'tools/call', 'mcp-name': 'echo', 'mcp-protocol-version': '2026-07-28' },
        without: ['mcp-session-id'],
        params: {
          _meta: {
            'io.modelcontextprotocol/protocolVersion': '2026-07-28',
            'io.modelcontextprotocol/clientInfo': { name: 'claude-code' },
          },
        },
      },
    },
    apart: [['subscriptions/listen', 'tools/list']],
  },
  {
    kind: 'codex',
    evidence: 'captured',
    server: {},
    // The endpoint itself and seven well-known documents.
    sequence: [
      ['GET'],
      ...[
        'oauth-protected-resource/mcp',
        'oauth-protected-resource',
        'oauth-authorization-server/mcp',
        'openid-configuration/mcp',
      ].map((name) => [wellKnown(name)]),
      ['GET /mcp/.well-known/openid-configuration'],
      [wellKnown('oauth-authorization-server')],
      [wellKnown('openid-configuration')],
      ['initialize'],
      [initialized],
      ['GET', 'tools/list'],
      ['tools/call'],
    ],
    requests: {
      GET: { headers: { 'mcp-protocol-version': '2024-11-05', 'user-agent': 'codex-mcp-client' } },
      initialize: {
        params: { protocolVersion: '2025-06-18', clientInfo: { name: 'codex-mcp-client' }, capabilities: { elicitation: {} } },
      },
      'tools/list': { params: { _meta: { progressToken: 0 } } },
    },
  },
  {
    kind: 'gemini',
    evidence: 'captured',
    server: {},
    sequence: [['initialize'], [initialized], ['GET', 'ping'], ['tools/call']],
    requests: {
      initialize: { headers: { 'user-agent': 'node' }, params: { protocolVersion: '2025-06-18', capabilities: {} } },
      ping: { without: ['mcp-protocol-version'] },
      'tools/call': { without: ['mcp-protocol-version'] },
    },
  },
  {
    kind: 'cursor',
    evidence: 'reported',
    server: {},
    sequence: [
      [wellKnown('oauth-protected-resource')],
      [wellKnown('oauth-authorization-server')],
      ['initialize'],
      [initialized],
      ['GET', 'resources/list'],
      ['tools/list'],
      ['resources/list'],
      ['prompts/list'],
      ['resources/subscribe'],
      ['tools/call'],
    ],
    requests: { initialize: { params: { clientInfo: { name: 'cursor-vscode', version: '1.0.0' } } } },
  },
  {
    kind: 'vscode',
    evidence: 'reported',
    server: {},
    sequence: [['initialize'], [initialized], ['GET', 'tools/list'], ['prompts/list'], ['tools/call'], ['DELETE']],
    requests: {
      initialize: {
        id: 1,
        params: { protocolVersion: '2025-11-25', capabilities: { roots: {}, sampling: {}, elicitation: {} } },
      },
    },
  },
  {
    kind: 'claude_desktop',
    evidence: 'reported',
    server: legacy,
    sequence: [
      ['server/discover'],
      ['initialize'],
      [initialized],
      ['GET', 'tools/list'],
      ['resources/list'],
      ['prompts/list'],
      ['tools/call'],
    ],
    requests: { initialize: { params: { clientInfo: { name: 'claude-ai' } } } },
  },
  {
    kind: 'chatgpt',
    evidence: 'reported',
    server: {},
    sequence: [['server/discover'], ['tools/list'], ['tools/call']],
    requests: {
      'server/discover': { headers: { 'user-agent': 'openai-mcp/1.0.0' } },
      'tools/call': { headers: { 'mcp-protocol-version': '2026-07-28' }, without: ['mcp-session-id'] },
    },
    apart: [
      ['server/discover', 'tools/list'],
      ['tools/list', 'tools/call'],
    ],
  },
  {
    kind: 'chatgpt',
    evidence: 'reported',
    // A server that gives sessions to everybody and insists on none.
    server: { era: 'legacy', sessions: 'offered' },
    sequence: [['server/discover'], ['initialize'], [initialized], ['tools/list'], ['initialize'], [initialized], ['tools/call']],
    requests: { 'tools/call': { without: ['mcp-session-id'] }, 'tools/list': { without: ['mcp-session-id'] } },
    apart: [['initialize', 'tools/call']],
  },
  {
    kind: 'claude_ai',
    evidence: 'reported',
    server: { era: 'legacy', sessions: 'offered' },
    sequence: [['server/discover'], ['initialize'], [initialized], ['tools/list'], ['initialize'], [initialized], ['tools/call']],
    requests: {
      initialize: { headers: { 'user-agent': 'Claude-User' }, params: { clientInfo: { name: 'Anthropic/ClaudeAI' } } },
      'tools/call': { without: ['mcp-session-id'] },
    },
  },
  {
    kind: 'roo_code',
    evidence: 'assumed',
    server: {},
    sequence: [
      ['initialize'],
      [initialized],
      ['GET', 'tools/list'],
      ['resources/list'],
      ['resources/templates/list'],
      ['tools/call'],
    ],
  },
  {
    kind: 'http_client',
    evidence: 'assumed',
    server: {},
    sequence: [['initialize'], [initialized], ['tools/call'], ['DELETE']],
  },
  {
    kind: 'websocket_client',
    evidence: 'assumed',
    server: {},
    sequence: [['initialize'], [initialized], ['tools/call'], ['DELETE']],
  },
]

const flow = [{ callTool: { name: 'echo', arguments: { text: 'ä' } } }]
const nameOf = ({ verb, path, method }: SeenRequest): string => (path === '/mcp' ? method || verb : `${verb} ${path}`)

test.each(observations)('$kind sends what was $evidence, request by request', async (observed) => {
  await using server = await ScriptedServer.start(observed.server)
  const recorder = await runClient(planFor(server.url, flow, { clientKind: observed.kind }))
  expect(recorder.calls.filter(({ errorCode }) => errorCode !== undefined)).toEqual([])
  expect(inGroups(server.sequence, observed.sequence)).toEqual(observed.sequence.map((group) => group.toSorted()))
  for (const [name, { id, headers = {}, without = [], params = {} }] of Object.entries(observed.requests ?? {})) {
    const request = server.seen.find((seen) => nameOf(seen) === name)
    expect(request?.headers, name).toMatchObject(headers)
    expect(request?.params, name).toMatchObject(params)
    for (const header of without) expect(request?.headers, name).not.toHaveProperty([header])
    expect(id === undefined || request?.id === id, name).toBe(true)
  }
  for (const [one, other] of observed.apart ?? []) expect(socketOf(server, one)).not.toBe(socketOf(server, other))
})

test('every kind rests on the evidence that is written down here, and says what it assumes', () => {
  for (const kind of clientKinds) {
    const observed = observations.filter(({ kind: name }) => name === kind.name)
    expect(new Set(observed.map(({ evidence }) => evidence)), kind.name).toEqual(new Set([kind.evidence]))
    expect(kind.source.length, kind.name).toBeGreaterThan(20)
    expect(kind.assumed.length, kind.name).toBeGreaterThan(0)
  }
})

test('a kind that never sends its session back opens one session after the other, as was reported', async () => {
  await using server = await ScriptedServer.start({ era: 'legacy', sessions: 'offered' })
  const recorder = await runClient(planFor(server.url, flow, { clientKind: 'chatgpt' }), { iterations: 8 })
  expect([server.sessions.size, recorder.counters.get('sessionsOpened')]).toEqual([9, 9])
  expect(server.seen.every(({ headers }) => headers['mcp-session-id'] === undefined)).toBe(true)
  expect(server.connectionCount).toBe(server.seen.length)
})

test('a server that insists on sessions turns such a kind away, and that is counted', async () => {
  await using server = await ScriptedServer.start({ era: 'legacy', noticeStatus: () => 400 })
  const recorder = await runClient(planFor(server.url, flow, { clientKind: 'claude_ai' }))
  expect(recorder.codesOf('tools/call')).toEqual([])
  expect(recorder.codesOf('initialize')).toEqual([undefined])
  expect(recorder.codesOf('notifications/initialized')).toEqual(['http.400'])
  expect(server.counts.toolCalls).toBe(0)
})

/** A sequence cut into groups of the same sizes, each sorted. */
function inGroups(sequence: readonly string[], groups: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const left = [...sequence]
  const cut = groups.map((group) => left.splice(0, group.length).toSorted())
  return left.length === 0 ? cut : [...cut, left]
}

const socketOf = (server: ScriptedServer, name: string): number | undefined =>
  server.seen.find((seen) => nameOf(seen) === name)?.connection
