// The real server as the original's test files set theirs up, and the clients that use it.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { start, type Started } from './programs.ts'
import { ServerCounts } from './server-counts.ts'

/** What `tools/call` answers, as far as these tests look. */
export interface Answer {
  readonly isError?: boolean
  readonly content: readonly { readonly text: string }[]
  readonly structuredContent?: {
    readonly rows: readonly (readonly unknown[])[]
    readonly database: string | null
    readonly requestId: string
  }
}

interface PoolNumbers {
  readonly size: number
  readonly leased: number
  readonly waiting: number
  readonly min: number
  readonly max: number
  readonly discarded: number
}

/** What `/status` tells, as far as these tests look. */
export interface Status {
  readonly pool: PoolNumbers
  readonly sessions: {
    readonly open: number
    readonly requestsTotal: number
    readonly failedRequestsTotal: number
    readonly openByClientType: Readonly<Record<string, number>>
  }
  readonly calls: { readonly inFlight: number; readonly queued: number }
  readonly admission: { readonly multiplexer: { readonly clients: number } }
}

/** One client with its own session. */
export interface OneClient {
  readonly name: string
  readonly sessionId: string
  query(sql: string, place?: { readonly database?: string; readonly schema?: string }): Promise<Answer>
  call(tool: string, args?: Readonly<Record<string, unknown>>): Promise<Answer>
  /** Ends its session. */
  close(): Promise<void>
}

export interface OriginalServer {
  readonly url: string
  readonly counts: ServerCounts
  connect(name: string): Promise<OneClient>
  status(): Promise<Status>
  stop(): Promise<void>
}

/** A statement that holds its session in Snowflake for this long, at no cost for the machine; the values tell it from others. */
export const slowMs = 200
export const slow = (value: number | string): string => `SELECT '${value}' AS slow_mark`
const faults = { latency: { rules: [{ pattern: 'slow_mark', delay: { ms: slowMs } }] } }

/** @param args beside a pool of one to three sessions in Snowflake, as the original's fixture has. */
export async function startOriginalServer(args: readonly string[] = []): Promise<OriginalServer> {
  const program: Started = start('snowflake-mcp', ['--port', '0', '--pool-min', '1', '--pool-max', '3', ...args], {
    env: { SNOWFLAKE_LOCAL_FAULTS: JSON.stringify(faults) },
  })
  const [url] = await program.printed(/http:\/\/127\.0\.0\.1:\d+\/mcp/)
  return {
    url,
    counts: new ServerCounts(url),
    connect: (name) => connect(url, name),
    status: async () => (await (await fetch(new URL('/status', url))).json()) as Status,
    async stop() {
      program.kill('SIGTERM')
      await program.ended
    },
  }
}

async function connect(url: string, name: string): Promise<OneClient> {
  const client = new Client({ name, version: '1.0.0' })
  const transport = new StreamableHTTPClientTransport(new URL(url))
  await client.connect(transport)
  // The server's answers are checked by its own output schemas.
  const call = async (tool: string, args: Readonly<Record<string, unknown>> = {}): Promise<Answer> =>
    (await client.callTool({ name: tool, arguments: { ...args } })) as unknown as Answer
  return {
    name,
    sessionId: transport.sessionId ?? '',
    call,
    query: (query, place = {}) => call('execute_query', { query, ...place }),
    async close() {
      await transport.terminateSession()
      await client.close()
    },
  }
}

/** Calls a tool as somebody who never said hello: one bare request, without a session. */
export async function callBare(url: string, name: string, args: Readonly<Record<string, unknown>> = {}): Promise<Answer> {
  const reply = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }),
  })
  return ((await reply.json()) as { readonly result: Answer }).result
}

/** Makes `count` things, one after another where `make` waits for itself, all at once otherwise. */
export function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index))
}
