import type { CallOutcome } from './call-outcome.ts'
import type { GivenUp } from './call-table.ts'
import type { ConnectionOptions } from './connection-options.ts'
import { AnswerQueue } from './http/answer-queue.ts'
import { chooseExchange } from './http/choose-exchange.ts'
import { HeldStream } from './http/held-stream.ts'
import { HttpCalls } from './http/http-calls.ts'
import type { HttpExchange, HttpRequest, ReplyHeaders } from './http/http-exchange.ts'
import { ToolHeaders } from './http/tool-headers.ts'
import { type HeaderSet, modernHeaders, toHeaderSet } from './http/request-headers.ts'
import type { TlsOptions } from './http/tls-options.ts'
import type { Dialect, McpConnection, McpRequest, TakeOutcome, Traffic } from './mcp-connection.ts'
import type { PendingCall } from './pending-call.ts'
import type { ServerMessage } from './rpc/message.ts'
import { listenRequest, modernMetaJson, notificationText, requestBody, requestText } from './rpc/request-text.ts'
import { cancelledText } from './rpc/given-up.ts'
import { answerTo } from './rpc/server-requests.ts'
import { parseTarget } from './target.ts'

export interface StreamableHttpOptions extends ConnectionOptions {
  /** Sent with every request: credentials, a user agent. */
  readonly headers: Readonly<Record<string, string>>
  /** Whether a socket serves more than one request. */
  readonly keepAlive: boolean
  readonly echoesSession: boolean
  readonly sendsVersionHeader: boolean
  /** Whom to trust and how to prove oneself, where the target is `https:`. Give all clients the same object: what follows from it is then made once. */
  readonly tls?: TlsOptions
  /** An HTTP proxy to go through, such as http://user:password@127.0.0.1:3128; none unless given. */
  readonly proxyUrl?: string
  /** After how many vain attempts in a row a broken push stream is given up; 2 unless told, as the official SDK does. */
  readonly streamRetries?: number
  /** Replaces the HTTP client. */
  readonly exchange?: HttpExchange
  /** Of an answer, or of an event of a stream; 16 MiB unless told. */
  readonly largestReplyBytes?: number
}

// Leaving must not hold up the end of a run.
const leavingTimeoutMs = 1000
const usualStreamRetries = 2
const usualLargestReplyBytes = 16 * 2 ** 20
const none: readonly string[] = []
/** Source: MCP 2025-11-25, "Session Management". */
const visibleAscii = /^[\x21-\x7e]+$/
const neverAborts = new AbortController().signal
const hasAborted = AbortSignal.abort()

/** MCP over Streamable HTTP, in both eras. Source: MCP 2025-11-25 and 2026-07-28, "Transports". */
export class StreamableHttpConnection implements McpConnection {
  readonly #options: StreamableHttpOptions
  readonly #path: string
  readonly #exchange: HttpExchange
  readonly #largestReplyBytes: number
  readonly #calls: HttpCalls
  #farewells: Set<Promise<CallOutcome>> | undefined
  #answers: AnswerQueue | undefined
  #dialect: Dialect
  #metaJson: string | undefined
  #sessionId: string | undefined
  #agreedVersion: string | undefined
  #headers: HeaderSet
  #nextId: number
  #held: HeldStream | undefined
  #isClosed = false
  /** Besides the headers that stay. */
  #authorization: { readonly authorization?: string } = {}
  /** Absent until a tool list was seen in the modern era. */
  #toolHeaders: ToolHeaders | undefined
  #listens = 0

  /**
   * @param target the URL of the MCP endpoint.
   * @throws CodedError `WIRE_BAD_TARGET` where it is not one of http or https.
   */
  constructor(target: string, options: StreamableHttpOptions) {
    const url = parseTarget(target, ['http:', 'https:'])
    const { keepAlive, requestTimeoutMs: connectTimeoutMs, clock, exchange, tls, proxyUrl, tap } = options
    this.#options = options
    this.#path = url.pathname + url.search
    this.#exchange = exchange ?? chooseExchange(url, { clock, keepAlive, connectTimeoutMs, tls, proxyUrl, tap })
    this.#largestReplyBytes = options.largestReplyBytes ?? usualLargestReplyBytes
    this.#nextId = options.firstRequestId
    this.#dialect = options.dialect
    this.#headers = this.#startOver()
    this.#calls = new HttpCalls({
      clock,
      exchange: this.#exchange,
      largestReplyBytes: this.#largestReplyBytes,
      isModern: () => this.#isModern,
      toStreamRequest: (lastEventId) => this.#streamRequest(lastEventId),
      observer: options.observer,
      streamRetries: options.streamRetries ?? usualStreamRetries,
      onHead: (call, status, headers) => this.#takeSession(call, status, headers),
      onServerMessage: (message) => this.#takeServerMessage(message),
      onCancelled: (call, why) => this.#cancel(call, why),
    })
  }

  get dialect(): Dialect {
    return this.#dialect
  }

  get hasSession(): boolean {
    return this.#sessionId !== undefined
  }

  /** A session that is lost shows in its status codes; sockets come and go. */
  get isLost(): boolean {
    return false
  }

  get traffic(): Traffic {
    return this.#calls.traffic
  }

  speak(dialect: Dialect): void {
    this.#dialect = dialect
    this.#headers = this.#startOver()
  }

  request(request: McpRequest, signal: AbortSignal): Promise<CallOutcome> {
    return new Promise((resolve) => this.ask(request, signal, resolve))
  }

  ask(request: McpRequest, signal: AbortSignal, take: TakeOutcome): void {
    const usable = this.#isClosed ? hasAborted : signal
    if (request.method === 'initialize') this.#initialize(request, usable, take)
    else if (this.#isModern && request.method === 'tools/list') this.#listTools(request, usable, take)
    else this.#post(request, usable, take)
  }

  notify(method: string, paramsJson: string, signal: AbortSignal): Promise<CallOutcome> {
    const usable = this.#isClosed ? hasAborted : signal
    return this.#postPlain(notificationText(method, paramsJson), usable, this.#options.requestTimeoutMs)
  }

  async probe(path: string, signal: AbortSignal, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    const usable = this.#isClosed ? hasAborted : signal
    const request = { verb: 'GET', path, headers: [...this.#headers.other, ...Object.entries(headers).flat()] } as const
    // Whatever the answer is, a client that searches for metadata goes on.
    await this.#plain(request, usable, this.#options.requestTimeoutMs)
  }

  holdStream(resources: readonly string[] = []): void {
    if (this.#isClosed) return
    const listenId = `listen:${this.#listens++}`
    this.#held?.close()
    this.#held = new HeldStream({
      clock: this.#options.clock,
      exchange: this.#exchange,
      toRequest: (lastEventId) => (this.#isModern ? this.#listenRequest(listenId, resources) : this.#streamRequest(lastEventId)),
      canResume: !this.#isModern,
      retriesAllowed: this.#options.streamRetries ?? usualStreamRetries,
      largestEventBytes: this.#largestReplyBytes,
      onMessage: (message) => this.#calls.take(message),
      onSent: (bytes) => this.#calls.onSent(bytes),
      onReceived: (bytes) => this.#calls.onReceived(bytes),
    })
    this.#held.open()
  }

  resumeStream(): void {
    this.#held?.resume()
  }

  authorize(authorization: string): void {
    this.#authorization = { authorization }
    this.#headers = this.#toHeaders()
  }

  async close(leaving: 'end-session' | 'abandon'): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#held?.close()
    this.#answers?.close()
    // Each of them has a second: a server that is not told goes on with calls that nobody waits for.
    if (this.#farewells) await Promise.all(this.#farewells)
    this.#calls.close()
    if (leaving === 'end-session' && this.hasSession) {
      await this.#plain({ verb: 'DELETE', path: this.#path, headers: this.#headers.other }, neverAborts, leavingTimeoutMs)
    }
    this.#calls.close()
    await this.#exchange.close()
  }

  get #isModern(): boolean {
    return this.#dialect.era === 'modern'
  }

  /** Forgets session and agreement; only a modern client names its version from the start. */
  #startOver(): HeaderSet {
    const { era, protocolVersion } = this.#dialect
    this.#held?.close()
    this.#held = undefined
    this.#sessionId = undefined
    this.#agreedVersion = era === 'modern' ? protocolVersion : undefined
    this.#metaJson = era === 'modern' ? modernMetaJson(this.#options.identity, protocolVersion) : undefined
    return this.#toHeaders()
  }

  #toHeaders(): HeaderSet {
    const { headers, echoesSession, sendsVersionHeader } = this.#options
    const sessionId = echoesSession ? this.#sessionId : undefined
    const version = sendsVersionHeader || this.#isModern ? this.#agreedVersion : undefined
    return toHeaderSet({ headers: { ...headers, ...this.#authorization }, sessionId, version })
  }

  #takeSession(call: PendingCall, status: number, headers: ReplyHeaders): void {
    if (call.method !== 'initialize' || status !== 200) return
    const session = headers.get('mcp-session-id')
    if (session === undefined) return
    if (!visibleAscii.test(session)) return call.fail('protocol.bad_reply', 'a session id with characters that none may have')
    // A copy: a part of a text keeps the whole of it, here all headers.
    this.#sessionId = Buffer.from(session).toString()
    this.#headers = this.#toHeaders()
  }

  #initialize(request: McpRequest, signal: AbortSignal, take: TakeOutcome): void {
    this.#headers = this.#startOver()
    this.#post(request, signal, (outcome) => {
      // The check of the answer found the version to be a text.
      if (outcome.ok) this.#agreedVersion = outcome.result['protocolVersion'] as string
      this.#headers = this.#toHeaders()
      take(outcome)
    })
  }

  /** What this list says of headers holds for the calls after it; tools that break its rules are not shown. */
  #listTools(request: McpRequest, signal: AbortSignal, take: TakeOutcome): void {
    this.#post(request, signal, (outcome) => {
      if (!outcome.ok) return take(outcome)
      this.#toolHeaders ??= new ToolHeaders()
      take({ ...outcome, result: this.#toolHeaders.learn(outcome.result) })
    })
  }

  #post(request: McpRequest, signal: AbortSignal, take: TakeOutcome): void {
    const id = request.id ?? this.#nextId++
    const { text: body, bytes: bodyBytes } = requestBody(request, id, this.#metaJson)
    const ownHeaders = this.#isModern ? modernHeaders(request, this.#toolHeaders) : none
    const { requestTimeoutMs: timeoutMs } = this.#options
    const { method, cancelAfterMs } = request
    this.#calls.post(
      { id, method, signal, timeoutMs, cancelAfterMs },
      { verb: 'POST', path: this.#path, headers: this.#headers.post, ownHeaders, body, bodyBytes },
      take,
    )
  }

  #postPlain(text: string, signal: AbortSignal, timeoutMs: number): Promise<CallOutcome> {
    return this.#plain({ verb: 'POST', path: this.#path, headers: this.#headers.post, body: text }, signal, timeoutMs)
  }

  #plain(request: HttpRequest, signal: AbortSignal, timeoutMs: number): Promise<CallOutcome> {
    return this.#calls.plain({ method: request.verb, signal, timeoutMs }, request)
  }

  #streamRequest(lastEventId: string | undefined): HttpRequest {
    const resume = lastEventId === undefined ? [] : ['last-event-id', lastEventId]
    return { verb: 'GET', path: this.#path, headers: [...this.#headers.stream, ...resume] }
  }

  #listenRequest(id: string, resources: readonly string[]): HttpRequest {
    const request = listenRequest(resources)
    const body = requestText(request, id, this.#metaJson)
    return { verb: 'POST', path: this.#path, headers: this.#headers.post, ownHeaders: modernHeaders(request), body }
  }

  #takeServerMessage(message: ServerMessage): void {
    if (message.kind !== 'request' || this.#isModern) return
    this.#answers ??= new AnswerQueue((text) => this.#inBackground(text))
    this.#answers.add(answerTo(message, this.#options.identity, this.#options.answers))
  }

  /** In the modern era the end of the stream says it all. An unanswered handshake cannot be cancelled. */
  #cancel({ id, method }: PendingCall, why: GivenUp): void {
    if (id === undefined || this.#isModern || this.#isClosed || method === 'initialize') return
    const { clock, observer } = this.#options
    const startMs = clock.monotonicMs()
    const sent = this.#inBackground(cancelledText(id, why))
    if (observer?.onCancelled === undefined) return
    void sent.then(({ ok }) => ok && observer.onCancelled?.({ method, latencyMs: clock.monotonicMs() - startMs }))
  }

  /** Sends what nobody waits for; `close` does, for a moment. */
  #inBackground(text: string): Promise<CallOutcome> {
    const sent = this.#postPlain(text, neverAborts, leavingTimeoutMs).finally(() => this.#farewells?.delete(sent))
    this.#farewells ??= new Set()
    this.#farewells.add(sent)
    return sent
  }
}
