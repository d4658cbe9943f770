// An HTTP listener over a scripted Snowflake, and requests to it, for unit tests.
import { FakeClock, systemClock } from '@squall/time'
import { listenHttp, type HttpListener, type HttpOptions, type ServerCore, type ServerCoreOptions } from '../index.ts'
import { scriptedSnowflake, type Script } from './scripted-snowflake.ts'
import { testCore, testInfo, type TestCore } from './test-core.ts'

export interface ServedOverHttp extends HttpListener {
  readonly core: TestCore
  readonly errors: Error[]
}

export const selectOne: Script = (sql) =>
  sql === 'SHOW DATABASES' ? { columns: ['name'], rows: [['TEST_DB']] } : { columns: ['1:NUMBER(1,0)'], rows: [[1]] }

const closers: (() => Promise<unknown>)[] = []

/** Ends all that was served; for `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const close of closers.splice(0).toReversed()) await close()
}

/** Ends something with what is served. */
export function closeLater(close: () => Promise<unknown>): void {
  closers.push(close)
}

export async function serveHttp(
  script: Script = selectOne,
  options: Partial<ServerCoreOptions> = {},
  http: Partial<HttpOptions> & { readonly wrap?: (core: ServerCore) => Partial<ServerCore> } = {},
): Promise<ServedOverHttp> {
  const core = testCore(scriptedSnowflake(script), { clock: systemClock, ...options })
  const errors: Error[] = []
  const { wrap, ...rest } = http
  const listener = await listenHttp(
    { ...core, ...wrap?.(core) },
    {
      host: '127.0.0.1',
      port: 0,
      allowedHosts: ['127.0.0.1', 'localhost'],
      maxBodyBytes: 10_000,
      info: testInfo,
      onError: (error) => errors.push(error),
      ...rest,
    },
  )
  closers.push(async () => {
    await core.drain(0)
    const closed = listener.close()
    // A connection that never carried a request is given up only after a moment.
    if (options.clock instanceof FakeClock) await options.clock.advance(1000)
    await closed
  })
  return { ...listener, core, errors }
}

export const accept = 'application/json, text/event-stream'
export const json = { accept, 'content-type': 'application/json' }

export function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { ...json, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

export const initializeBody = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'claude-code', version: '2' } },
}

/** Opens a session and gives back its id. */
export async function openSession(url: string): Promise<string> {
  const reply = await post(url, initializeBody)
  const id = reply.headers.get('mcp-session-id')
  if (reply.status !== 200 || id === null) throw new Error(`no session: ${reply.status} ${await reply.text()}`)
  return id
}

export const call = (id: number, name = 'execute_query', args: object = { query: 'SELECT 1' }, meta?: object): object => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: args, ...(meta !== undefined && { _meta: meta }) },
})

export const modernMeta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'cursor-vscode', version: '1' },
}

export const modernHeaders = (name = 'execute_query'): Record<string, string> => ({
  'mcp-protocol-version': '2026-07-28',
  'mcp-method': 'tools/call',
  'mcp-name': name,
})

export interface Held {
  readonly script: Script
  /** Resolves when a statement arrived. */
  readonly arrived: Promise<void>
  readonly aborted: Promise<void>
  readonly finish: () => void
}

/** A query that runs until it is told to finish, or is cancelled. */
export function heldQuery(): Held {
  const arrived = Promise.withResolvers<void>()
  const aborted = Promise.withResolvers<void>()
  const finished = Promise.withResolvers<void>()
  const script: Script = async (_sql, { signal }) => {
    arrived.resolve()
    await Promise.race([
      finished.promise,
      new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true })),
    ])
    if (!signal?.aborted) return { columns: ['1'], rows: [[1]] }
    aborted.resolve()
    return new Error('cancelled')
  }
  return { script, arrived: arrived.promise, aborted: aborted.promise, finish: () => finished.resolve() }
}
