import { request } from 'undici'
import type { LoadRequest } from './load-job.ts'

export interface ToolCall {
  readonly tool: string
  readonly arguments: object
  /** Whether the server is to refuse it. */
  readonly isError: boolean
}

/** MCP before and since 2026-07-28: with a session that `initialize` opens, and without. */
export type Era = 'sessions' | 'stateless'

const clientInfo = { name: 'squall-benchmark', version: '0.0.0' }
const sessionVersion = '2025-11-25'
const statelessVersion = '2026-07-28'
const common = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }

/** The same tool call for each of some clients; where the era has sessions, each client opens one first. */
export async function toRequests(url: string, era: Era, call: ToolCall, clients: number): Promise<LoadRequest[]> {
  if (era === 'stateless') return Array.from({ length: clients }, () => statelessRequest(call))
  return Promise.all(Array.from({ length: clients }, async () => sessionRequest(call, await openSession(url))))
}

/** Makes one call. @returns its JSON-RPC answer. */
export async function callOnce(url: string, { headers, body }: LoadRequest): Promise<{ readonly result: object }> {
  const response = await request(url, { method: 'POST', headers, body })
  const text = await response.body.text()
  if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}: ${text}`)
  // An answer without result is found out by the load program, which looks at every one.
  return JSON.parse(text) as { readonly result: object }
}

function statelessRequest({ tool, arguments: args, isError }: ToolCall): LoadRequest {
  const headers = { ...common, 'mcp-protocol-version': statelessVersion, 'mcp-method': 'tools/call', 'mcp-name': tool }
  const meta = {
    'io.modelcontextprotocol/protocolVersion': statelessVersion,
    'io.modelcontextprotocol/clientInfo': clientInfo,
    'io.modelcontextprotocol/clientCapabilities': {},
  }
  return { headers, body: toolsCall({ name: tool, arguments: args, _meta: meta }), isError }
}

function sessionRequest({ tool, arguments: args, isError }: ToolCall, session: string): LoadRequest {
  return { headers: sessionHeaders(session), body: toolsCall({ name: tool, arguments: args }), isError }
}

/** Opens a session. @returns its id. */
export async function openSession(url: string): Promise<string> {
  const params = { protocolVersion: sessionVersion, capabilities: {}, clientInfo }
  const opened = await post(url, common, { id: 1, method: 'initialize', params })
  const session = String(opened.headers['mcp-session-id'])
  await post(url, sessionHeaders(session), { method: 'notifications/initialized' })
  return session
}

function sessionHeaders(session: string): Readonly<Record<string, string>> {
  return { ...common, 'mcp-protocol-version': sessionVersion, 'mcp-session-id': session }
}

async function post(url: string, headers: Readonly<Record<string, string>>, message: object): ReturnType<typeof request> {
  const response = await request(url, { method: 'POST', headers, body: JSON.stringify({ jsonrpc: '2.0', ...message }) })
  await response.body.dump()
  if (response.statusCode >= 300) throw new Error(`status ${response.statusCode} for ${JSON.stringify(message)}`)
  return response
}

const toolsCall = (params: object): string => JSON.stringify({ jsonrpc: '2.0', id: 10_000, method: 'tools/call', params })
