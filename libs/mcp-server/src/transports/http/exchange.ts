import type { FastifyReply, FastifyRequest } from 'fastify'
import { rpcCodes, type JsonRpcError } from '../../protocol/call-reply.ts'

/** One HTTP request to the MCP endpoint, and the way to answer it. */
export interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

export type JsonRpcId = string | number | null

/** One header's value; the first where it came more than once. */
export function headerOf({ request }: Exchange, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

/** Aborts when the client goes away before it was answered. */
export function disconnectSignal({ reply }: Exchange): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort(new Error('the client went away'))
  })
  return controller.signal
}

export function sendJson({ reply }: Exchange, status: number, body: unknown): void {
  // The text is made here, as Fastify would only look for a schema to make it by.
  void reply.code(status).header('content-type', 'application/json').send(JSON.stringify(body))
}

export function sendRpcError(exchange: Exchange, status: number, error: JsonRpcError, id: JsonRpcId = null): void {
  sendJson(exchange, status, { jsonrpc: '2.0', error, id })
}

/** The words of the official SDK, whose clients take 404 as the sign to initialize anew. */
export function sendSessionNotFound(exchange: Exchange): void {
  sendRpcError(exchange, 404, { code: -32_001, message: 'Session not found' })
}

export function sendMethodNotAllowed(exchange: Exchange, allow: string): void {
  void exchange.reply.header('allow', allow)
  sendRpcError(exchange, 405, { code: rpcCodes.server, message: 'Method not allowed.' })
}
