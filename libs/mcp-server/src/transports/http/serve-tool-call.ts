import type { Caller } from '../../request-context.ts'
import { toCallReply } from '../../protocol/call-reply.ts'
import type { ServerCore } from '../../server-core.ts'
import type { ToolResult } from '../../tool-result.ts'
import { traceparentOf } from '../../protocol/traceparent.ts'
import { disconnectSignal, headerOf, sendJson, sendRpcError, type Exchange } from './exchange.ts'
import type { ToolCallRequest } from './tool-call-request.ts'

export interface ToolCallOptions {
  readonly caller: Caller
  /** Aborts when the client cancels by message. */
  readonly cancelled?: AbortSignal
  /** Puts a result into the form of the request's protocol version. */
  readonly toWire: (result: ToolResult) => object
}

/** Serves one `tools/call` by our own hand: the requests that come by the thousand skip the SDK's conversions. */
export async function serveToolCall(
  core: ServerCore,
  exchange: Exchange,
  { id, name, arguments: args, meta }: ToolCallRequest,
  { caller, cancelled, toWire }: ToolCallOptions,
): Promise<void> {
  const gone = disconnectSignal(exchange)
  const signal = cancelled === undefined ? gone : AbortSignal.any([gone, cancelled])
  const traceparent = traceparentOf(meta, headerOf(exchange, 'traceparent'))
  const reply = toCallReply(await core.call({ tool: name, arguments: args, caller, traceparent, signal }))
  if ('result' in reply) return sendJson(exchange, 200, { jsonrpc: '2.0', id, result: toWire(reply.result) })
  if (reply.retryAfterSeconds !== undefined) void exchange.reply.header('retry-after', reply.retryAfterSeconds)
  if (reply.challenge !== undefined) void exchange.reply.header('www-authenticate', reply.challenge)
  sendRpcError(exchange, reply.httpStatus, reply.error, id)
}
