export interface HttpRequest {
  readonly verb: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  /** Names and values in turn. A list that stays the same object is rendered once for all its requests. */
  readonly headers: readonly string[]
  /** Further ones, of this request alone. */
  readonly ownHeaders?: readonly string[]
  readonly body?: string
  /** The size of the body in UTF-8, where it is known. */
  readonly bodyBytes?: number
}

/** The headers of an answer. */
export interface ReplyHeaders {
  /**
   * @param name in small letters.
   * @returns its value, joined by commas where it came more than once; undefined where it did not come.
   */
  get(name: string): string | undefined
}

/** Takes what becomes of one HTTP request: `onFailure` or `onEnd` comes last, and once. */
export interface HttpSink {
  /**
   * The request goes out on a connected socket.
   * @param bodyBytes the size of its body.
   */
  onWritten(bodyBytes: number): void
  /** @param atMs when it came, where the exchange knows. */
  onHead(status: number, headers: ReplyHeaders, atMs?: number): void
  /**
   * The next bytes of the body.
   * @param chunk to be read or copied during the call: its memory is used again afterwards.
   * @param isLast true where it is known that `onEnd` comes next.
   */
  onChunk(chunk: Buffer, isLast: boolean): void
  onEnd(): void
  /** Without `onWritten` before it, no connection was made. What breaks HTTP's own rules is a `MalformedReply`. */
  onFailure(error: Error): void
}

/** What came from the server is not HTTP, or beyond the limits of this client. */
export class MalformedReply extends Error {
  override readonly name = 'MalformedReply'
}

/** An exchange under way. */
export interface RunningExchange {
  /** Breaks it off and closes its socket. Its sink hears nothing more. Harmless once it is over. */
  abort(): void
}

/** One client's HTTP connections to one server: a request at a time on each, as many as there are parallel requests. */
export interface HttpExchange {
  /** @param nowMs the time, where the caller has just read it. */
  send(request: HttpRequest, sink: HttpSink, nowMs?: number): RunningExchange
  /** Cuts all connections. */
  close(): Promise<void>
}
