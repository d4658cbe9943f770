import type { FailureCode, JsonObject } from '../call-outcome.ts'
import { isObject, type ServerMessage } from './message.ts'

/** What an answer amounts to. */
export type Verdict =
  | { readonly ok: true; readonly result: JsonObject }
  | { readonly ok: false; readonly code: FailureCode; readonly message: string; readonly result?: JsonObject }

/** Lists that a result must hold to be the answer to its method. */
const requiredLists: Readonly<Record<string, string>> = {
  'tools/list': 'tools',
  'resources/list': 'resources',
  'resources/templates/list': 'resourceTemplates',
  'resources/read': 'contents',
  'prompts/list': 'prompts',
  'prompts/get': 'messages',
}

/** Judges an answer to a request of the given method, whose id was already found to be right. */
export function checkReply(method: string, reply: ServerMessage & { readonly kind: 'result' | 'error' }): Verdict {
  return reply.kind === 'error' ? checkError(reply.error) : checkResult(method, reply.result)
}

function checkError(error: unknown): Verdict {
  if (!isObject(error) || !Number.isSafeInteger(error['code'])) return badReply('an error without code')
  // A safe integer, as just seen.
  const code: FailureCode = `rpc.${error['code'] as number}`
  return { ok: false, code, message: typeof error['message'] === 'string' ? error['message'] : 'no message' }
}

function checkResult(method: string, result: unknown): Verdict {
  if (!isObject(result)) return badReply('a result that is no object')
  const { resultType } = result
  if (resultType === 'input_required') {
    return { ok: false, code: 'tool.input_required', message: 'the server asks for input', result }
  }
  if (resultType !== undefined && resultType !== 'complete')
    return badReply(
      `a result of type ${typeof resultType === 'string' ? resultType.slice(0, longestMessage) : typeof resultType}`,
    )
  if (method === 'tools/call') return checkToolResult(result)
  const list = requiredLists[method]
  if (list !== undefined && !Array.isArray(result[list])) return badReply(`a result without its list "${list}"`)
  if (method === 'initialize' && typeof result['protocolVersion'] !== 'string')
    return badReply('a result without protocolVersion')
  return { ok: true, result }
}

/** By itself, since nearly all calls are of tools. */
function checkToolResult(result: JsonObject): Verdict {
  const { content, isError } = result
  if (!Array.isArray(content)) return badReply('a result without its list "content"')
  return isError === true ? { ok: false, code: 'tool.is_error', message: firstText(content), result } : { ok: true, result }
}

function firstText(content: unknown): string {
  const first: unknown = Array.isArray(content) ? content[0] : undefined
  return isObject(first) && typeof first['text'] === 'string' ? first['text'].slice(0, longestMessage) : 'no text'
}

const longestMessage = 500

const badReply = (message: string): Verdict => ({ ok: false, code: 'protocol.bad_reply', message })
