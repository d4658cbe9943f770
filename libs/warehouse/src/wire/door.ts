import { Server as TcpServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** The way in: the listening socket and the connections that came through it. */
export class Door {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #kept = new WeakSet<Socket>()
  readonly #reportBug: (error: unknown) => void
  #address: AddressInfo | undefined

  /** @param reportBug hears when the port, once closed, cannot be taken again. */
  constructor(server: Server, reportBug: (error: unknown) => void) {
    this.#server = server
    this.#reportBug = reportBug
    server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
  }

  get connections(): number {
    return this.#sockets.size
  }

  /** From now on this connection is not broken. */
  keep(socket: Socket): void {
    this.#kept.add(socket)
  }

  /** Breaks all connections that are not kept, and says how many. */
  breakConnections(): number {
    const broken = [...this.#sockets].filter((socket) => !this.#kept.has(socket))
    for (const socket of broken) socket.resetAndDestroy()
    return broken.length
  }

  /** Stops listening; connections stay. */
  close(): void {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') return
    this.#address = address
    // An HTTP server's own `close` would also close idle connections, the admin API's among them.
    TcpServer.prototype.close.call(this.#server)
  }

  /** Listens again where it did. */
  open(): void {
    if (!this.#address || this.#server.listening) return
    const { address: host, port } = this.#address
    this.#server.once('error', this.#reportBug)
    this.#server.listen({ host, port }, () => this.#server.off('error', this.#reportBug))
  }
}
