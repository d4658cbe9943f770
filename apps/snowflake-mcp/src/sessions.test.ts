// The life of client sessions on the real program, as clients and operators see it.
import { hash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from '@squall/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { startServer, type RunningServer } from './test/run-server.ts'

const patience = { timeout: 20_000, interval: 50 }

const directory = temporaryDirectory(afterAll)
const keysFile = join(directory, 'keys.json')
const as = (name: string): { authorization: string } => ({ authorization: `Bearer ${name}` })

let server: RunningServer
beforeAll(async () => {
  const keys = ['alice', 'bob'].map((name) => ({ name, sha256: hash('sha256', name), scopes: ['admin'] }))
  writeFileSync(keysFile, JSON.stringify({ keys }))
  const limits = ['--max-sessions', '60', '--max-sessions-per-principal', '40', '--session-idle-ttl-ms', '6000']
  server = await startServer(['--keys-file', keysFile, ...limits])
})
afterAll(async () => {
  await server.stop()
})

type Headers = Readonly<Record<string, string>>

function send(method: string, params: object, headers: Headers): Promise<Response> {
  return fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
}

async function open(headers: Headers, name: string): Promise<Headers> {
  const clientInfo = { name, version: '1' }
  const reply = await send('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo }, headers)
  expect(reply.status).toBe(200)
  return { ...headers, 'mcp-session-id': reply.headers.get('mcp-session-id') ?? '' }
}

const select = { name: 'execute_query', arguments: { query: 'SELECT 1' } }

interface Listed {
  readonly id: string
  readonly principal: string
  readonly clientType: string
  readonly clientName?: string
  readonly isImplicit: boolean
  readonly state: string
  readonly requests: { readonly totalRequests: number; readonly failedRequests: number; readonly meanResponseMs: number }
}

async function listed(): Promise<readonly Listed[]> {
  const reply = await fetch(new URL('/sessions', server.url), { headers: as('alice') })
  return ((await reply.json()) as { readonly sessions: readonly Listed[] }).sessions
}

async function stats(): Promise<Readonly<Record<string, unknown>>> {
  const reply = await fetch(new URL('/status', server.url), { headers: as('alice') })
  return ((await reply.json()) as { readonly sessions: Readonly<Record<string, unknown>> }).sessions
}

test('each kind of client is known by what it says of itself, and has numbers of its own [S6]', async () => {
  const kinds = {
    'claude-ai': 'claude_desktop',
    'claude-code': 'claude_code',
    'Anthropic/ClaudeAI': 'claude_ai',
    'cursor-vscode': 'cursor',
    'Visual Studio Code': 'vscode',
    'Roo Code': 'roo_code',
    'codex-mcp-client': 'codex',
    'gemini-cli-mcp-client': 'gemini',
    'openai-mcp': 'chatgpt',
    'somebody else': 'http_client',
  }
  const sessions = await Promise.all(Object.keys(kinds).map((name) => open(as('alice'), name)))
  const [first = {}] = sessions
  await send('tools/call', select, first)
  await send('tools/call', { name: 'execute_query', arguments: { query: 'SELECT nope' } }, first)
  const socket = new WebSocket(new URL('/ws', server.url.replace('http', 'ws')), 'mcp', { headers: as('alice') })
  await new Promise((resolve) => socket.once('open', resolve))
  const found = await listed()
  const typeOf = Object.fromEntries(found.map(({ clientName, clientType }) => [clientName ?? 'socket', clientType]))
  expect(typeOf).toMatchObject({ ...kinds, socket: 'websocket_client' })
  expect(found.find(({ clientName }) => clientName === 'claude-ai')).toMatchObject({
    principal: 'key:alice',
    state: 'idle',
    requests: { totalRequests: 2, failedRequests: 1, activeRequests: 0, meanResponseMs: expect.any(Number) as number },
  })
  expect(found.find(({ clientType }) => clientType === 'websocket_client')?.state).toBe('streaming')
  // An id is worth a session: the whole of it is shown nowhere.
  for (const { id } of found) expect(id).toMatch(/^[\da-f]{8}…$/)
  expect(await stats()).toMatchObject({ open: 11, streaming: 1, owners: 1, requestsTotal: 2, failedRequestsTotal: 1 })
  socket.terminate()
})

test('a session is of no use to another principal, and the attempt is counted [S6]', async () => {
  const session = await open(as('alice'), 'claude-code')
  const stolen = { ...session, ...as('bob') }
  expect((await send('tools/call', select, stolen)).status).toBe(404)
  expect((await fetch(server.url, { method: 'DELETE', headers: stolen })).status).toBe(404)
  expect((await send('tools/call', select, session)).status).toBe(200)
  expect(await stats()).toMatchObject({ foreignTotal: 2 })
  const metrics = await (await fetch(new URL('/metrics', server.url), { headers: as('alice') })).text()
  expect(metrics).toContain('mcp_session_replays_refused_total 2')
})

test('a hosted connector that never names its session works all the same, as one client [S6]', async () => {
  const connector = { ...as('bob'), 'user-agent': 'Claude-User' }
  for (let call = 0; call < 5; call += 1) {
    await open(connector, 'Anthropic/ClaudeAI')
    expect((await send('tools/call', select, connector)).status).toBe(200)
  }
  const own = (await listed()).filter(({ principal, isImplicit }) => principal === 'key:bob' && isImplicit)
  expect(own).toMatchObject([{ clientType: 'claude_ai', requests: { totalRequests: 5, failedRequests: 0 } }])
})

test('bursts of sessions that nobody ends stay within bounds, cost only who sent them, and are gone when they were idle [S6]', async () => {
  const before = await open(as('bob'), 'cursor-vscode')
  for (let burst = 0; burst < 4; burst += 1) await Promise.all(Array.from({ length: 25 }, () => open(as('alice'), 'claude-code')))
  const found = await listed()
  expect(found.filter(({ principal }) => principal === 'key:alice')).toHaveLength(40)
  expect((await send('tools/call', select, before)).status).toBe(200)
  expect(await stats()).toMatchObject({ endedTotal: { evicted: expect.any(Number) as number } })
  await expect.poll(async () => (await stats())['open'], patience).toBe(0)
  expect((await send('tools/call', select, before)).status).toBe(404)
  expect((await stats())['endedTotal']).toMatchObject({ expired: expect.any(Number) as number })
})
