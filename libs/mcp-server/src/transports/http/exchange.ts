import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Principal } from '../../access/principal.ts'
import { refusalHeaders, rpcCodes, type ErrorReply, type JsonRpcError } from '../../protocol/call-reply.ts'

export type JsonRpcId = string | number | null

/** What is known of a request when its reply is made. */
export interface ExchangeFacts {
  readonly remoteAddress?: string | undefined
  readonly principal?: Principal | undefined
  /** What the body held as JSON; absent where there is none. */
  readonly body?: unknown
}

/** Told the status and the size of each reply, once. */
export type OnReply = (status: number, bytes: number) => void

export type Headers = Readonly<Record<string, string | number>>

/** One HTTP request to the MCP endpoint, read to its end, and the way to answer it. */
export class Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** What the body held as JSON; undefined where the method has none. */
  readonly body: unknown
  readonly remoteAddress: string | undefined
  readonly principal: Principal | undefined
  readonly #onReply: OnReply

  constructor(request: IncomingMessage, response: ServerResponse, onReply: OnReply, facts: ExchangeFacts) {
    this.request = request
    this.response = response
    this.body = facts.body
    this.remoteAddress = facts.remoteAddress
    this.principal = facts.principal
    this.#onReply = onReply
  }

  /** One header's value; the first where it came more than once. */
  header(name: string): string | undefined {
    const value = this.request.headers[name]
    return Array.isArray(value) ? value[0] : value
  }

  get acceptsStream(): boolean {
    return this.header('accept')?.includes('text/event-stream') === true
  }

  sendJson(status: number, body: unknown, headers?: Headers): void {
    const text = JSON.stringify(body)
    const bytes = Buffer.byteLength(text)
    this.#onReply(status, bytes)
    this.response.writeHead(status, {
      'content-type': 'application/json',
      'content-length': bytes,
      ...headers,
    })
    this.response.end(text)
  }

  sendError(status: number, error: JsonRpcError, id: JsonRpcId = null, headers?: Headers): void {
    this.sendJson(status, { jsonrpc: '2.0', error, id }, headers)
  }

  sendEmpty(status: number, headers?: Headers): void {
    this.#onReply(status, 0)
    this.response.writeHead(status, { 'content-length': 0, ...headers }).end()
  }

  /** The words of the official SDK, whose clients take 404 as the sign to initialize anew. */
  sendSessionNotFound(): void {
    this.sendError(404, { code: -32_001, message: 'Session not found' })
  }

  sendMethodNotAllowed(allow: string): void {
    this.sendError(405, { code: rpcCodes.server, message: 'Method not allowed.' }, null, { allow })
  }

  /** Begins a reply of server-sent events. */
  startEvents(headers: Headers): void {
    this.#onReply(200, 0)
    this.response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      ...headers,
    })
    this.response.flushHeaders()
  }

  /**
   * For a reply that somebody else makes.
   * @returns to be told of an error in it before the reply begins: HTTP then says the same, unless there are answers beside it.
   */
  countReply(): (error: ErrorReply) => void {
    const { response } = this
    let told: ErrorReply | undefined
    // It passes on whatever it is given, whichever overload is meant.
    const writeHead = response.writeHead.bind(response) as (status: number, ...rest: unknown[]) => ServerResponse
    response.writeHead = (status: number, ...rest: unknown[]) => {
      for (const [name, value] of Object.entries(told === undefined ? {} : refusalHeaders(told))) response.setHeader(name, value)
      return writeHead(status === 200 ? (told?.httpStatus ?? status) : status, ...rest)
    }
    response.once('finish', () => this.#onReply(response.statusCode, Number(response.getHeader('content-length') ?? 0)))
    return (error) => {
      if (!Array.isArray(this.body)) told = error
    }
  }
}
