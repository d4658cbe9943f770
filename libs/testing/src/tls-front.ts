import { request as forward } from 'node:http'
import { createServer, type Server, type ServerOptions } from 'node:https'
import { listen, shutDown } from './listen.ts'

/** A TLS server that hands every request on to a plain one, as a load balancer does. */
export class TlsFront implements AsyncDisposable {
  readonly #server: Server
  #port = 0
  /** The proxied server's path. */
  readonly #path: string

  private constructor(target: URL, options: ServerOptions) {
    this.#path = target.pathname
    this.#server = createServer(options, (incoming, outgoing) => {
      const { method, headers, url: path } = incoming
      const onward = forward({ host: target.hostname, port: target.port, method, headers, path }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      })
      onward.on('error', () => outgoing.destroy())
      incoming.pipe(onward)
    })
  }

  /** @param url of the plain server. @param options with the key and the certificate, and what is asked of clients. */
  static async start(url: string, options: ServerOptions): Promise<TlsFront> {
    const front = new TlsFront(new URL(url), options)
    front.#port = await listen(front.#server)
    return front
  }

  get url(): string {
    return `https://127.0.0.1:${this.#port}${this.#path}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await shutDown(this.#server)
  }
}
