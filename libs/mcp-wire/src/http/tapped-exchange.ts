import type { Clock } from '@squall/time'
import type { WireEvent, WireTap } from '../wire-tap.ts'
import type { HttpExchange, HttpRequest, HttpSink, ReplyHeaders, RunningExchange } from './http-exchange.ts'
import { isEventStream } from './media-type.ts'

/** Headers of an answer that tell something about MCP or about what went wrong. */
const tellingHeaders = [
  'mcp-session-id',
  'mcp-protocol-version',
  'location',
  'retry-after',
  'www-authenticate',
  'content-encoding',
]

/** An exchange that lets a tap hear what goes through it. */
export class TappedExchange implements HttpExchange {
  readonly #inner: HttpExchange
  readonly #tap: WireTap
  readonly #clock: Clock
  #exchanges = 0

  constructor(inner: HttpExchange, tap: WireTap, clock: Clock) {
    this.#inner = inner
    this.#tap = tap
    this.#clock = clock
  }

  send(request: HttpRequest, sink: HttpSink, nowMs?: number): RunningExchange {
    const exchange = ++this.#exchanges
    const { verb, path, headers, ownHeaders = [], body = '' } = request
    const tell = (event: Omit<WireEvent, 'atMs' | 'exchange'>): void =>
      this.#tap.heard({ ...event, exchange, atMs: this.#clock.monotonicMs() })
    tell({ direction: 'sent', carrier: `${verb} ${path}`, headers: toRecord([...headers, ...ownHeaders]), text: body })
    return this.#inner.send(request, new TappedSink(sink, tell), nowMs)
  }

  close(): Promise<void> {
    return this.#inner.close()
  }
}

/** Names and values in turn, as an object. */
function toRecord(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(pairs.flatMap((name, index) => (index % 2 === 0 ? [[name, pairs[index + 1] ?? '']] : [])))
}

class TappedSink implements HttpSink {
  readonly #inner: HttpSink
  readonly #tell: (event: Omit<WireEvent, 'atMs' | 'exchange'>) => void
  readonly #decoder = new TextDecoder()
  #carrier = ''
  #isStream = false
  /** Of an answer that is no stream: told when it is whole. */
  #text = ''

  constructor(inner: HttpSink, tell: (event: Omit<WireEvent, 'atMs' | 'exchange'>) => void) {
    this.#inner = inner
    this.#tell = tell
  }

  onWritten(bodyBytes: number): void {
    this.#inner.onWritten(bodyBytes)
  }

  onHead(status: number, headers: ReplyHeaders): void {
    const type = headers.get('content-type') ?? ''
    this.#isStream = isEventStream(type)
    this.#carrier = `${status} ${type}`.trim()
    const told = tellingHeaders.flatMap((name) => {
      const value = headers.get(name)
      return value === undefined ? [] : [[name, value] as const]
    })
    this.#tell({ direction: 'received', carrier: this.#carrier, headers: Object.fromEntries(told), text: '' })
    this.#inner.onHead(status, headers)
  }

  onChunk(chunk: Buffer, isLast: boolean): void {
    const text = this.#decoder.decode(chunk, { stream: true })
    if (this.#isStream) this.#say(text)
    else this.#text += text
    this.#inner.onChunk(chunk, isLast)
  }

  onEnd(): void {
    if (this.#text !== '') this.#say(this.#text)
    this.#inner.onEnd()
  }

  onFailure(error: Error): void {
    this.#tell({ direction: 'received', carrier: `broken off: ${error.message}`, headers: {}, text: this.#text })
    this.#inner.onFailure(error)
  }

  #say(text: string): void {
    this.#tell({ direction: 'received', carrier: '', headers: {}, text })
  }
}
