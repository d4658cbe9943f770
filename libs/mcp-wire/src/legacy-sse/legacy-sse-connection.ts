import type { Timer } from '@squall/time'
import type { FailureCode } from '../call-outcome.ts'
import type { ConnectionOptions } from '../connection-options.ts'
import { chooseExchange } from '../http/choose-exchange.ts'
import type { HttpExchange, RunningExchange } from '../http/http-exchange.ts'
import type { TlsOptions } from '../http/tls-options.ts'
import type { PendingCall } from '../pending-call.ts'
import { DuplexConnection } from '../rpc/duplex-connection.ts'
import type { SseEvent } from '../sse/sse-parser.ts'
import { parseTarget } from '../target.ts'
import { EventStream } from './event-stream.ts'
import { PostedMessage } from './posted-message.ts'

export interface LegacySseOptions extends ConnectionOptions {
  /** Sent with every request: credentials, a user agent. */
  readonly headers: Readonly<Record<string, string>>
  /** Whether a socket serves more than one POST. */
  readonly keepAlive: boolean
  readonly tls?: TlsOptions
  /** An HTTP proxy, with its user and password in the URL; none unless given. */
  readonly proxyUrl?: string
  /** Replaces the HTTP client. */
  readonly exchange?: HttpExchange
  /** Of one event of the stream; 16 MiB unless told. */
  readonly largestReplyBytes?: number
}

interface Message {
  readonly text: string
  readonly call: PendingCall | undefined
}

const leavingTimeoutMs = 1000
const usualLargestReplyBytes = 16 * 2 ** 20

/**
 * MCP over HTTP with SSE, the transport before Streamable HTTP: one GET holds the stream on which everything comes back, and
 * its first event names where to POST. The stream is the session. Source: MCP 2024-11-05, "Transports", HTTP with SSE.
 */
export class LegacySseConnection extends DuplexConnection {
  readonly #options: LegacySseOptions
  readonly #url: URL
  readonly #exchange: HttpExchange
  #streamHeaders: readonly string[] = []
  #postHeaders: readonly string[] = []
  /** What is to be said once the server has named the endpoint. */
  #waiting: Message[] = []
  #stream: EventStream | undefined
  #runningStream: RunningExchange | undefined
  #endpoint: string | undefined
  /** POSTs without an end yet, by the timers that end those whose status never comes: nobody else waits for it. */
  readonly #posts = new Set<Timer>()
  #onPostsOver: (() => void) | undefined

  /**
   * Connects with the first message.
   * @param target the URL of the stream, such as http://127.0.0.1:3000/sse.
   * @throws CodedError `WIRE_BAD_TARGET` where it is not one of http or https.
   */
  constructor(target: string, options: LegacySseOptions) {
    const { clock, keepAlive, requestTimeoutMs: connectTimeoutMs, exchange, headers, tls, proxyUrl, tap } = options
    // What travels here is heard by the exchange, together with the HTTP around it.
    const { tap: _, ...parts } = options
    super(parts)
    this.#options = options
    this.#url = parseTarget(target, ['http:', 'https:'])
    this.#exchange = exchange ?? chooseExchange(this.#url, { clock, keepAlive, connectTimeoutMs, tls, proxyUrl, tap })
    this.#setHeaders(headers)
  }

  override authorize(authorization: string): void {
    this.#setHeaders({ ...this.#options.headers, authorization })
  }

  async close(): Promise<void> {
    this.calls.close()
    this.#waiting = []
    await this.#postsOver()
    for (const patience of this.#posts) patience.cancel()
    this.#runningStream?.abort()
    await this.#exchange.close()
  }

  /** Waits a moment for what was said last, such as cancellations. */
  async #postsOver(): Promise<void> {
    if (this.#posts.size === 0) return
    const { clock } = this.#options
    await new Promise<void>((resolve) => {
      const patience = clock.at(clock.monotonicMs() + leavingTimeoutMs, resolve)
      this.#onPostsOver = () => {
        patience.cancel()
        resolve()
      }
    })
  }

  protected send(text: string, call: PendingCall | undefined): void {
    const message = { text, call }
    if (this.#endpoint === undefined) {
      this.#waiting.push(message)
      if (this.#stream === undefined) this.#openStream()
    } else this.#post(this.#endpoint, message)
  }

  #setHeaders(headers: Readonly<Record<string, string>>): void {
    const own = Object.entries(headers).flat()
    this.#streamHeaders = ['accept', 'text/event-stream', ...own]
    this.#postHeaders = ['content-type', 'application/json', ...own]
  }

  #openStream(): void {
    const { largestReplyBytes = usualLargestReplyBytes } = this.#options
    this.#stream = new EventStream(largestReplyBytes, {
      onEvent: (event, bytes) => this.#take(event, bytes),
      onReceived: (bytes) => this.calls.received(bytes),
      onOver: (code, why) => this.#end(code, why),
    })
    const path = this.#url.pathname + this.#url.search
    this.#runningStream = this.#exchange.send({ verb: 'GET', path, headers: this.#streamHeaders }, this.#stream)
  }

  #take({ type, data }: SseEvent, bytes: number): void {
    if (type === 'endpoint') this.#takeEndpoint(data)
    else if (type === 'message') this.calls.take(data, bytes)
  }

  /** Messages, and the credentials that go with them, are sent to no other host than the one the user named. */
  #takeEndpoint(written: string): void {
    if (this.#endpoint !== undefined) return
    const url = URL.canParse(written, this.#url.href) ? new URL(written, this.#url) : undefined
    if (url?.origin !== this.#url.origin) {
      return this.#stream?.giveUp('protocol.bad_reply', 'an endpoint that is no address on the same host')
    }
    const endpoint = url.pathname + url.search
    this.#endpoint = endpoint
    const waiting = this.#waiting
    this.#waiting = []
    for (const message of waiting) if (message.call?.isSettled !== true) this.#post(endpoint, message)
  }

  #post(path: string, { text, call }: Message): void {
    const { clock, requestTimeoutMs } = this.#options
    const over = (): void => {
      patience.cancel()
      this.#posts.delete(patience)
      if (this.#posts.size === 0) this.#onPostsOver?.()
    }
    const patience = clock.at(clock.monotonicMs() + requestTimeoutMs, () => {
      running.abort()
      over()
    })
    this.#posts.add(patience)
    const sink = new PostedMessage({
      onSent: () => this.calls.sent(Buffer.byteLength(text), call),
      onReceived: (bytes) => this.calls.received(bytes),
      // An answer to a request comes on the stream, be it before or after the acknowledgement.
      onAccepted: () => call?.id === undefined && call?.acknowledge(),
      onFailed: (code, why) => call?.fail(code, why),
      onOver: over,
    })
    const running = this.#exchange.send({ verb: 'POST', path, headers: this.#postHeaders, body: text }, sink)
  }

  #end(code: FailureCode, why: string): void {
    this.#runningStream?.abort()
    this.#waiting = []
    this.calls.end(code, why)
  }
}
