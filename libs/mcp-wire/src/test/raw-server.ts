import { createServer, type Server, type Socket } from 'node:net'

/** A request as the raw server saw it. */
export interface RawRequest {
  /** The id of its message, as JSON. */
  readonly id: string
  readonly head: string
  /** How many requests came before, on all connections. */
  readonly turn: number
}

/** What the server does about a request. */
export type RawScript = (socket: Socket, request: RawRequest) => void

/** A server that says whatever it is told, HTTP or not. It reads requests with a length, one at a time on a connection. */
export class RawServer implements AsyncDisposable {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly requests: RawRequest[] = []
  connectionCount = 0
  /** What it sent on connections that are closed by now. */
  bytesWritten = 0

  private constructor(script: RawScript) {
    this.#server = createServer((socket) => {
      this.connectionCount++
      this.#sockets.add(socket)
      // A client may break off at any point; what it thinks of the answer is looked at on its side.
      socket.on('error', () => undefined)
      socket.on('close', () => {
        this.bytesWritten += socket.bytesWritten
        this.#sockets.delete(socket)
      })
      this.#serve(socket, script)
    })
  }

  static async start(script: RawScript): Promise<RawServer> {
    const server = new RawServer(script)
    await new Promise<void>((resolve) => void server.#server.listen(0, '127.0.0.1', resolve))
    return server
  }

  get origin(): string {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new TypeError('the server does not listen on a port')
    return `http://127.0.0.1:${address.port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => void this.#server.close(resolve))
  }

  #serve(socket: Socket, script: RawScript): void {
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      const headEnd = text.indexOf('\r\n\r\n')
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
      if (headEnd < 0 || text.length < headEnd + 4 + length) return
      const body = text.slice(headEnd + 4, headEnd + 4 + length)
      const request = { id: /"id":("[^"]*"|\d+)/.exec(body)?.[1] ?? '', head: text.slice(0, headEnd), turn: this.requests.length }
      text = text.slice(headEnd + 4 + length)
      this.requests.push(request)
      script(socket, request)
    })
  }
}

/** The JSON of a right answer to a tool call. */
export const rightAnswer = ({ id }: RawRequest): string => `{"jsonrpc":"2.0","id":${id},"result":{"content":[]}}`

/** An HTTP answer with a body of known length. */
export function reply(body: string | Buffer, { status = '200 OK', headers = ['content-type: application/json'] } = {}): Buffer {
  const head = [`HTTP/1.1 ${status}`, ...headers, `content-length: ${Buffer.byteLength(body)}`, '', ''].join('\r\n')
  return Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body)])
}

/** Sends the same bytes until the other side has enough. */
export function sendWithoutEnd(socket: Socket, bytes: Buffer): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(bytes));
  }
  socket.on('drain', more)
  more()
}
