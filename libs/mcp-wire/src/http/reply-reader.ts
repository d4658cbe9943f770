import { isUtf8 } from 'node:buffer'
import type { ReplyHeaders } from './http-exchange.ts'
import { SseParser } from '../sse/sse-parser.ts'

/** How a body is to be read; `other` is kept for excerpts alone. */
type BodyKind = 'json' | 'sse' | 'other'

export interface ReplyEvents {
  /** One whole JSON text: the body, or an event's data. */
  onText(text: string): void
  /** The body broke a rule: too large, or no UTF-8. */
  onBroken(why: string): void
}

/** Puts the body of an answer together, as one JSON text or as a stream of events. */
export class ReplyReader {
  readonly kind: BodyKind
  readonly #events: ReplyEvents
  readonly #largestBytes: number
  readonly #sse: SseParser | undefined
  readonly #chunks: Uint8Array[] = []
  #bytes = 0

  constructor(headers: ReplyHeaders, largestBytes: number, events: ReplyEvents) {
    this.kind = bodyKind(headers)
    this.#events = events
    this.#largestBytes = largestBytes
    if (this.kind === 'sse') {
      this.#sse = new SseParser(({ data }) => data !== '' && events.onText(data), largestBytes)
    }
  }

  get lastEventId(): string | undefined {
    return this.#sse?.lastEventId
  }

  get retryMs(): number | undefined {
    return this.#sse?.retryMs
  }

  /** The beginning of a body that is no stream. */
  get excerpt(): string {
    return Buffer.concat(this.#chunks).subarray(0, excerptBytes).toString()
  }

  /** @param isLast the chunk need not outlive the call of `end` that follows it. */
  push(chunk: Uint8Array, isLast: boolean): void {
    this.#bytes += chunk.length
    if (this.#sse) {
      if (!this.#sse.push(chunk)) this.#events.onBroken(`an event of more than ${this.#largestBytes} bytes`)
    } else if (this.#bytes > this.#largestBytes) this.#events.onBroken(`a body of more than ${this.#largestBytes} bytes`)
    else this.#chunks.push(isLast ? chunk : chunk.slice())
  }

  /** To be called at the body's end: hands over the text of a JSON body. */
  end(): void {
    if (this.kind === 'json') this.#events.onText(this.text())
  }

  text(): string {
    const [first] = this.#chunks
    const whole =
      first && this.#chunks.length === 1 ? Buffer.from(first.buffer, first.byteOffset, first.length) : Buffer.concat(this.#chunks)
    if (!isUtf8(whole)) this.#events.onBroken('a body that is no UTF-8')
    return whole.toString()
  }
}

const excerptBytes = 500

function bodyKind(headers: ReplyHeaders): BodyKind {
  const encoding = headers.get('content-encoding')
  if (encoding !== undefined && encoding !== 'identity') return 'other'
  const type = headers.get('content-type') ?? ''
  if (type.startsWith('application/json')) return 'json'
  return type.startsWith('text/event-stream') ? 'sse' : 'other'
}
