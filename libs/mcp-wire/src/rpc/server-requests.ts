import type { ClientIdentity } from '../mcp-connection.ts'
import type { ServerMessage } from './message.ts'

/**
 * The answer to what a server asks its client. A client without a person or a model behind it can say that it is there
 * and that it works in no folder; everything else it declines, as a client without that capability does.
 */
export function answerTo({ id, method }: ServerMessage & { readonly kind: 'request' }, { capabilities }: ClientIdentity): string {
  if (method === 'ping') return result(id, {})
  if (method === 'roots/list' && 'roots' in capabilities) return result(id, { roots: [] })
  return JSON.stringify({ jsonrpc: '2.0', id, error: { code: methodNotFound, message: 'Method not found' } })
}

const methodNotFound = -32_601

const result = (id: string | number, value: object): string => JSON.stringify({ jsonrpc: '2.0', id, result: value })
