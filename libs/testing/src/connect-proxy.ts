import { createServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { listen, shutDown } from './listen.ts'

/** An HTTP proxy that forwards plain requests and opens tunnels for the rest, and remembers for whom and to where. */
export class ConnectProxy implements AsyncDisposable {
  readonly used: { readonly to: string; readonly authorization: string | undefined }[] = []
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #port = 0

  private constructor() {
    this.#server = createServer((request, response) => this.#forward(request, response))
    this.#server.on('connect', (request, client: Socket) => this.#tunnel(request, client))
  }

  /** Starts one on a free port of 127.0.0.1. */
  static async start(): Promise<ConnectProxy> {
    const proxy = new ConnectProxy()
    proxy.#port = await listen(proxy.#server)
    return proxy
  }

  /** @param credentials such as `user:password`. */
  url(credentials?: string): string {
    return `http://${credentials === undefined ? '' : `${credentials}@`}127.0.0.1:${this.#port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await shutDown(this.#server)
  }

  #forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method, headers, url = '' } = incoming
    this.used.push({ to: new URL(url).host, authorization: headers['proxy-authorization'] })
    const onward = forward(url, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  }

  #tunnel({ url = '', headers }: IncomingMessage, client: Socket): void {
    this.used.push({ to: url, authorization: headers['proxy-authorization'] })
    const [host = '', port] = url.split(':')
    const server = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      server.pipe(client).pipe(server)
    })
    for (const socket of [client, server]) {
      this.#sockets.add(socket)
      // One end breaks the other.
      socket.on('error', () => [client, server].forEach((end) => end.destroy()))
    }
  }
}
