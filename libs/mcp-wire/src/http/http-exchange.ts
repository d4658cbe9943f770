import type { IncomingHttpHeaders } from 'node:http'

export interface HttpRequest {
  readonly verb: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  /** Names and values in turn. */
  readonly headers: readonly string[]
  readonly body?: Uint8Array
}

/** Takes what becomes of one HTTP request: `onFailure` or `onEnd` comes last, and once. */
export interface HttpSink {
  /** The request goes out on a connected socket. */
  onWritten(): void
  onHead(status: number, headers: IncomingHttpHeaders): void
  onChunk(chunk: Uint8Array): void
  onEnd(): void
  /** Without `onWritten` before it, no connection was made. */
  onFailure(error: Error): void
}

/** Breaks one exchange off and closes its socket. Its sink hears nothing more. */
export type AbortExchange = () => void

/** One client's HTTP connections to one server: a request at a time on each, as many as there are parallel requests. */
export interface HttpExchange {
  send(request: HttpRequest, sink: HttpSink): AbortExchange
  /** Cuts all connections. */
  close(): Promise<void>
}
