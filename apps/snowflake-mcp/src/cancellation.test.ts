// What is cancelled, timed out or abandoned ends in Snowflake, over every transport; the query history says so.
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { startProgram, type RunningProgram } from '@squall/program'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openQueryHistory, type QueryHistory } from './test/query-history.ts'
import { cleanEnvironment, startServer, type RunningServer } from './test/run-server.ts'
import { connectTools, toolClient, type ToolClient } from './test/tool-client.ts'

/** Statements with this word in them take a minute, at no cost for the machine. */
const faults = { latency: { rules: [{ pattern: 'slow_mark', delay: { ms: 60_000 } }] } }
const account = { account: 'LOCAL', user: 'SQUALL', authenticator: 'SNOWFLAKE', password: 'right', database: 'TEST_DB' } as const

let snowflake: RunningProgram
let server: RunningServer
let history: QueryHistory
/** One session in Snowflake, for which nobody waits long; and calls that may take longer than that. */
const oneSession = {
  SNOWFLAKE_POOL_MIN_SIZE: '1',
  SNOWFLAKE_POOL_MAX_SIZE: '1',
  SNOWFLAKE_POOL_ACQUIRE_TIMEOUT_MS: '800',
  SQUALL_MCP_QUERY_TIMEOUT_MS: '2500',
}
const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

beforeAll(async () => {
  snowflake = await startProgram({
    name: 'snowflake-local',
    entry: new URL('../../snowflake-local/src/main.ts', import.meta.url),
    args: ['--host', '127.0.0.1', '--port', '0'],
    env: {
      SNOWFLAKE_LOCAL_USER: account.user,
      SNOWFLAKE_LOCAL_PASSWORD: account.password,
      SNOWFLAKE_LOCAL_FAULTS: JSON.stringify(faults),
    },
  })
  server = await startServer([], { ...environment(), ...oneSession })
  history = await openQueryHistory({ ...account, accessUrl: snowflake.url })
})
afterAll(async () => {
  await history.close()
  await server.stop()
  await snowflake.stop(1000)
})

const environment = (): NodeJS.ProcessEnv => ({
  SNOWFLAKE_ACCOUNT: account.account,
  SNOWFLAKE_USER: account.user,
  SNOWFLAKE_PASSWORD: account.password,
  SNOWFLAKE_DATABASE: account.database,
  SNOWFLAKE_ACCESS_URL: snowflake.url,
})

async function connectStdio(env: NodeJS.ProcessEnv = {}): Promise<ToolClient> {
  const transport = new StdioClientTransport({
    command: fileURLToPath(new URL('../bin/snowflake-mcp', import.meta.url)),
    args: ['--stdio'],
    // Variables without a value are not passed on.
    env: { ...cleanEnvironment(), ...environment(), ...env } as Record<string, string>,
    stderr: 'ignore',
  })
  const client = new Client({ name: 'stdio', version: '1' })
  await client.connect(transport)
  return toolClient(client)
}

/** One connection over WebSocket: the smallest client that can be left in the middle of a call. */
async function openSocket(): Promise<WebSocket> {
  const socket = new WebSocket(server.url.replace('http:', 'ws:').replace('/mcp', '/ws'))
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true })
    socket.addEventListener('error', reject, { once: true })
  })
  const clientInfo = { name: 'socket', version: '1' }
  await ask(socket, 0, 'initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo })
  send(socket, { method: 'notifications/initialized' })
  return socket
}

function send(socket: WebSocket, message: object): void {
  socket.send(JSON.stringify({ jsonrpc: '2.0', ...message }))
}

interface SocketReply {
  readonly id: number
  readonly error?: { readonly message: string }
  readonly result?: { readonly content: readonly { readonly text: string }[] }
}

function ask(socket: WebSocket, id: number, method: string, params: object): Promise<SocketReply> {
  const answer = new Promise<SocketReply>((resolve) => {
    const hear = ({ data }: MessageEvent): void => {
      const reply = JSON.parse(String(data)) as SocketReply
      if (reply.id !== id) return
      socket.removeEventListener('message', hear)
      resolve(reply)
    }
    socket.addEventListener('message', hear)
  })
  send(socket, { id, method, params })
  return answer
}

const slowQuery = (mark: string): string => `SELECT '${mark}' AS slow_mark`
const ended = ['FAILED_WITH_ERROR', 'FAILED_WITH_INCIDENT', 'SUCCESS', 'CANCELED']

/** Waits for the statement's end; gives back its error's number: 604 is that of a statement somebody cancelled. */
async function codeAtEnd(mark: string): Promise<number> {
  const [, code] = await history.until(mark, ...ended)
  return Number(code)
}

/** Through which a client's own program talks, each with a server whose only session in Snowflake is `oneSession`. */
const ways: readonly (readonly [string, (env?: NodeJS.ProcessEnv) => Promise<ToolClient>])[] = [
  ['HTTP with sessions', async () => connectTools(server.url, 'legacy')],
  ['HTTP of 2026-07-28', async () => connectTools(server.url, 'auto')],
  ['stdio', async () => connectStdio(oneSession)],
]

async function cancelsByMessage(tools: ToolClient): Promise<number> {
  const mark = randomUUID()
  const canceller = new AbortController()
  const calling = tools.call('execute_query', { query: slowQuery(mark) }, { signal: canceller.signal })
  // Awaited below: it must not go unheard before that.
  calling.catch(() => undefined)
  await history.until(mark, 'RUNNING')
  canceller.abort(new Error('enough'))
  await expect(calling).rejects.toThrow('enough')
  return codeAtEnd(mark)
}

async function timesOut(tools: ToolClient): Promise<number> {
  const mark = randomUUID()
  const text = await tools.failure('execute_query', { query: slowQuery(mark), timeout_seconds: 1 })
  expect(text).toMatch(/took longer than its limit of 1000 ms and was cancelled\n\[SNOWFLAKE_QUERY_TIMEOUT\]\nHint: /)
  return codeAtEnd(mark)
}

/** While one call holds the only session, another waits for it in vain. */
async function waitsInVain(tools: ToolClient): Promise<void> {
  const mark = randomUUID()
  const holding = tools.failure('execute_query', { query: slowQuery(mark) })
  await history.until(mark, 'RUNNING')
  const waited = await tools.failure('execute_query', { query: 'SELECT 1' })
  expect(waited).toMatch(/\[POOL_WAIT_TIMEOUT\]\nHint: /)
  expect(waited).not.toContain('SNOWFLAKE_QUERY_TIMEOUT')
  const slow = await holding
  expect(slow).toMatch(/\[SNOWFLAKE_QUERY_TIMEOUT\]/)
  expect(slow).not.toContain('POOL_WAIT_TIMEOUT')
  expect(await codeAtEnd(mark)).toBe(604)
}

test('a cancelled call, and one that took too long, end in Snowflake; who waited for a session is told another thing than who was slow [S11]', async () => {
  for (const [way, open] of ways) {
    const tools = await open()
    closers.push(() => tools.client.close())
    expect([way, await cancelsByMessage(tools)]).toEqual([way, 604])
    expect([way, await timesOut(tools)]).toEqual([way, 604])
    await waitsInVain(tools)
    // The session is as good as new.
    expect((await tools.call('execute_query', { query: 'SELECT 1 AS n' })).data).toMatchObject({ rows: [[1]] })
  }
  const socket = await openSocket()
  const mark = randomUUID()
  const params = { name: 'execute_query', arguments: { query: slowQuery(mark) } }
  const answer = ask(socket, 1, 'tools/call', params)
  await history.until(mark, 'RUNNING')
  send(socket, { method: 'notifications/cancelled', params: { requestId: 1, reason: 'enough' } })
  expect(await codeAtEnd(mark)).toBe(604)
  const timedOut = { ...params, arguments: { query: slowQuery(randomUUID()), timeout_seconds: 1 } }
  expect((await ask(socket, 2, 'tools/call', timedOut)).result?.content[0]?.text).toContain('[SNOWFLAKE_QUERY_TIMEOUT]')
  socket.close()
  // Nobody answers a call its client has cancelled.
  void answer
})

test('a client that goes away in the middle of a call leaves nothing running in Snowflake', async () => {
  const leave: Readonly<Record<string, (query: string) => Promise<() => unknown>>> = {
    async http(query) {
      const request = new AbortController()
      const body = JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'execute_query', arguments: { query } },
      })
      const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
      fetch(server.url, { method: 'POST', headers, body, signal: request.signal }).catch(() => undefined)
      return () => request.abort()
    },
    async websocket(query) {
      const socket = await openSocket()
      send(socket, { id: 1, method: 'tools/call', params: { name: 'execute_query', arguments: { query } } })
      return () => socket.close()
    },
    async stdio(query) {
      const tools = await connectStdio()
      tools.call('execute_query', { query }).catch(() => undefined)
      return () => tools.client.close()
    },
  }
  for (const [way, start] of Object.entries(leave)) {
    const mark = randomUUID()
    const goAway = await start(slowQuery(mark))
    await history.until(mark, 'RUNNING')
    await goAway()
    expect([way, await codeAtEnd(mark)]).toEqual([way, 604])
  }
})
