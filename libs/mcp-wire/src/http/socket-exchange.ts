import type { Clock } from '@squall/time'
import type { HttpExchange, HttpRequest, HttpSink, RunningExchange } from './http-exchange.ts'
import { type OpenSocket, openPlain, openTls } from './open-socket.ts'
import type { ReplyHead } from './reply-head.ts'
import { RequestWriter } from './request-writer.ts'
import { Errand, type LaneHost, SocketLane } from './socket-lane.ts'
import type { TlsOptions } from './tls-options.ts'

export interface SocketExchangeOptions {
  readonly clock: Clock
  /** Whether a socket serves more than one request. */
  readonly keepAlive: boolean
  readonly tls?: TlsOptions | undefined
}

/** So long before a server closes an idle connection, it is not used any more. */
const staleMarginMs = 1000

/**
 * HTTP/1.1 on plain sockets. A request leaves in one piece, and its answer is read where the system put it.
 *
 * A connection serves one request at a time; parallel requests take one each. Nothing is sent twice, but for a request of which it
 * is certain that it never came to the server: the connection had been idle, and the server's system refused what was sent on it.
 */
export class SocketExchange implements HttpExchange, LaneHost {
  readonly clock: Clock
  readonly #options: SocketExchangeOptions
  readonly #writer: RequestWriter
  readonly #open: OpenSocket
  readonly #idle: SocketLane[] = []
  /** All of them, which are few. */
  readonly #lanes: SocketLane[] = []

  /** @param url of the server; its path plays no part. */
  constructor(url: URL, options: SocketExchangeOptions) {
    this.#options = options
    this.clock = options.clock
    this.#writer = new RequestWriter(url.host, options.keepAlive ? 'keep-alive' : 'close')
    this.#open = url.protocol === 'https:' ? openTls(url, options.tls) : openPlain(url)
  }

  send(request: HttpRequest, sink: HttpSink, nowMs?: number): RunningExchange {
    const errand = this.#toErrand(request, sink)
    if (!errand) return neverBegun
    this.#takeLane(nowMs).start(errand)
    return errand
  }

  async close(): Promise<void> {
    const lanes = [...this.#lanes]
    for (const lane of lanes) lane.destroy()
    await Promise.all(lanes.map((lane) => lane.closed()))
  }

  onFree(lane: SocketLane, { idleSeconds }: ReplyHead): void {
    if (!this.#options.keepAlive) return lane.destroy()
    if (idleSeconds !== undefined) lane.staleAtMs = lane.readMs + idleSeconds * 1000 - staleMarginMs
    this.#idle.push(lane)
  }

  onGone(lane: SocketLane): void {
    remove(this.#lanes, lane)
    remove(this.#idle, lane)
  }

  onNeverReached(errand: Errand): void {
    errand.isSecondTry = true
    this.#openLane().start(errand)
  }

  #toErrand(request: HttpRequest, sink: HttpSink): Errand | undefined {
    try {
      return new Errand(this.#writer.write(request), sink)
    } catch (error) {
      // A header that cannot be sent is an outcome of this request like any other.
      sink.onFailure(error as Error)
      return undefined
    }
  }

  #takeLane(nowMs: number = this.clock.monotonicMs()): SocketLane {
    for (let lane = this.#idle.at(-1); lane; lane = this.#idle.at(-1)) {
      if (lane.staleAtMs > nowMs) {
        this.#idle.pop()
        return lane
      }
      lane.destroy()
    }
    return this.#openLane()
  }

  #openLane(): SocketLane {
    const lane = new SocketLane(this.#open, this)
    this.#lanes.push(lane)
    return lane
  }
}

const neverBegun: RunningExchange = { abort: () => undefined }

function remove(lanes: SocketLane[], lane: SocketLane): void {
  const place = lanes.indexOf(lane)
  if (place >= 0) lanes.splice(place, 1)
}
