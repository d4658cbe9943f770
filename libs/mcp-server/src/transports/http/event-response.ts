import type { Exchange, Headers } from './exchange.ts'

/** A client that leaves more than this unread is cut off: it may come back for what it missed. */
const mostUnreadBytes = 4 * 1_048_576

export interface ServerEvent {
  readonly id?: string
  readonly data?: string
  /** How long a client shall wait before it comes back, in milliseconds. */
  readonly retryMs?: number
}

/** One reply as a stream of server-sent events; what its client does not read is bounded. */
export class EventResponse {
  readonly #exchange: Exchange

  /**
   * Starts the reply.
   * @param onClose told when the connection is gone, or the reply has ended.
   */
  constructor(exchange: Exchange, headers: Headers, onClose: () => void) {
    this.#exchange = exchange
    exchange.response.once('close', onClose)
    exchange.startEvents(headers)
  }

  send({ id, data, retryMs }: ServerEvent): void {
    const fields = [
      ...(id === undefined ? [] : [`id: ${id}`]),
      ...(retryMs === undefined ? [] : [`retry: ${retryMs}`]),
      ...(data === undefined ? [] : [`data: ${data}`]),
    ]
    this.#write(`${fields.join('\n')}\n\n`)
  }

  /** A comment keeps the stream open through proxies. */
  keepAlive(): void {
    this.#write(': keepalive\n\n')
  }

  end(): void {
    this.#exchange.response.end()
  }

  #write(text: string): void {
    const { response } = this.#exchange
    if (response.destroyed || response.writableEnded) return
    response.write(text)
    if (response.writableLength > mostUnreadBytes) response.destroy()
  }
}
