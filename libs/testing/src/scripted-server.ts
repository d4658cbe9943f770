import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { sleep, systemClock } from '@squall/time'
import { CallCounts } from './call-counts.ts'
import type { Fault } from './fault.ts'
import { listen, shutDown } from './listen.ts'
import { readBody, type SeenRequest, toSeenRequest } from './seen-request.ts'
import { toEvent, toReply } from './scripted-replies.ts'
import { modernVersion, type ScriptedTools } from './scripted-results.ts'

export interface ScriptedServerOptions {
  /** The address to listen on; 127.0.0.1 unless told. */
  readonly host?: string
  /** Which eras it speaks; both unless told. */
  readonly era?: 'legacy' | 'modern' | 'both'
  /** How it answers requests; as JSON unless told. */
  readonly replies?: 'json' | 'sse'
  /** Whether it gives sessions to legacy clients and insists on them (true unless told), or gives them away and insists on none. */
  readonly sessions?: boolean | 'offered'
  /** `echo`, which returns its `text`, unless told. */
  readonly tools?: ScriptedTools
  /** Whether a GET opens the push stream; true unless told. */
  readonly pushStream?: boolean
  /** The status of the answer to a notification, 0 for a broken connection; 202 unless told. */
  readonly noticeStatus?: (request: SeenRequest) => number | undefined
  /** Whether a DELETE is never answered; false unless told. */
  readonly hangOnDelete?: boolean
  /** How long an answer takes. */
  readonly delayMs?: (request: SeenRequest) => number
  /** How to answer wrongly; undefined for a right answer. */
  readonly fault?: (request: SeenRequest) => Fault | undefined
}

/** An MCP server for tests: it does what it is told, and remembers everything it was asked. */
export class ScriptedServer implements AsyncDisposable {
  readonly counts = new CallCounts()
  readonly seen: SeenRequest[] = []
  readonly sessions = new Set<string>()
  /** Sessions ended by DELETE. */
  endedSessions = 0
  readonly #options: Required<Pick<ScriptedServerOptions, 'host' | 'era' | 'replies' | 'sessions' | 'pushStream' | 'tools'>> &
    ScriptedServerOptions
  readonly #server: Server
  readonly #connections = new Map<Socket, number>()
  readonly #pushStreams = new Set<ServerResponse>()
  readonly #heldAnswers = new Set<ServerResponse>()
  #previousId: string | number | undefined
  #port = 0

  private constructor(options: ScriptedServerOptions) {
    const tools = { echo: ({ text }: Readonly<Record<string, unknown>>) => String(text) }
    this.#options = { host: '127.0.0.1', era: 'both', replies: 'json', sessions: true, pushStream: true, tools, ...options }
    this.#server = createServer((request, response) => void this.#handle(request, response))
    this.#server.on('connection', (socket: Socket) => this.#connections.set(socket, this.#connections.size))
  }

  /** Starts one on a free port. */
  static async start(options: ScriptedServerOptions = {}): Promise<ScriptedServer> {
    const scripted = new ScriptedServer(options)
    scripted.#port = await listen(scripted.#server, scripted.#options.host)
    return scripted
  }

  get url(): string {
    return `http://${this.#options.host}:${this.#port}/mcp`
  }

  get openPushStreams(): number {
    return this.#pushStreams.size
  }

  /** Answers whose stream is held open behind them. */
  get openAnswers(): number {
    return this.#heldAnswers.size
  }

  /** How many connections were ever made. */
  get connectionCount(): number {
    return this.#connections.size
  }

  /** The requests and notifications in the order they came: HTTP verbs for what carries no message, paths outside the endpoint. */
  get sequence(): readonly string[] {
    return this.seen.map(({ verb, path, method }) => (path === '/mcp' ? (method === '' ? verb : method) : `${verb} ${path}`))
  }

  /** Says something on every open push stream. */
  push(message: object, eventId?: string): void {
    for (const stream of this.#pushStreams) stream.write(toEvent(message, eventId))
  }

  /** Ends every open push stream in good order. */
  endPushStreams(): void {
    for (const stream of this.#pushStreams) stream.end()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await shutDown(this.#server)
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request)
    if (!body) return
    const seen = toSeenRequest(request, body.toString(), this.#connections.get(request.socket) ?? -1)
    this.seen.push(seen)
    if (seen.path !== '/mcp') return refuse(response, 404)
    if (seen.verb === 'GET') return this.#openPushStream(response)
    if (seen.verb === 'DELETE') return this.#endSession(seen, response)
    if (seen.id === undefined || seen.method === '') return refuse(response, this.#options.noticeStatus?.(seen) ?? 202)
    await this.#answer(seen, response)
  }

  #openPushStream(response: ServerResponse): void {
    if (!this.#options.pushStream) return refuse(response, 405)
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    this.#pushStreams.add(response)
    response.on('close', () => this.#pushStreams.delete(response))
  }

  #endSession({ headers }: SeenRequest, response: ServerResponse): void {
    if (this.#options.hangOnDelete === true) return
    const isKnown = this.sessions.delete(String(headers['mcp-session-id']))
    if (isKnown) this.endedSessions++
    refuse(response, isKnown ? 200 : 404)
  }

  async #answer(seen: SeenRequest, response: ServerResponse): Promise<void> {
    this.counts.add(seen)
    const delayMs = this.#options.delayMs?.(seen) ?? 0
    if (delayMs > 0) await sleep(systemClock, delayMs)
    const fault = this.#options.fault?.(seen)
    if (fault === 'session-lost') this.sessions.delete(String(seen.headers['mcp-session-id']))
    const refusal = this.#refusal(seen)
    if (refusal) return this.#refuseCall(seen, response, refusal)
    if (seen.method === 'subscriptions/listen') return this.#listenTo(seen, response)
    if (fault === 'hang') return
    if (fault === 'reset') return void response.destroy()
    if (typeof fault === 'object' && 'status' in fault) {
      return void response.writeHead(fault.status, fault.headers).end(fault.body)
    }
    this.#send(response, seen, fault)
    this.#previousId = seen.id
  }

  #refusal({ headers, method, params }: SeenRequest): { readonly status: number; readonly code: number } | undefined {
    const isModern = headers['mcp-protocol-version'] === modernVersion || namesVersion(params['_meta'])
    if (isModern && this.#options.era !== 'legacy') {
      return headers['mcp-method'] === method ? undefined : { status: 400, code: -32_020 }
    }
    if (isModern && method === 'server/discover') return { status: 400, code: -32_000 }
    if (this.#options.era === 'modern') return { status: 400, code: -32_022 }
    if (method === 'initialize' || this.#options.sessions !== true) return undefined
    const session = headers['mcp-session-id']
    if (session === undefined) return { status: 400, code: -32_000 }
    return this.sessions.has(String(session)) ? undefined : { status: 404, code: -32_001 }
  }

  #refuseCall({ id }: SeenRequest, response: ServerResponse, { status, code }: { status: number; code: number }): void {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ jsonrpc: '2.0', id, error: { code, message: 'refused' } }))
  }

  #listenTo({ id }: SeenRequest, response: ServerResponse): void {
    const params = { _meta: { 'io.modelcontextprotocol/subscriptionId': id }, notifications: {} }
    this.#openPushStream(response)
    response.write(toEvent({ jsonrpc: '2.0', method: 'notifications/subscriptions/acknowledged', params }))
  }

  #hold(response: ServerResponse, body: string): void {
    response.write(body)
    this.#heldAnswers.add(response)
    response.on('close', () => this.#heldAnswers.delete(response))
  }

  #newSession(): string {
    const session = randomUUID()
    this.sessions.add(session)
    return session
  }

  #send(response: ServerResponse, seen: SeenRequest, fault: Fault | undefined): void {
    const reply = toReply({
      seen,
      fault,
      asSse: this.#options.replies === 'sse',
      previousId: this.#previousId,
      tools: this.#options.tools,
    })
    const givesSession = this.#options.sessions !== false && seen.method === 'initialize'
    response.writeHead(200, { 'content-type': reply.contentType, ...(givesSession && { 'mcp-session-id': this.#newSession() }) })
    if (fault === 'answer-and-hold') return this.#hold(response, reply.body)
    if (fault !== 'cut') return void response.end(reply.body)
    response.write(reply.body.slice(0, reply.body.length / 2), () => response.destroy())
  }
}

/** Every modern request says in its `_meta` what it speaks; an older one may have a progress token there. */
const namesVersion = (meta: unknown): boolean =>
  typeof meta === 'object' && meta !== null && 'io.modelcontextprotocol/protocolVersion' in meta

function refuse(response: ServerResponse, status: number): void {
  if (status === 0) return void response.destroy()
  response.writeHead(status).end()
}
