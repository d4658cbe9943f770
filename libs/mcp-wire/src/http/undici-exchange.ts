import type { IncomingHttpHeaders } from 'node:http'
import { type buildConnector, Client, type Dispatcher, errors, ProxyAgent } from 'undici'
import {
  type HttpExchange,
  type HttpRequest,
  type HttpSink,
  MalformedReply,
  type ReplyHeaders,
  type RunningExchange,
} from './http-exchange.ts'
import type { TlsOptions } from './tls-options.ts'

export interface UndiciExchangeOptions {
  /** Whether a socket serves more than one request. */
  readonly keepAlive: boolean
  readonly connectTimeoutMs: number
  readonly tls?: TlsOptions | undefined
  /** An HTTP proxy, with its user and password in the URL; none unless given. */
  readonly proxyUrl?: string | undefined
}

// An idle socket outlives any think time, unless the server announces that it will close earlier.
const idleSocketMs = 300_000
const largestHeaderBytes = 65_536

/**
 * HTTP/1.1 through undici, one `Client` for each socket: cheaper than its pool, and a client's sockets are its own.
 * Requests are never retried, so what was sent once was sent once.
 */
export class UndiciExchange implements HttpExchange {
  readonly #origin: string
  readonly #options: UndiciExchangeOptions
  readonly #lanes = new Set<Dispatcher>()
  readonly #idle: Dispatcher[] = []

  /** @param origin scheme, host and port. */
  constructor(origin: string, options: UndiciExchangeOptions) {
    this.#origin = origin
    this.#options = options
  }

  send(request: HttpRequest, sink: HttpSink): RunningExchange {
    const lane = this.#idle.pop() ?? this.#openLane()
    const { verb: method, path, headers, ownHeaders = [], body = null } = request
    const handler = new SinkHandler(sink, Buffer.byteLength(body ?? ''), () => this.#idle.push(lane))
    lane.dispatch({ origin: this.#origin, method, path, headers: [...headers, ...ownHeaders], body }, handler)
    return handler
  }

  async close(): Promise<void> {
    const lanes = [...this.#lanes]
    this.#lanes.clear()
    this.#idle.length = 0
    await Promise.all(lanes.map((lane) => lane.destroy()))
  }

  #openLane(): Dispatcher {
    const { keepAlive, connectTimeoutMs, proxyUrl, tls } = this.#options
    const settings = {
      pipelining: keepAlive ? 1 : 0,
      connectTimeout: connectTimeoutMs,
      keepAliveTimeout: idleSocketMs,
      // Deadlines are the caller's, on its own clock.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: largestHeaderBytes,
      allowH2: false,
    }
    const connect = tls === undefined ? {} : toConnectOptions(tls)
    const lane =
      proxyUrl === undefined
        ? new Client(this.#origin, { ...settings, connect })
        : new ProxyAgent({ ...settings, uri: proxyUrl, connections: 1, requestTls: connect })
    this.#lanes.add(lane)
    return lane
  }
}

function toConnectOptions({ serverName, ca, ...rest }: TlsOptions): buildConnector.BuildOptions {
  const names = serverName === undefined ? {} : { servername: serverName }
  return ca === undefined ? { ...rest, ...names } : { ...rest, ...names, ca: [ca].flat() }
}

/** Between undici's callbacks and a sink that must hear of its end exactly once. */
class SinkHandler implements Dispatcher.DispatchHandler, RunningExchange {
  readonly #sink: HttpSink
  readonly #bodyBytes: number
  readonly #free: () => void
  #controller: Dispatcher.DispatchController | undefined
  #isOver = false

  constructor(sink: HttpSink, bodyBytes: number, free: () => void) {
    this.#sink = sink
    this.#bodyBytes = bodyBytes
    this.#free = free
  }

  abort(): void {
    if (this.#isOver) return
    this.#isOver = true
    // A request that waits for its connection has no controller yet; it is cut when it would start.
    this.#controller?.abort(new Error('given up'))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#isOver) controller.abort(new Error('given up'))
    else this.#sink.onWritten(this.#bodyBytes)
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (!this.#isOver && status >= 200) this.#sink.onHead(status, toReplyHeaders(headers))
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#isOver) this.#sink.onChunk(chunk, false)
  }

  onResponseEnd(): void {
    this.#free()
    if (this.#isOver) return
    this.#isOver = true
    this.#sink.onEnd()
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#free()
    if (this.#isOver) return
    this.#isOver = true
    this.#sink.onFailure(isMalformed(error) ? new MalformedReply(error.message) : error)
  }
}

const toReplyHeaders = (headers: IncomingHttpHeaders): ReplyHeaders => ({
  get: (name) => [headers[name] ?? []].flat().join(', ') || (name in headers ? '' : undefined),
})

const isMalformed = (error: Error): boolean =>
  error instanceof errors.HTTPParserError || error instanceof errors.HeadersOverflowError
