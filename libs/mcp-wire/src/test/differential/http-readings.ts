import { Duplex } from 'node:stream'
import { Client, type Dispatcher } from 'undici'
import { MalformedReply } from '../../http/http-exchange.ts'
import { ReplyParser } from '../../http/reply-parser.ts'

/** What a client made of the bytes of an answer. */
export type Reading =
  | {
      readonly isWhole: true
      readonly status: number
      readonly header: (name: string) => string | undefined
      readonly body: string
    }
  | { readonly isWhole: false; readonly why: string }

const noHeader = (_name: string): string | undefined => undefined

/** Reads an answer with our parser; the connection ends behind the last piece. */
export function readWithOurs(pieces: readonly Buffer[]): Reading {
  let reading: Reading | undefined
  let status = 0
  let header = noHeader
  const body: string[] = []
  const parser = new ReplyParser({
    onHead: (found, headers) => {
      status = found
      header = (name) => headers.get(name)
    },
    onChunk: (chunk) => void body.push(chunk.toString('latin1')),
    onWhole: () => (reading = { isWhole: true, status, header, body: body.join('') }),
  })
  try {
    for (const piece of pieces) if (!reading) parser.push(piece, piece.length)
    if (!reading) parser.end()
  } catch (error) {
    if (!(error instanceof MalformedReply)) throw error
    return { isWhole: false, why: error.message }
  }
  return reading ?? { isWhole: false, why: 'cut short' }
}

/** undici, with connections that are made of memory. */
export class UndiciReader {
  #pieces: readonly Buffer[] = []
  #line: Line | undefined
  readonly #client = new Client('http://127.0.0.1:1', {
    maxHeaderSize: 65_536,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (_, callback) => {
      const line = new Line(this.#pieces)
      this.#line = line
      // Of a socket, undici uses no more than what `Line` has. It does not expect to be connected at once.
      queueMicrotask(() => callback(null, line as never))
    },
  })

  async read(pieces: readonly Buffer[]): Promise<Reading> {
    this.#pieces = pieces
    const { promise, resolve } = Promise.withResolvers<Reading>()
    this.#client.dispatch({ method: 'POST', path: '/', body: 'x' }, new ReadingHandler(resolve))
    const reading = await promise
    const line = this.#line
    // Each answer has a connection of its own.
    if (line && !line.closed) await new Promise((closed) => void line.once('close', closed).destroy())
    return reading
  }

  async close(): Promise<void> {
    await this.#client.destroy()
  }
}

/** A connection whose other end answers anything with the same pieces, and then ends. */
class Line extends Duplex {
  readonly #pieces: readonly Buffer[]
  #isAnswered = false

  constructor(pieces: readonly Buffer[]) {
    super({ allowHalfOpen: false })
    this.#pieces = pieces
    this.on('error', () => undefined)
  }

  override _read(): void {
    // Everything is pushed at once.
  }

  override _write(_: unknown, __: unknown, done: () => void): void {
    done()
    if (this.#isAnswered) return
    this.#isAnswered = true
    // Behind the turn in which undici writes: it must know of its request before there is an answer.
    setImmediate(() => {
      for (const piece of this.#pieces) this.push(piece)
      this.push(null)
    })
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }
}

class ReadingHandler implements Dispatcher.DispatchHandler {
  readonly #resolve: (reading: Reading) => void
  readonly #body: string[] = []
  #status = 0
  #header = noHeader

  constructor(resolve: (reading: Reading) => void) {
    this.#resolve = resolve
  }

  onRequestStart(): void {
    // Nothing of it is compared.
  }

  onResponseStart(_: unknown, status: number, headers: Readonly<Record<string, string | string[] | undefined>>): void {
    if (status < 200) return
    this.#status = status
    this.#header = (name) => (headers[name] === undefined ? undefined : [headers[name]].flat().map(withoutBlanks).join(', '))
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    this.#body.push(chunk.toString('latin1'))
  }

  onResponseEnd(): void {
    this.#resolve({ isWhole: true, status: this.#status, header: this.#header, body: this.#body.join('') })
  }

  onResponseError(_: unknown, error: Error): void {
    this.#resolve({ isWhole: false, why: error.message })
  }
}

/** undici leaves the blanks behind a value where they are; they are no part of it. Source: RFC 9112, section 5.1. */
const withoutBlanks = (value: string): string => value.replace(/[ \t]+$/, '')
