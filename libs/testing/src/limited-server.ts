import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { sleep, systemClock } from '@squall/time'
import { listen, shutDown } from './listen.ts'
import { modernVersion, resultOf } from './scripted-results.ts'
import { readBody, toSeenRequest, type SeenRequest } from './seen-request.ts'

/** What holds a server back, so that what it can carry is known beforehand. Its work is waiting, which costs no processor time. */
export interface ServerLimits {
  /** Calls that are served at once; others wait in the order they came. */
  readonly slots: number
  /** How long one call holds its slot. */
  readonly serviceMs: number
  /** Of that, the part that only one call at a time may be in: a lock. */
  readonly lockMs?: number
  /** What every other call in a slot adds to one's time: the cost of agreeing. */
  readonly agreeingMs?: number
  /** Beyond so many calls in the server, each takes `cliffFactor` times as long: it has run out of memory and swaps. */
  readonly cliffAt?: number
  readonly cliffFactor?: number
  /** More calls than this in a second are turned away with 429. */
  readonly ratePerSecond?: number
  /** How long the tool `rest` takes, which needs no slot. */
  readonly restMs?: number
}

/** An MCP server with known limits; its metrics tell what a server with a connection pool would tell. */
export class LimitedServer implements AsyncDisposable {
  readonly #limits: ServerLimits
  readonly #server: Server
  readonly #waiting: (() => void)[] = []
  #lock: Promise<void> = Promise.resolve()
  #inSlots = 0
  #inside = 0
  #second = 0
  #callsInSecond = 0
  #waitedSeconds = 0
  #acquired = 0
  #port = 0
  /** Calls that were answered with a result. */
  answered = 0

  private constructor(limits: ServerLimits) {
    this.#limits = limits
    this.#server = createServer((request, response) => void this.#handle(request, response))
  }

  /** Starts one on a free port of 127.0.0.1. */
  static async start(limits: ServerLimits): Promise<LimitedServer> {
    const limited = new LimitedServer(limits)
    limited.#port = await listen(limited.#server)
    return limited
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/mcp`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await shutDown(this.#server)
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request)
    if (!body) return
    const seen = toSeenRequest(request, body.toString(), 0)
    if (seen.path === '/metrics') return void response.end(this.#metrics())
    if (seen.verb !== 'POST') return end(response, seen.verb === 'DELETE' ? 200 : 405)
    if (seen.id === undefined) return end(response, 202)
    if (seen.method === 'tools/call') {
      if (this.#isTooMany()) return end(response, 429)
      await (seen.tool === 'rest' ? sleep(systemClock, this.#limits.restMs ?? 0) : this.#serve())
      this.answered += 1
    }
    reply(response, seen)
  }

  #isTooMany(): boolean {
    const { ratePerSecond } = this.#limits
    if (ratePerSecond === undefined) return false
    const second = Math.floor(systemClock.monotonicMs() / 1000)
    if (second !== this.#second) [this.#second, this.#callsInSecond] = [second, 0]
    this.#callsInSecond += 1
    return this.#callsInSecond > ratePerSecond
  }

  async #serve(): Promise<void> {
    const { slots, serviceMs, lockMs = 0, agreeingMs = 0, cliffAt = Number.POSITIVE_INFINITY, cliffFactor = 1 } = this.#limits
    this.#inside += 1
    const cameMs = systemClock.monotonicMs()
    if (this.#inSlots >= slots) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#inSlots += 1
    this.#acquired += 1
    this.#waitedSeconds += (systemClock.monotonicMs() - cameMs) / 1000
    const factor = this.#inside > cliffAt ? cliffFactor : 1
    await sleep(systemClock, (serviceMs - lockMs + agreeingMs * (this.#inSlots - 1)) * factor)
    if (lockMs > 0) await this.#holdLock(lockMs)
    this.#inside -= 1
    const next = this.#waiting.shift()
    if (next === undefined) this.#inSlots -= 1
    else next()
  }

  #holdLock(lockMs: number): Promise<void> {
    this.#lock = this.#lock.then(() => sleep(systemClock, lockMs))
    return this.#lock
  }

  #metrics(): string {
    return [
      '# TYPE db_client_connections_usage gauge',
      `db_client_connections_usage{state="used"} ${this.#inSlots}`,
      `db_client_connections_max ${this.#limits.slots}`,
      `db_client_connections_wait_time_seconds_sum ${this.#waitedSeconds}`,
      `db_client_connections_wait_time_seconds_count ${this.#acquired}`,
      '',
    ].join('\n')
  }
}

const tools = { work: () => 'done', rest: () => 'rested' }

function reply(response: ServerResponse, seen: SeenRequest): void {
  const result = resultOf(seen, tools)
  const modern = seen.headers['mcp-protocol-version'] === modernVersion ? { resultType: 'complete' } : {}
  const body =
    result === undefined
      ? { jsonrpc: '2.0', id: seen.id, error: { code: -32_601, message: 'unknown method' } }
      : { jsonrpc: '2.0', id: seen.id, result: { ...(result as object), ...modern } }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

const end = (response: ServerResponse, status: number): void => void response.writeHead(status).end()
