import { type BrotliOptions, brotliDecompressSync, gunzipSync, inflateSync, type ZlibOptions } from 'node:zlib'
import { type SseBreach, SseParser } from '../sse/sse-parser.ts'
import type { ReplyHeaders } from './http-exchange.ts'
import { isEventStream, isJson } from './media-type.ts'
import { utf8Text } from './utf8-text.ts'

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
  readonly #encoding: string | undefined
  readonly #sse: SseParser | undefined
  /** The body if it came in one piece, else its first. */
  #first: Buffer | undefined
  #further: Buffer[] | undefined
  #bytes = 0

  constructor(headers: ReplyHeaders, largestBytes: number, events: ReplyEvents) {
    const { kind, encoding } = formOf(headers)
    this.kind = kind
    this.#encoding = encoding
    this.#events = events
    this.#largestBytes = largestBytes
    if (this.kind === 'sse') this.#sse = new SseParser(({ data }) => data !== '' && events.onText(data), largestBytes)
  }

  get lastEventId(): string | undefined {
    return this.#sse?.lastEventId
  }

  get retryMs(): number | undefined {
    return this.#sse?.retryMs
  }

  /** The beginning of a body that is no stream. */
  get excerpt(): string {
    return this.#whole().toString('utf8', 0, excerptBytes)
  }

  /** @param isLast the chunk need not outlive the call of `end` that follows it. */
  push(chunk: Buffer, isLast: boolean): void {
    this.#bytes += chunk.length
    if (this.#sse) this.#pushEvents(this.#sse, chunk)
    else if (this.#bytes > this.#largestBytes) this.#events.onBroken(`a body of more than ${this.#largestBytes} bytes`)
    else this.#keep(isLast ? chunk : Buffer.from(chunk))
  }

  /** To be called at the body's end: hands over the text of a JSON body. */
  end(): void {
    if (this.kind !== 'json') return
    const text = this.#text()
    if (text !== undefined) this.#events.onText(text)
  }

  #pushEvents(sse: SseParser, chunk: Buffer): void {
    if (this.#encoding !== undefined) return this.#events.onBroken(`a stream of events encoded as ${this.#encoding}`)
    const breach = sse.push(chunk)
    if (breach) this.#events.onBroken(describeBreach(breach, this.#largestBytes))
  }

  #keep(chunk: Buffer): void {
    if (this.#first) (this.#further ??= []).push(chunk)
    else this.#first = chunk
  }

  #whole(): Buffer {
    if (this.#first && this.#further) this.#first = Buffer.concat([this.#first, ...this.#further])
    this.#further = undefined
    return this.#first ?? nothing
  }

  /** @returns undefined where it was found to be broken. */
  #text(): string | undefined {
    const bytes = this.#encoding === undefined ? this.#whole() : this.#decoded(this.#encoding)
    if (!bytes) return undefined
    const text = utf8Text(bytes)
    if (text === undefined) this.#events.onBroken('a body that is no UTF-8')
    return text
  }

  /** This client asks for no encoding, but some servers and proxies encode all the same. */
  #decoded(encoding: string): Buffer | undefined {
    const decode = decoders[encoding]
    if (!decode) return this.#broken(`a body encoded as ${encoding}`)
    try {
      return decode(this.#whole(), { maxOutputLength: this.#largestBytes })
    } catch (error) {
      // zlib throws no other error for its input than what this message says.
      return this.#broken(`a body encoded as ${encoding} that cannot be decoded: ${(error as Error).message}`)
    }
  }

  #broken(why: string): undefined {
    this.#events.onBroken(why)
  }
}

interface BodyForm {
  readonly kind: BodyKind
  /** Absent where the bytes are as they are. */
  readonly encoding: string | undefined
}

/** Heads that are alike are one object, so that many answers in a row have the same. */
let lastHeaders: ReplyHeaders | undefined
let lastForm: BodyForm = { kind: 'other', encoding: undefined }

function formOf(headers: ReplyHeaders): BodyForm {
  if (headers === lastHeaders) return lastForm
  const encoding = headers.get('content-encoding')?.toLowerCase()
  lastHeaders = headers
  lastForm = { kind: bodyKind(headers.get('content-type')), encoding: encoding === 'identity' ? undefined : encoding }
  return lastForm
}

const excerptBytes = 500
const nothing = Buffer.alloc(0)

const decoders: Readonly<Record<string, (bytes: Buffer, options: ZlibOptions & BrotliOptions) => Buffer>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
}

function describeBreach(breach: SseBreach, largestBytes: number): string {
  return breach === 'too-large' ? `an event of more than ${largestBytes} bytes` : 'a stream that is no UTF-8'
}

function bodyKind(type = ''): BodyKind {
  if (isJson(type)) return 'json'
  return isEventStream(type) ? 'sse' : 'other'
}
