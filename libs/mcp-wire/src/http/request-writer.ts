import type { HttpRequest } from './http-exchange.ts'

/** Makes the text of requests to one server. Source: RFC 9112, section 3. */
export class RequestWriter {
  readonly #host: string
  readonly #connection: 'keep-alive' | 'close'
  /** The head last made of headers that requests share; most requests of a client have the same. */
  #shared:
    | { readonly verb: string; readonly path: string; readonly headers: readonly string[]; readonly text: string }
    | undefined

  /** @param host name and port of the server, as the URL has them. */
  constructor(host: string, connection: 'keep-alive' | 'close') {
    this.#host = host
    this.#connection = connection
  }

  /**
   * @returns the whole request.
   * @throws TypeError for a header that cannot be sent.
   */
  write({ verb, path, headers, ownHeaders, body, bodyBytes: knownBytes }: HttpRequest): RequestText {
    const head =
      this.#sharedHead(verb, path, headers) +
      (ownHeaders === undefined || ownHeaders.length === 0 ? '' : renderFields(ownHeaders))
    if (body === undefined) return { head: `${head}\r\n`, body: '', isLatin1: true, bodyBytes: 0 }
    const bodyBytes = knownBytes ?? Buffer.byteLength(body)
    return { head: head + lengthLine(bodyBytes), body, isLatin1: bodyBytes === body.length, bodyBytes }
  }

  #sharedHead(verb: string, path: string, headers: readonly string[]): string {
    const known = this.#shared
    if (known?.headers === headers && known.path === path && known.verb === verb) return known.text
    const host = hasField(headers, 'host') ? '' : `host: ${this.#host}\r\n`
    const start = `${verb} ${checkPath(path)} HTTP/1.1\r\n${host}connection: ${this.#connection}\r\n`
    // Joined and not added: what is added stays a tree of its parts for as long as the client lives, of three times the size.
    const text = [start, renderFields(headers)].join('')
    this.#shared = { verb, path, headers, text }
    return text
  }
}

let lastLength = -1
let lastLengthLine = ''

/** The last header and the end of a head. Bodies of one size often follow each other. */
function lengthLine(bodyBytes: number): string {
  if (bodyBytes !== lastLength) {
    lastLength = bodyBytes
    lastLengthLine = `content-length: ${bodyBytes}\r\n\r\n`
  }
  return lastLengthLine
}

/** In two parts: put together when it is written, the whole of it need not outlive that. */
export interface RequestText {
  readonly head: string
  readonly body: string
  /** Whether every character is to be written as one byte; else the text is to be written as UTF-8. */
  readonly isLatin1: boolean
  readonly bodyBytes: number
}

function renderFields(namesAndValues: readonly string[]): string {
  const fields = new Array<string>()
  for (let at = 0; at + 1 < namesAndValues.length; at += 2) {
    const name = namesAndValues[at] ?? ''
    const value = namesAndValues[at + 1] ?? ''
    if (!namePattern.test(name) || ownFields.has(name.toLowerCase()))
      throw new TypeError(`the header ${JSON.stringify(name)} cannot be set`)
    if (!valuePattern.test(value)) throw new TypeError(`the header ${name} has a value with characters that no header may have`)
    fields.push(`${name}: ${value}\r\n`)
  }
  return fields.join('')
}

const hasField = (namesAndValues: readonly string[], name: string): boolean =>
  namesAndValues.some((text, at) => at % 2 === 0 && text.toLowerCase() === name)

function checkPath(path: string): string {
  if (!/^[!-~]+$/.test(path)) throw new TypeError('the path holds characters that no path may have')
  return path
}

const namePattern = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
// Without letters beyond ASCII, so that the same text may be followed by a body in UTF-8.
const valuePattern = /^[\t\x20-\x7e]*$/
/** They say where a request ends and what becomes of its connection, which is this client's business. */
const ownFields: ReadonlySet<string> = new Set(['connection', 'content-length', 'expect', 'transfer-encoding', 'upgrade'])
