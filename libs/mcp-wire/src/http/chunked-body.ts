import { HeadCollector } from './head-collector.ts'
import { MalformedReply } from './http-exchange.ts'
import { parseFields } from './reply-head.ts'

type Place = 'size' | 'extension' | 'size-end' | 'data' | 'data-cr' | 'data-lf' | 'trailers'

const largestExtensionBytes = 16_384
const carriageReturn = 13
const lineFeed = 10

/** Takes bodies out of their chunks, one after another. Source: RFC 9112, section 7.1. */
export class ChunkedBody {
  readonly #onData: (data: Buffer, isLast: boolean) => void
  #place: Place = 'size'
  #hasDigits = false
  #bytesLeft = 0
  #extensionBytes = 0
  #trailers: HeadCollector | undefined

  /** @param onData takes the next bytes; `isLast` where the end of the body was seen right behind them. */
  constructor(onData: (data: Buffer, isLast: boolean) => void) {
    this.#onData = onData
  }

  /**
   * @returns where the bytes behind the body begin; -1 while it goes on.
   * @throws MalformedReply
   */
  push(bytes: Buffer, start: number, end: number): number {
    let at = start
    while (at < end) {
      if (this.#place === 'trailers') return this.#pushTrailers(bytes, at, end)
      at = this.#place === 'data' ? this.#pushData(bytes, at, end) : this.#pushByte(bytes[at] ?? 0, at)
    }
    return -1
  }

  #pushData(bytes: Buffer, at: number, end: number): number {
    const dataEnd = Math.min(end, at + this.#bytesLeft)
    this.#bytesLeft -= dataEnd - at
    if (this.#bytesLeft === 0) this.#place = 'data-cr'
    this.#onData(bytes.subarray(at, dataEnd), this.#bytesLeft === 0 && isEnd(bytes, dataEnd, end))
    return dataEnd
  }

  #pushByte(byte: number, at: number): number {
    if (this.#place === 'size') this.#pushSize(byte)
    else if (this.#place === 'extension') this.#pushExtension(byte)
    else if (this.#place === 'data-cr') this.#expect(byte, carriageReturn, 'data-lf')
    else if (this.#place === 'data-lf') this.#expect(byte, lineFeed, 'size')
    else this.#endSize(byte)
    return at + 1
  }

  #pushSize(byte: number): void {
    const digit = hexValue(byte)
    if (digit >= 0) {
      this.#hasDigits = true
      this.#bytesLeft = this.#bytesLeft * 16 + digit
      if (this.#bytesLeft > Number.MAX_SAFE_INTEGER) throw new MalformedReply('a chunk of more bytes than can be counted')
    } else if (!this.#hasDigits) throw new MalformedReply('a chunk without a size')
    else if (byte === semicolon) this.#place = 'extension'
    else this.#expect(byte, carriageReturn, 'size-end')
  }

  #pushExtension(byte: number): void {
    if (byte === carriageReturn) this.#place = 'size-end'
    else if (byte === 127 || (byte < 32 && byte !== 9)) throw new MalformedReply('a chunk extension with a control character')
    else if (++this.#extensionBytes > largestExtensionBytes) throw new MalformedReply('chunk extensions without end')
  }

  #endSize(byte: number): void {
    this.#expect(byte, lineFeed, this.#bytesLeft === 0 ? 'trailers' : 'data')
    this.#hasDigits = false
  }

  #expect(byte: number, wanted: number, next: Place): void {
    if (byte !== wanted) throw new MalformedReply('chunks that do not follow each other as they must')
    this.#place = next
  }

  #pushTrailers(bytes: Buffer, at: number, end: number): number {
    this.#trailers ??= new HeadCollector()
    const bodyEnd = this.#trailers.push(bytes, at, end)
    if (bodyEnd < 0) return -1
    parseFields(this.#trailers.text, 0)
    this.#trailers = undefined
    this.#extensionBytes = 0
    this.#place = 'size'
    return bodyEnd
  }
}

/** Whether what follows is the last chunk, without extensions and trailers, and nothing else. */
function isEnd(bytes: Buffer, at: number, end: number): boolean {
  return end - at === lastChunk.length && bytes.compare(lastChunk, 0, lastChunk.length, at, end) === 0
}

const lastChunk = Buffer.from('\r\n0\r\n\r\n')
const semicolon = 59

function hexValue(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48
  const letter = byte | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}
