import type { Caller } from '../../request-context.ts'
import { refusalHeaders, toCallReply } from '../../protocol/call-reply.ts'
import type { CallWatch } from '../../protocol/call-watch.ts'
import { progressTokenOf, toBeat, toProgressNotification, type Progress } from '../../protocol/progress.ts'
import { traceparentOf } from '../../protocol/traceparent.ts'
import type { ServerCore } from '../../server-core.ts'
import type { ToolResult } from '../../tool-result.ts'
import type { Exchange, Headers } from './exchange.ts'
import type { MessageStream } from './message-stream.ts'
import type { ToolCallRequest } from './tool-call-request.ts'

export interface CallServing {
  readonly core: ServerCore
  readonly watch: CallWatch
  readonly exchange: Exchange
  readonly call: ToolCallRequest
  readonly caller: Caller
  /** To be aborted when the client cancels by message; else by nobody but this call's own connection. */
  readonly canceller: AbortController
  /** Puts a result into the form of the request's protocol version. */
  readonly toWire: (result: ToolResult) => object
  /** Turns the reply into a stream, for clients that take one. */
  readonly openStream: (onGone: () => void) => MessageStream
  readonly headers?: Headers
}

/** A call that takes longer is answered by a stream, where the client takes one: a silent connection may be cut on the way. */
const silentMs = 10_000
const keepAliveMs = 15_000

/**
 * Serves one `tools/call` by our own hand: the requests that come by the thousand skip the SDK's conversions. The reply is plain
 * JSON unless there is progress to tell, or the call takes long.
 */
export async function serveToolCall(serving: CallServing): Promise<void> {
  const { core, watch, exchange, call, caller, canceller, toWire, headers } = serving
  const reply = new CallReply(serving)
  const stopWatching = watch.start((elapsedMs) => reply.beat(elapsedMs))
  try {
    const { name: tool, arguments: args, meta } = call
    const traceparent = traceparentOf(meta, exchange.header('traceparent'))
    const onProgress = reply.wantsProgress ? (progress: Progress): void => reply.report(progress) : undefined
    const outcome = toCallReply(await core.call({ tool, arguments: args, caller, traceparent, canceller, onProgress }))
    stopWatching()
    if ('result' in outcome) return reply.send(200, { jsonrpc: '2.0', id: call.id, result: toWire(outcome.result) }, headers)
    reply.send(
      outcome.httpStatus,
      { jsonrpc: '2.0', error: outcome.error, id: call.id },
      { ...headers, ...refusalHeaders(outcome) },
    )
  } finally {
    stopWatching()
  }
}

/** The reply of one call: JSON as long as nothing came before the answer. */
class CallReply {
  readonly #serving: CallServing
  readonly #token: ReturnType<typeof progressTokenOf>
  #stream: MessageStream | undefined
  #hasReported = false
  #lastKeepAliveMs = 0

  constructor(serving: CallServing) {
    this.#serving = serving
    const { call, exchange } = serving
    this.#token = exchange.acceptsStream ? progressTokenOf(call.meta) : undefined
    // A client that goes away before it was answered wants no answer; a stream knows better whether it is gone.
    exchange.response.once('close', () => {
      if (this.#stream === undefined && !exchange.response.writableFinished) this.#abort()
    })
  }

  get wantsProgress(): boolean {
    return this.#token !== undefined
  }

  /** What the tool itself says of its progress. */
  report(progress: Progress): void {
    if (this.#token === undefined) return
    this.#hasReported = true
    this.#speak().send({ jsonrpc: '2.0', ...toProgressNotification(this.#token, progress) })
  }

  beat(elapsedMs: number): void {
    if (this.#token !== undefined && !this.#hasReported)
      this.#speak().send({ jsonrpc: '2.0', ...toProgressNotification(this.#token, toBeat(elapsedMs)) })
    else if (elapsedMs >= silentMs && this.#serving.exchange.acceptsStream) this.#keepAlive(elapsedMs)
  }

  send(status: number, message: object, headers?: Headers): void {
    if (this.#stream === undefined) this.#serving.exchange.sendJson(status, message, headers)
    else this.#stream.end(message)
  }

  #keepAlive(elapsedMs: number): void {
    if (elapsedMs - this.#lastKeepAliveMs < keepAliveMs && this.#stream !== undefined) return
    this.#lastKeepAliveMs = elapsedMs
    this.#speak().keepAlive()
  }

  #speak(): MessageStream {
    this.#stream ??= this.#serving.openStream(() => this.#abort())
    return this.#stream
  }

  #abort(): void {
    this.#serving.canceller.abort(new Error('the client went away'))
  }
}
