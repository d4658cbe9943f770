import { type ClientAnswers, resultFor } from '../answers/client-answers.ts'
import type { ClientIdentity } from '../mcp-connection.ts'
import type { ServerMessage } from './message.ts'
import { writtenJson } from './written-json.ts'

/** The text of what a client says to a request of its server. */
export function answerTo(
  { id, method, params }: ServerMessage & { readonly kind: 'request' },
  { capabilities }: ClientIdentity,
  answers: ClientAnswers = {},
): string {
  const answer = method === 'ping' ? { result: {} } : resultFor({ method, params }, capabilities, answers)
  return writtenJson({ jsonrpc: '2.0', id, ...answer }) ?? JSON.stringify({ jsonrpc: '2.0', id, error: tooDeep })
}

/** A form may be filled in with a default of its own that nobody can write. */
const tooDeep = { code: -32_602, message: 'nested too deep' }
