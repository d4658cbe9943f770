// Clients that send whatever they are told over each transport, for tests of what all transports have in common.
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { WebSocket } from 'ws'
import { serveStdio, type ServerCore } from '../index.ts'
import { closeLater, json, modernHeaders, modernMeta, openSession, post } from './http-server.ts'
import { testInfo } from './test-core.ts'

/** A reply as JSON-RPC says it. */
export interface RpcReply {
  readonly id?: unknown
  readonly result?: Record<string, unknown>
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown }
}

/** Sends one message at a time and gives back what answers it. */
export type Exchanger = (method: string, params: Record<string, unknown>) => Promise<RpcReply>

/** Opens a WebSocket to the server whose MCP endpoint is at `url`. */
export async function openSocket(url: string, path = '/ws', options: object = {}): Promise<WebSocket> {
  const socket = new WebSocket(new URL(path, url.replace('http', 'ws')), 'mcp', options)
  await once(socket, 'open')
  closeLater(async () => socket.terminate())
  return socket
}

/** Each transport with a way to send a request over it. */
export const transports: Readonly<Record<string, (url: string, core: ServerCore) => Promise<Exchanger>>> = {
  'HTTP with a session': async (url) => {
    const headers = { 'mcp-session-id': await openSession(url) }
    return async (method, params) => toReply(await post(url, { jsonrpc: '2.0', id: 7, method, params }, headers))
  },
  'HTTP without a session': async (url) => async (method, params) =>
    toReply(await post(url, { jsonrpc: '2.0', id: 7, method, params })),
  'stateless HTTP': async (url) => async (method, params) => {
    const message = { jsonrpc: '2.0', id: 7, method, params: { ...params, _meta: modernMeta } }
    return toReply(await post(url, message, { ...modernHeaders(String(params['name'])), 'mcp-method': method }))
  },
  REST:
    async (url) =>
    async (_method, { name, arguments: args }) => {
      const body = JSON.stringify({ jsonrpc: '2.0', id: 7, method: name, params: args })
      return toReply(await fetch(new URL('/mcp/tools/call', url), { method: 'POST', headers: json, body }))
    },
  WebSocket: async (url) => {
    const socket = await openSocket(url)
    const exchange: Exchanger = async (method, params) => {
      const answered = once(socket, 'message')
      socket.send(JSON.stringify({ jsonrpc: '2.0', id: 7, method, params }))
      return JSON.parse(String((await answered)[0])) as RpcReply
    }
    await exchange('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } })
    return exchange
  },
  stdio: async (_url, core) => {
    const input = new PassThrough()
    const output = new PassThrough()
    const listener = serveStdio(core, { info: testInfo, input, output, onError: () => undefined })
    closeLater(() => listener.close())
    const lines = createInterface({ input: output })[Symbol.asyncIterator]()
    const exchange: Exchanger = async (method, params) => {
      input.write(`${JSON.stringify({ jsonrpc: '2.0', id: 7, method, params })}\n`)
      return JSON.parse((await lines.next()).value as string) as RpcReply
    }
    await exchange('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } })
    return exchange
  },
}

async function toReply(response: Response): Promise<RpcReply> {
  return (await response.json()) as RpcReply
}
