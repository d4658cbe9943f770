import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Takes what Prometheus clients push, as its push gateway does. */
export class PushGateway implements AsyncDisposable {
  /** What was pushed, in Prometheus' text format, in the order it came. */
  readonly pushed: string[] = []
  readonly #server: Server

  private constructor() {
    this.#server = createServer((request, response) => {
      let body = ''
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
      request.on('end', () => {
        this.pushed.push(body)
        response.writeHead(200).end()
      })
    })
  }

  static async start(): Promise<PushGateway> {
    const gateway = new PushGateway()
    await new Promise<void>((resolve) => gateway.#server.listen(0, '127.0.0.1', resolve))
    return gateway
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
