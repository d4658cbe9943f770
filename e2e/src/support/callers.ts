// Requests to a running server, as one client or another sends them.
import { setMaxListeners } from 'node:events'

const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }

export interface Sending {
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** Sends one JSON-RPC request. */
export function send(
  url: string,
  method: string,
  params: object,
  { headers: more = {}, signal }: Sending = {},
): Promise<Response> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  return fetch(url, { method: 'POST', body, headers: { ...headers, ...more }, ...(signal && { signal }) })
}

export const select = (query = 'SELECT 1'): object => ({ name: 'execute_query', arguments: { query } })

/** Opens a session, and gives the headers that name it. */
export async function openSession(
  url: string,
  more: Readonly<Record<string, string>> = {},
  name = 'http-client',
): Promise<Readonly<Record<string, string>>> {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name, version: '1' } }
  const reply = await send(url, 'initialize', params, { headers: more })
  await reply.text()
  return { ...more, 'mcp-session-id': reply.headers.get('mcp-session-id') ?? '' }
}

/** What `/status` tells of admission, sessions and calls. */
export interface Status {
  readonly pool: { readonly available: number; readonly max: number }
  readonly calls: { readonly inFlight: number; readonly queued: number }
  readonly sessions: Readonly<Record<string, unknown>>
  readonly admission: {
    readonly breaker: { readonly state: string; readonly openedTotal: number }
    readonly limitsReached: Readonly<Record<string, number>>
    readonly multiplexer: {
      readonly clients: number
      readonly running: number
      readonly waiting: number
      readonly leasesTotal: number
      readonly affinityHitsTotal: number
    }
  }
}

export async function statusOf(url: string, more: Readonly<Record<string, string>> = {}): Promise<Status> {
  return (await (await fetch(new URL('/status', url), { headers: more })).json()) as Status
}

/**
 * Keeps so many calls of one client in flight, until it is told to stop.
 * @returns what stops it, and says how many calls were answered.
 */
export function hammer(url: string, calls: number, more: Readonly<Record<string, string>>): () => Promise<number> {
  const stop = new AbortController()
  setMaxListeners(0, stop.signal)
  let answered = 0
  const keepCalling = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const reply = await send(url, 'tools/call', select(), { headers: more, signal: stop.signal })
      await reply.text()
      answered += reply.status === 200 ? 1 : 0
    }
  }
  // A call that is cut off is how it ends.
  const running = Array.from({ length: calls }, () => keepCalling().catch(() => undefined))
  return async () => {
    const total = answered
    stop.abort()
    await Promise.all(running)
    return total
  }
}
