import { StringDecoder } from 'node:string_decoder'

/** One server-sent event that carried data or an id. */
export interface SseEvent {
  /** `message` where the stream names none. */
  readonly type: string
  /** The data lines, joined by newlines; empty where the event only sets an id. */
  readonly data: string
  /** The id set by this event or one before it, for `Last-Event-ID`. */
  readonly lastEventId: string | undefined
}

/**
 * Reads a `text/event-stream`, however its bytes are cut.
 * Source: WHATWG HTML, section 9.2.6 "Interpreting an event stream".
 */
export class SseParser {
  readonly #onEvent: (event: SseEvent) => void
  readonly #largestEventChars: number
  readonly #decoder = new StringDecoder('utf8')
  #rest = ''
  #isFirst = true
  #skipsNewline = false
  #type = ''
  #data: string[] = []
  #dataChars = 0
  #isTooLarge = false
  #hasId = false
  #lastEventId: string | undefined
  #retryMs: number | undefined

  constructor(onEvent: (event: SseEvent) => void, largestEventChars: number) {
    this.#onEvent = onEvent
    this.#largestEventChars = largestEventChars
  }

  /** The pause before a reconnect that the server last asked for. */
  get retryMs(): number | undefined {
    return this.#retryMs
  }

  get lastEventId(): string | undefined {
    return this.#lastEventId
  }

  /**
   * Takes the next bytes and hands over every event they complete.
   * @returns false once an event grew beyond the limit: the stream must be given up.
   */
  push(chunk: Uint8Array): boolean {
    let text = this.#rest + this.#decoder.write(chunk)
    if (this.#isFirst && text.length > 0) {
      this.#isFirst = false
      if (text.startsWith('\uFEFF')) text = text.slice(1)
    }
    this.#rest = text.slice(this.#takeLines(text))
    return !this.#isTooLarge && this.#rest.length + this.#dataChars <= this.#largestEventChars
  }

  /** @returns where the last, unfinished line begins. */
  #takeLines(text: string): number {
    let start = 0
    // The rest of an unfinished line holds no line end, so looking there again costs only the looking.
    for (let at = this.#rest.length; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code !== lineFeed && code !== carriageReturn) {
        this.#skipsNewline = false
        continue
      }
      const completesPair = code === lineFeed && this.#skipsNewline && at === start
      this.#skipsNewline = code === carriageReturn
      if (!completesPair) this.#takeLine(text.slice(start, at))
      start = at + 1
    }
    return start
  }

  #takeLine(line: string): void {
    if (line === '') return this.#dispatch()
    const colon = line.indexOf(':')
    if (colon === 0) return
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(line.charCodeAt(colon + 1) === space ? colon + 2 : colon + 1)
    if (field === 'data') {
      this.#data.push(value)
      this.#dataChars += value.length
    } else if (field === 'event') this.#type = value
    else if (field === 'id' && !value.includes('\0')) {
      this.#hasId = true
      this.#lastEventId = value
    } else if (field === 'retry' && /^\d+$/.test(value)) this.#retryMs = Number(value)
  }

  #dispatch(): void {
    if (this.#dataChars > this.#largestEventChars) this.#isTooLarge = true
    else if (this.#data.length > 0 || this.#hasId) {
      const data = this.#data.length === 1 ? (this.#data[0] ?? '') : this.#data.join('\n')
      this.#onEvent({ type: this.#type === '' ? 'message' : this.#type, data, lastEventId: this.#lastEventId })
    }
    this.#type = ''
    this.#hasId = false
    this.#data = []
    this.#dataChars = 0
  }
}

const lineFeed = 10
const carriageReturn = 13
const space = 32
