import type { JsonObject } from '../call-outcome.ts'
import type { RequestId } from '../mcp-connection.ts'

/** A JSON-RPC message from the server, told apart but not yet checked against the request it answers. */
export type ServerMessage =
  | { readonly kind: 'result'; readonly id: RequestId; readonly result: unknown }
  | { readonly kind: 'error'; readonly id: RequestId | undefined; readonly error: unknown }
  | { readonly kind: 'request'; readonly id: RequestId; readonly method: string; readonly params: JsonObject }
  | { readonly kind: 'notification'; readonly method: string; readonly params: JsonObject }
  | { readonly kind: 'invalid'; readonly why: string }

/**
 * Reads one message. Source: JSON-RPC 2.0, sections 4 and 5; MCP allows no batches since 2025-06-18.
 */
export function readMessage(text: string): ServerMessage {
  let message: unknown
  try {
    message = JSON.parse(text)
  } catch {
    return invalid('no JSON')
  }
  if (Array.isArray(message)) return invalid('a batch, which MCP no longer knows')
  if (!isObject(message) || message['jsonrpc'] !== '2.0') return invalid('no JSON-RPC 2.0 message')
  const { id, method } = message
  const hasId = typeof id === 'number' || typeof id === 'string'
  if (typeof method === 'string') return unasked(method, message['params'], hasId ? id : undefined)
  if ('error' in message && 'result' in message) return invalid('both a result and an error')
  if ('error' in message) return { kind: 'error', id: hasId ? id : undefined, error: message['error'] }
  if (!hasId) return invalid('an answer without id')
  return 'result' in message ? { kind: 'result', id, result: message['result'] } : invalid('neither a result nor an error')
}

function unasked(method: string, given: unknown, id: RequestId | undefined): ServerMessage {
  const params = isObject(given) ? given : {}
  return id === undefined ? { kind: 'notification', method, params } : { kind: 'request', id, method, params }
}

const invalid = (why: string): ServerMessage => ({ kind: 'invalid', why })

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
