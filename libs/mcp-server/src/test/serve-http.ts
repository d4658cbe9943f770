// A listening server over a scripted Snowflake, and requests to it as clients of both eras send them.
import { FakeClock, systemClock } from '@squall/time'
import { afterEach } from 'vitest'
import { listenHttp, type HttpListener, type HttpOptions, type ServerCoreOptions } from '../index.ts'
import { scriptedSnowflake, type Script } from './scripted-snowflake.ts'
import { testCore, testInfo, type TestCore } from './test-core.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

export interface Running extends HttpListener {
  readonly core: TestCore
  readonly origin: string
}

export const one: Script = (sql) =>
  sql === 'SHOW DATABASES' ? { columns: ['name'], rows: [['TEST_DB']] } : { columns: ['1:NUMBER(1,0)'], rows: [[1]] }

export interface ServeOptions extends Partial<ServerCoreOptions> {
  readonly script?: Script
  readonly http?: Partial<HttpOptions>
}

/** Closed by itself after the test. */
export async function serveHttp({ script = one, http = {}, ...options }: ServeOptions = {}): Promise<Running> {
  const core = testCore(scriptedSnowflake(script), { clock: systemClock, ...options })
  const listener = await listenHttp(core, {
    host: '127.0.0.1',
    port: 0,
    allowedHosts: ['127.0.0.1'],
    maxBodyBytes: 10_000,
    info: testInfo,
    onError: () => undefined,
    ...http,
  })
  closers.push(async () => {
    await core.drain(0)
    const closed = listener.close()
    // A connection that never carried a request is given up only after a moment.
    if (options.clock instanceof FakeClock) await options.clock.advance(1000)
    await closed
  })
  return { ...listener, core, origin: new URL(listener.url).origin }
}

const plainHeaders = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' }

export function post(url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(url, { method: 'POST', headers: { ...plainHeaders, ...headers }, body: JSON.stringify(body) })
}

const initializeBody = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'claude-code', version: '2' } },
}

/** Opens a session, and gives the header that names it. */
export async function openSession(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly 'mcp-session-id': string }> {
  const reply = await post(url, initializeBody, headers)
  if (reply.status !== 200) throw new Error(`initialize was answered with ${reply.status}: ${await reply.text()}`)
  return { 'mcp-session-id': reply.headers.get('mcp-session-id') ?? '' }
}

export const callBody = (name = 'execute_query', args: object = { query: 'SELECT 1' }): object => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name, arguments: args },
})

/** A call of 2026-07-28, which has no sessions. */
export function postModern(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  name = 'execute_query',
  args: object = { query: 'SELECT 1' },
): Promise<Response> {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': { name: 'cursor-vscode', version: '1' },
  }
  const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args, _meta: meta } }
  return post(url, body, {
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': name,
    ...headers,
  })
}
