import type { IncomingHttpHeaders } from 'node:http'
import { Client, type Dispatcher } from 'undici'
import type { AbortExchange, HttpExchange, HttpRequest, HttpSink } from './http-exchange.ts'

export interface UndiciExchangeOptions {
  /** Whether a socket serves more than one request. */
  readonly keepAlive: boolean
  readonly connectTimeoutMs: number
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
  readonly #lanes = new Set<Client>()
  readonly #idle: Client[] = []

  /** @param origin scheme, host and port. */
  constructor(origin: string, options: UndiciExchangeOptions) {
    this.#origin = origin
    this.#options = options
  }

  send(request: HttpRequest, sink: HttpSink): AbortExchange {
    const lane = this.#idle.pop() ?? this.#openLane()
    const handler = new SinkHandler(sink, () => this.#idle.push(lane))
    const { verb: method, path, headers, body = null } = request
    // The parameter is declared as mutable, but only read.
    lane.dispatch({ method, path, headers: headers as string[], body }, handler)
    return () => handler.abort()
  }

  async close(): Promise<void> {
    const lanes = [...this.#lanes]
    this.#lanes.clear()
    this.#idle.length = 0
    await Promise.all(lanes.map((lane) => lane.destroy()))
  }

  #openLane(): Client {
    const lane = new Client(this.#origin, {
      pipelining: this.#options.keepAlive ? 1 : 0,
      connectTimeout: this.#options.connectTimeoutMs,
      keepAliveTimeout: idleSocketMs,
      // Deadlines are the caller's, on its own clock.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: largestHeaderBytes,
      allowH2: false,
    })
    this.#lanes.add(lane)
    return lane
  }
}

/** Between undici's callbacks and a sink that must hear of its end exactly once. */
class SinkHandler implements Dispatcher.DispatchHandler {
  readonly #sink: HttpSink
  readonly #free: () => void
  #controller: Dispatcher.DispatchController | undefined
  #isOver = false

  constructor(sink: HttpSink, free: () => void) {
    this.#sink = sink
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
    else this.#sink.onWritten()
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (!this.#isOver && status >= 200) this.#sink.onHead(status, headers)
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#isOver) this.#sink.onChunk(chunk)
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
    this.#sink.onFailure(error)
  }
}
