import { MalformedReply, type ReplyHeaders } from './http-exchange.ts'

/** Where the body of an answer ends. */
export type BodyEnd =
  /** There is none. */
  | 'none'
  /** After `sizeBytes`. */
  | 'size'
  /** With its last chunk. */
  | 'chunks'
  /** With the connection. */
  | 'close'

/** Status line and headers of one answer. */
export interface ReplyHead {
  readonly status: number
  readonly headers: ReplyHeaders
  readonly bodyEnd: BodyEnd
  /** Of the body; 0 unless it ends by size. */
  readonly sizeBytes: number
  /** Whether the connection may serve another request. */
  readonly keepsAlive: boolean
  /** How long the server keeps an idle connection open, by its own word; undefined where it says nothing. */
  readonly idleSeconds: number | undefined
}

/**
 * Reads the head of an answer.
 * Source: RFC 9112, sections 4, 5 and 6.3; as strict as llhttp is by default.
 * @param text every byte a character, from the status line to the empty line behind the headers, both included.
 * @throws MalformedReply where it breaks HTTP's rules, or says how long its body is in more than one way.
 */
export function parseHead(text: string): ReplyHead {
  const line = /^HTTP\/(0\.9|1\.0|1\.1|2\.0) (\d{3})(?: [^\r\n]*)?\r\n/.exec(text)
  if (!line) throw new MalformedReply('an answer without an HTTP status line')
  const status = Number(line[2])
  const headers = parseFields(text, line[0].length)
  const codings = headers.get('transfer-encoding')
  const size = headers.get('content-length')
  if (codings !== undefined && size !== undefined) throw new MalformedReply('an answer with both a length and chunks')
  const bodyEnd = bodyEndOf(status, codings, size)
  const connection = headers.get('connection')
  return {
    status,
    headers,
    bodyEnd,
    sizeBytes: size === undefined ? 0 : parseSize(size),
    keepsAlive: bodyEnd !== 'close' && keepsAlive(line[1] ?? '', connection),
    idleSeconds: parseIdleSeconds(headers.get('keep-alive')),
  }
}

/** The header fields of a head, or the trailer fields behind the last chunk. */
export class FieldLines implements ReplyHeaders {
  readonly #text: string
  /** Of each field: where its name begins and ends, and where its value does. */
  readonly #places: readonly number[]
  readonly #asked = new Map<string, string | undefined>()

  constructor(text: string, places: readonly number[]) {
    this.#text = text
    this.#places = places
  }

  get(name: string): string | undefined {
    const known = this.#asked.get(name)
    if (known !== undefined || this.#asked.has(name)) return known
    const found = this.#find(name)
    this.#asked.set(name, found)
    return found
  }

  #find(name: string): string | undefined {
    let value: string | undefined
    for (let field = 0; field < this.#places.length; field += 4) {
      if (!this.#isNamed(field, name)) continue
      const next = this.#value(field)
      value = value === undefined ? next : `${value}, ${next}`
    }
    return value
  }

  #isNamed(field: number, name: string): boolean {
    const start = this.#places[field] ?? 0
    const end = this.#places[field + 1] ?? 0
    return end - start === name.length && this.#text.slice(start, end).toLowerCase() === name
  }

  #value(field: number): string {
    const raw = this.#text.slice(this.#places[field + 2], this.#places[field + 3])
    // A value that goes on in the next line is an old form, to be read as if there were a space. RFC 9112, section 5.2.
    return raw.includes('\r') ? raw.replaceAll(/[ \t]*(?:\r\n[ \t]+)+/g, ' ').trim() : raw
  }
}

/**
 * Reads lines of names and values up to an empty line.
 * @throws MalformedReply
 */
export function parseFields(text: string, from: number): FieldLines {
  const places: number[] = []
  let at = from
  while (text.charCodeAt(at) !== carriageReturn) {
    const colon = endOfName(text, at)
    const start = skipBlanks(text, colon + 1)
    const lineEnd = endOfValue(text, start)
    places.push(at, colon, start, withoutBlanks(text, start, lineEnd))
    at = lineEnd + 2
  }
  if (text.charCodeAt(at + 1) !== lineFeed) throw new MalformedReply('a header line that does not end with CR LF')
  return new FieldLines(text, places)
}

function endOfName(text: string, start: number): number {
  let at = start
  while (characters[text.charCodeAt(at)] === nameCharacter) at++
  if (at === start || text.charCodeAt(at) !== colon)
    throw new MalformedReply('a header name with a character that no name may have')
  return at
}

/** @returns where the CR LF is that ends a value, folded lines included. */
function endOfValue(text: string, start: number): number {
  let at = start
  for (;;) {
    while ((characters[text.charCodeAt(at)] ?? 0) >= valueCharacter) at++
    if (text.charCodeAt(at) !== carriageReturn || text.charCodeAt(at + 1) !== lineFeed) {
      throw new MalformedReply('a header value with a character that no value may have')
    }
    if (!isBlank(text.charCodeAt(at + 2))) return at
    at += 2
  }
}

function skipBlanks(text: string, start: number): number {
  let at = start
  while (isBlank(text.charCodeAt(at))) at++
  return at
}

function withoutBlanks(text: string, start: number, end: number): number {
  let at = end
  while (at > start && isBlank(text.charCodeAt(at - 1))) at--
  return at
}

/** Source: RFC 9112, section 6.3. */
function bodyEndOf(status: number, codings: string | undefined, size: string | undefined): BodyEnd {
  if (status < 200 || status === 204 || status === 304) return 'none'
  if (codings !== undefined) return /(?:^|,)[ \t]*chunked$/i.test(codings) ? 'chunks' : 'close'
  return size === undefined ? 'close' : 'size'
}

function parseSize(size: string): number {
  const bytes = /^\d+$/.test(size) ? Number(size) : Number.NaN
  if (!Number.isSafeInteger(bytes)) throw new MalformedReply('a content length that is no number')
  return bytes
}

function keepsAlive(version: string, connection: string | undefined): boolean {
  if (version === '1.1' && connection === undefined) return true
  const options = (connection ?? '').toLowerCase().split(/[ \t]*,[ \t]*/)
  return version === '1.1' || version === '2.0' ? !options.includes('close') : options.includes('keep-alive')
}

function parseIdleSeconds(keepAlive: string | undefined): number | undefined {
  const [, seconds] = (keepAlive !== undefined && /(?:^|[ \t,])timeout=(\d{1,9})/i.exec(keepAlive)) || []
  return seconds === undefined ? undefined : Number(seconds)
}

const carriageReturn = 13
const lineFeed = 10
const colon = 58
const isBlank = (code: number): boolean => code === 32 || code === 9

/** What each of the 256 characters may stand in: nothing, a value, or a name too. Source: RFC 9110, sections 5.5 and 5.6.2. */
const valueCharacter = 1
const nameCharacter = 2
const characters = Uint8Array.from({ length: 256 }, (_, code) => {
  if (/[!#$%&'*+\-.^_`|~0-9A-Za-z]/.test(String.fromCharCode(code))) return nameCharacter
  return code === 9 || (code >= 32 && code !== 127) ? valueCharacter : 0
})
