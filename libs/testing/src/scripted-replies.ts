import type { Fault } from './fault.ts'
import { resultOf, type ScriptedTools } from './scripted-results.ts'
import type { SeenRequest } from './seen-request.ts'

export interface ReplyParts {
  readonly seen: SeenRequest
  readonly fault: Fault | undefined
  readonly asSse: boolean
  /** Id of the request answered before this one. */
  readonly previousId: string | number | undefined
  readonly tools: ScriptedTools
}

/** The body of an answer and its type: right, or wrong in the way the fault says. */
export function toReply(parts: ReplyParts): { readonly contentType: string; readonly body: string } {
  const { fault, asSse } = parts
  if (typeof fault === 'object' && 'contentType' in fault) return fault
  const contentType = asSse ? 'text/event-stream' : 'application/json'
  if (fault === 'not-json') return { contentType, body: asSse ? 'data: <html>\n\n' : '<html>' }
  const message = toMessage(parts)
  const messages = fault === 'no-answer' ? [] : fault === 'duplicate-id' ? [message, message] : [message]
  return { contentType, body: messages.map((one) => (asSse ? toEvent(one) : JSON.stringify(one))).join('') }
}

export const toEvent = (message: object, eventId?: string): string =>
  `${eventId === undefined ? '' : `id: ${eventId}\n`}event: message\ndata: ${JSON.stringify(message)}\n\n`

function toMessage({ seen, fault, previousId, tools }: ReplyParts): object {
  const id = fault === 'wrong-id' ? 'nobody' : fault === 'previous-id' ? previousId : seen.id
  const result = faultyResult(fault) ?? resultOf(seen, tools)
  const code = typeof fault === 'object' && 'rpcError' in fault ? fault.rpcError : -32_601
  const isRefused = result === undefined || (typeof fault === 'object' && 'rpcError' in fault)
  return { jsonrpc: '2.0', id, ...(isRefused ? { error: { code, message: 'refused' } } : { result }) }
}

function faultyResult(fault: Fault | undefined): unknown {
  if (fault === 'is-error') return { content: [{ type: 'text', text: 'no such table' }], isError: true }
  if (fault === 'input-required') return { resultType: 'input_required', inputRequests: {}, requestState: 's' }
  return typeof fault === 'object' && 'result' in fault ? fault.result : undefined
}
