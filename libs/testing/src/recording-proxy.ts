import { createServer, type IncomingMessage, request as forward, type Server, type ServerResponse } from 'node:http'
import { CallCounts } from './call-counts.ts'
import { listen, shutDown } from './listen.ts'
import { readBody, toSeenRequest } from './seen-request.ts'

/** Passes HTTP on to one target, byte for byte, and counts the MCP calls and the bytes of bodies that came through. */
export class RecordingProxy implements AsyncDisposable {
  readonly counts = new CallCounts()
  /** Session ids the target gave out. */
  readonly sessions = new Set<string>()
  bytesFromClients = 0
  bytesToClients = 0
  readonly #target: URL
  readonly #server: Server
  #port = 0

  private constructor(target: string) {
    this.#target = new URL(target)
    this.#server = createServer((request, response) => void this.#handle(request, response))
  }

  /** @param target the URL of an MCP endpoint; the proxy answers under the same path. */
  static async start(target: string): Promise<RecordingProxy> {
    const proxy = new RecordingProxy(target)
    proxy.#port = await listen(proxy.#server)
    return proxy
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}${this.#target.pathname}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await shutDown(this.#server)
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request)
    if (!body) return
    this.bytesFromClients += body.length
    this.counts.add(toSeenRequest(request, body.toString(), 0))
    const { method, headers, url } = request
    const passedOn = forward(new URL(url ?? '/', this.#target), { method, headers: { ...headers, host: this.#target.host } })
    passedOn.on('error', () => response.destroy())
    passedOn.on('response', (answer) => this.#passBack(answer, response))
    response.on('close', () => passedOn.destroy())
    passedOn.end(body)
  }

  #passBack(answer: IncomingMessage, response: ServerResponse): void {
    const session = answer.headers['mcp-session-id']
    if (typeof session === 'string') this.sessions.add(session)
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders).flushHeaders()
    answer.on('error', () => response.destroy())
    answer.on('data', (chunk: Buffer) => (this.bytesToClients += chunk.length))
    answer.pipe(response)
  }
}
