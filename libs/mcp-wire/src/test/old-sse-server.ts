import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import type { SeenMessage } from './ws-server.ts'

export interface OldSseOptions {
  /** What the first event names as the endpoint; `/messages?s=1` unless told, nothing where empty. */
  readonly endpoint?: string
  readonly streamStatus?: number
  readonly contentType?: string
  /** The status of the answer to a POST; 202 unless told, none but the message's own answer where undefined, 0 for a broken socket. */
  readonly postStatus?: (message: SeenMessage) => number | undefined
  /** What is written on the stream once a message came. */
  readonly onMessage?: (message: SeenMessage, server: OldSseServer) => void
}

/** A server of 2024-11-05: a GET opens the stream, its first event says where to POST, and all answers come on it. */
export class OldSseServer implements AsyncDisposable {
  readonly seen: SeenMessage[] = []
  readonly paths: string[] = []
  readonly headers: Readonly<Record<string, unknown>>[] = []
  readonly #options: OldSseOptions
  readonly #server = createServer((request, response) => void this.#handle(request, response))
  #stream: ServerResponse | undefined

  private constructor(options: OldSseOptions) {
    this.#options = options
  }

  static async start(options: OldSseOptions = {}): Promise<OldSseServer> {
    const server = new OldSseServer(options)
    server.#server.listen(0, '127.0.0.1')
    await once(server.#server, 'listening')
    return server
  }

  get url(): string {
    // A listening server of TCP has such an address.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/sse`
  }

  /** How many sockets clients hold open. */
  get connections(): Promise<number> {
    return promisify(this.#server.getConnections.bind(this.#server))()
  }

  /** Writes on the stream as it is. */
  write(text: string): void {
    this.#stream?.write(text)
  }

  /** Says a JSON-RPC message on the stream. */
  say(message: object): void {
    this.write(`event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`)
  }

  /** Ends the stream, in good order or not. */
  end(how: 'properly' | 'abruptly'): void {
    if (how === 'properly') this.#stream?.end()
    else this.#stream?.destroy()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.paths.push(`${request.method} ${request.url}`)
    this.headers.push(request.headers)
    if (request.method === 'GET') return this.#openStream(response)
    const message = JSON.parse(await text(request)) as SeenMessage
    this.seen.push(message)
    const { postStatus = (): number => 202 } = this.#options
    const status = postStatus(message)
    if (status === 0) return void response.destroy()
    if (status !== undefined) response.writeHead(status).end('Accepted')
    if (status === 202 || status === undefined) (this.#options.onMessage ?? usualAnswer)(message, this)
  }

  #openStream(response: ServerResponse): void {
    const { streamStatus = 200, contentType = 'text/event-stream', endpoint = '/messages?s=1' } = this.#options
    response.writeHead(streamStatus, { 'content-type': contentType })
    if (streamStatus !== 200) return void response.end()
    this.#stream = response
    response.write(endpoint === '' ? ': nothing\n\n' : `event: endpoint\ndata: ${endpoint}\n\n`)
  }
}

function usualAnswer({ id, method }: SeenMessage, server: OldSseServer): void {
  if (id !== undefined && method !== undefined) server.say({ id, result: { content: [{ type: 'text', text: 'hi' }] } })
}
