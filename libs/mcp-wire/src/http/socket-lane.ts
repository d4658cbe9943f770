import type { Socket } from 'node:net'
import type { Clock } from '@squall/time'
import { type HttpSink, MalformedReply, type ReplyHeaders, type RunningExchange } from './http-exchange.ts'
import type { OpenSocket } from './open-socket.ts'
import type { ReplyHead } from './reply-head.ts'
import { type ReplyParts, ReplyParser } from './reply-parser.ts'
import type { RequestText } from './request-writer.ts'

/** A request on its way, and whoever waits for its answer. */
export class Errand implements RunningExchange {
  readonly request: RequestText
  readonly sink: HttpSink
  /** The connection it is on. */
  lane: SocketLane | undefined
  /** Whether it is sent again on a new connection, since the one before turned out to be closed. */
  isSecondTry = false

  constructor(request: RequestText, sink: HttpSink) {
    this.request = request
    this.sink = sink
  }

  abort(): void {
    this.lane?.abort(this)
  }
}

/** The exchange that a lane belongs to. */
export interface LaneHost {
  readonly clock: Clock
  /** The lane may get another errand. */
  onFree(lane: SocketLane, head: ReplyHead): void
  /** The connection is gone, or must not be used again. */
  onGone(lane: SocketLane): void
  /** The connection had been closed before the request came to the server. */
  onNeverReached(errand: Errand): void
}

/** One connection to the server, and the request that is under way on it. */
export class SocketLane implements ReplyParts {
  readonly #host: LaneHost
  readonly #socket: Socket
  readonly #parser = new ReplyParser(this)
  #errand: Errand | undefined
  #isConnected = false
  #isGone = false
  #hasServed = false
  #hasAnswerBegun = false
  /** The head of an answer that has just become whole. */
  #wholeHead: ReplyHead | undefined
  /** When something last came in, on the host's clock. */
  readMs = 0
  /** From when on the server may close the idle connection, by its own word. */
  staleAtMs = Number.POSITIVE_INFINITY

  constructor(open: OpenSocket, host: LaneHost) {
    this.#host = host
    this.#socket = open(
      (length, bytes) => this.#read(length, bytes),
      () => this.#connected(),
    )
    this.#socket.on('end', () => this.#ended())
    this.#socket.on('error', (error) => this.#failed(error))
    this.#socket.on('close', () => this.#fail(new Error(closedByServer)))
  }

  start(errand: Errand): void {
    errand.lane = this
    this.#errand = errand
    this.#hasAnswerBegun = false
    if (this.#isConnected) this.#write(errand)
  }

  /** Gives up the connection if it is still on this errand. */
  abort(errand: Errand): void {
    if (this.#errand !== errand) return
    this.#errand = undefined
    this.destroy()
  }

  destroy(): void {
    if (this.#isGone) return
    this.#isGone = true
    this.#host.onGone(this)
    this.#socket.destroy()
  }

  /** Resolves once the socket of a destroyed lane is closed. */
  async closed(): Promise<void> {
    if (!this.#socket.closed) await new Promise((resolve) => void this.#socket.once('close', resolve))
  }

  onHead(status: number, headers: ReplyHeaders): void {
    this.#errand?.sink.onHead(status, headers, this.readMs)
  }

  onChunk(chunk: Buffer, isLast: boolean): void {
    this.#errand?.sink.onChunk(chunk, isLast)
  }

  onWhole(head: ReplyHead): void {
    this.#wholeHead = head
  }

  #connected(): void {
    this.#isConnected = true
    if (this.#errand) this.#write(this.#errand)
  }

  #write({ request, sink, isSecondTry }: Errand): void {
    this.#socket.write(request.head + request.body, request.isLatin1 ? 'latin1' : 'utf8')
    if (!isSecondTry) sink.onWritten(request.bodyBytes)
  }

  #read(length: number, bytes: Buffer): void {
    // What comes unasked would be taken for the answer to the next request.
    if (!this.#errand) return this.destroy()
    this.#hasAnswerBegun = true
    this.readMs = this.#host.clock.monotonicMs()
    try {
      const taken = this.#parser.push(bytes, length)
      if (this.#wholeHead) this.#finish(this.#wholeHead, taken === length)
    } catch (error) {
      if (!(error instanceof MalformedReply)) throw error
      this.#fail(error)
    }
  }

  #finish(head: ReplyHead, isClean: boolean): void {
    const errand = this.#errand
    this.#errand = undefined
    this.#wholeHead = undefined
    this.#hasServed = true
    // First, so that whoever hears of the end and asks again gets this connection.
    if (isClean && head.keepsAlive && !this.#isGone) this.#host.onFree(this, head)
    else this.destroy()
    errand?.sink.onEnd()
  }

  /** The server says that it sends nothing more. */
  #ended(): void {
    if (this.#parser.end() && this.#wholeHead) return this.#finish(this.#wholeHead, false)
    if (this.#hasAnswerBegun || !this.#hasServed || !this.#errand) return this.#fail(new Error(closedByServer))
    // If it closed the connection before the request came, its system has answered that with a reset, and now a write
    // fails at once. If it closed afterwards, the request may have been served, and must not be sent again.
    this.#socket.write('\r\n', 'latin1', (error) => {
      if (!error) this.#fail(new Error(closedByServer))
    })
  }

  #failed(error: Error): void {
    const errand = this.#errand
    const wasNeverReached = this.#hasServed && !this.#hasAnswerBegun && 'syscall' in error && error.syscall === 'write'
    if (!errand || !wasNeverReached || errand.isSecondTry) return this.#fail(error)
    this.#errand = undefined
    this.destroy()
    this.#host.onNeverReached(errand)
  }

  #fail(error: Error): void {
    const errand = this.#errand
    this.#errand = undefined
    this.destroy()
    errand?.sink.onFailure(error)
  }
}

const closedByServer = 'the server closed the connection'
