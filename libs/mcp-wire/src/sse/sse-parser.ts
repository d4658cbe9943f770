import { Utf8Stream } from './utf8-stream.ts'

/** One server-sent event that carried data or an id. */
export interface SseEvent {
  /** `message` where the stream names none. */
  readonly type: string
  /** The data lines, joined by newlines; empty where the event only sets an id. */
  readonly data: string
  /** The id set by this event or one before it, for `Last-Event-ID`. */
  readonly lastEventId: string | undefined
}

/** Why a stream must be given up. */
export type SseBreach = 'too-large' | 'no-utf8'

/**
 * Reads a `text/event-stream`, however its bytes are cut.
 * Source: WHATWG HTML, section 9.2.6 "Interpreting an event stream", but that bytes which are no UTF-8 break the stream.
 */
export class SseParser {
  readonly #onEvent: (event: SseEvent) => void
  readonly #largestEventChars: number
  readonly #decoder = new Utf8Stream()
  /** The pieces of a line that has not ended yet. */
  #begun: string[] = []
  #begunChars = 0
  #isFirst = true
  /** Whether the last line ended with a CR, to which a LF at the start of the next piece would belong. */
  #endedWithReturn = false
  #type = ''
  #data: string | undefined
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
   * @returns why the stream must be given up; undefined where it may go on.
   */
  push(chunk: Buffer): SseBreach | undefined {
    const text = this.#decoder.push(chunk)
    if (text === undefined) return 'no-utf8'
    if (text !== '') this.#takeText(this.#withoutMark(text))
    return this.#isTooLarge || this.#begunChars + (this.#data?.length ?? 0) > this.#largestEventChars ? 'too-large' : undefined
  }

  /** A byte order mark may stand before everything else. */
  #withoutMark(text: string): string {
    const isMarked = this.#isFirst && text.charCodeAt(0) === 0xfeff
    this.#isFirst = false
    return isMarked ? text.slice(1) : text
  }

  #takeText(text: string): void {
    let start = this.#endedWithReturn && text.charCodeAt(0) === lineFeed ? 1 : 0
    this.#endedWithReturn = false
    // Most streams end their lines with a mere LF; then there is no need to look for the other sign again and again.
    let returnAt = text.indexOf('\r', start)
    for (;;) {
      const feedAt = text.indexOf('\n', start)
      if (returnAt >= 0 && returnAt < start) returnAt = text.indexOf('\r', start)
      const isReturn = returnAt >= 0 && (feedAt < 0 || returnAt < feedAt)
      const end = isReturn ? returnAt : feedAt
      if (end < 0) break
      this.#takeLine(this.#completed(text.slice(start, end)))
      start = isReturn && feedAt === end + 1 ? end + 2 : end + 1
      this.#endedWithReturn = isReturn && start === text.length && feedAt !== end + 1
    }
    if (start === text.length) return
    this.#begun.push(text.slice(start))
    this.#begunChars += text.length - start
  }

  #completed(ending: string): string {
    if (this.#begunChars === 0) return ending
    const line = this.#begun.join('') + ending
    this.#begun = []
    this.#begunChars = 0
    return line
  }

  #takeLine(line: string): void {
    if (line === '') return this.#dispatch()
    const colon = line.indexOf(':')
    if (colon === 0) return
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(line.charCodeAt(colon + 1) === space ? colon + 2 : colon + 1)
    if (field === 'data') this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`
    else if (field === 'event') this.#type = value
    else if (field === 'id' && !value.includes('\0')) {
      this.#hasId = true
      this.#lastEventId = value
    } else if (field === 'retry' && /^\d+$/.test(value)) this.#retryMs = Number(value)
  }

  #dispatch(): void {
    const { length } = this.#data ?? ''
    if (length > this.#largestEventChars) this.#isTooLarge = true
    else if (this.#data !== undefined || this.#hasId) {
      const type = this.#type === '' ? 'message' : this.#type
      this.#onEvent({ type, data: this.#data ?? '', lastEventId: this.#lastEventId })
    }
    this.#type = ''
    this.#hasId = false
    this.#data = undefined
  }
}

const lineFeed = 10
const space = 32
