import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

/** A request, a notification or an answer, as the server read it. */
export interface SeenMessage {
  readonly id?: string | number
  readonly method?: string
  readonly params?: Readonly<Record<string, unknown>>
  readonly result?: unknown
}

/** What a server does with one message. */
export type SocketDoing = (message: SeenMessage, socket: WebSocket, server: WsServer) => void

/** An MCP server on a WebSocket that does what its requests' method says, rightly or wrongly. */
export class WsServer implements AsyncDisposable {
  readonly seen: SeenMessage[] = []
  readonly headers: Readonly<Record<string, unknown>>[] = []
  /** With which codes clients left. */
  readonly closeCodes: number[] = []
  readonly #server: Server
  readonly #scheme: 'ws' | 'wss'
  readonly #sockets = new WebSocketServer({ noServer: true })
  readonly #doings: Readonly<Record<string, SocketDoing>>

  private constructor(doings: Readonly<Record<string, SocketDoing>>, refusal: number, tls: ServerOptions | undefined) {
    this.#scheme = tls ? 'wss' : 'ws'
    this.#server = tls ? createTlsServer(tls) : createServer()
    this.#doings = { ...usualDoings, ...doings }
    this.#server.on('upgrade', (request, socket, head) => {
      this.headers.push(request.headers)
      if (refusal > 0) socket.end(`HTTP/1.1 ${refusal} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
      else this.#sockets.handleUpgrade(request, socket, head, (client) => this.#serve(client))
    })
  }

  /**
   * @param refusal the status with which every socket is refused; 0 for none.
   * @param tls for wss, with the key and the certificate, and what is asked of clients.
   */
  static async start(doings: Readonly<Record<string, SocketDoing>> = {}, refusal = 0, tls?: ServerOptions): Promise<WsServer> {
    const server = new WsServer(doings, refusal, tls)
    server.#server.listen(0, '127.0.0.1')
    await once(server.#server, 'listening')
    return server
  }

  get url(): string {
    // A listening server of TCP has such an address.
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}/mcp`
  }

  /** The open socket of the only client. */
  get socket(): WebSocket {
    const [socket] = this.#sockets.clients
    if (socket === undefined) throw new Error('no client is connected')
    return socket
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#sockets.clients) client.terminate()
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #serve(client: WebSocket): void {
    client.on('close', (code) => this.closeCodes.push(code))
    client.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as SeenMessage
      this.seen.push(message)
      this.#doings[message.method ?? '']?.(message, client, this)
    })
  }
}

/** Says a JSON-RPC message. */
export const say = (socket: WebSocket, message: object): void => socket.send(JSON.stringify({ jsonrpc: '2.0', ...message }))

const usualDoings: Readonly<Record<string, SocketDoing>> = {
  initialize: ({ id, params }, socket) =>
    say(socket, {
      id,
      result: {
        protocolVersion: params?.['protocolVersion'],
        capabilities: { tools: {} },
        serverInfo: { name: 'ws', version: '1' },
      },
    }),
  ping: ({ id }, socket) => say(socket, { id, result: {} }),
  'tools/call': ({ id }, socket) => say(socket, { id, result: { content: [{ type: 'text', text: 'hi' }] } }),
}
