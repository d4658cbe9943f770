import { MalformedReply } from './http-exchange.ts'

/** Of the head of an answer, and of the trailers behind its last chunk. */
export const largestHeadBytes = 65_536

const carriageReturn = 13
const lineFeed = 10

/**
 * The short way, for the head that came in one piece: it looks for the empty line alone, since reading the head finds every other
 * mistake.
 * @returns where the bytes behind it begin; -1 where it needs the long way.
 */
export function findHeadEnd(bytes: Buffer, start: number, length: number): number {
  if (bytes[start] === carriageReturn || bytes[start] === lineFeed) return -1
  const end = Math.min(length, start + largestHeadBytes)
  for (let at = start + 3; at < end; at++) {
    if (bytes[at] === lineFeed && bytes[at - 2] === lineFeed && bytes[at - 1] === carriageReturn) return at + 1
  }
  return -1
}

/** Finds the empty line that ends a head, or the trailers of a chunked body, in bytes that come in any pieces. */
export class HeadCollector {
  readonly #opening: string
  #text = ''
  #isOver = false
  /** What the next bytes are seen in the light of: how much of CR LF CR LF has just passed. */
  #matched: number

  /**
   * @param opening what it must begin with; empty lines before that are passed over.
   * Without one it may be empty, and so end with its first line.
   */
  constructor(opening = '') {
    this.#opening = opening
    this.#matched = opening === '' ? 2 : 0
  }

  /** All of it as characters of one byte each, the empty line included. */
  get text(): string {
    return this.#text
  }

  /**
   * @returns where the bytes behind it begin; -1 while it goes on.
   * @throws MalformedReply where it is too long, does not begin as it must, or a line ends other than with CR LF.
   */
  push(bytes: Buffer, start: number, end: number): number {
    const from = this.#text === '' && this.#opening !== '' ? skipLineEnds(bytes, start, end) : start
    const to = this.#find(bytes, from, end)
    const isOpening = this.#text.length < this.#opening.length
    this.#text += bytes.toString('latin1', from, to)
    if (this.#text.length > largestHeadBytes) throw new MalformedReply(`a head of more than ${largestHeadBytes} bytes`)
    if (isOpening && !this.#text.startsWith(this.#opening.slice(0, this.#text.length)))
      throw new MalformedReply('an answer that is not HTTP')
    return this.#isOver ? to : -1
  }

  #find(bytes: Buffer, start: number, end: number): number {
    let matched = this.#matched
    for (let at = start; at < end; at++) {
      const byte = bytes[at]
      if (byte === lineFeed) {
        if (matched % 2 === 0) throw new MalformedReply('a line that ends without CR')
        matched++
      } else if (matched % 2 === 1) throw new MalformedReply('a CR without LF')
      else matched = byte === carriageReturn ? matched + 1 : 0
      if (matched === 4) {
        this.#isOver = true
        return at + 1
      }
    }
    this.#matched = matched
    return end
  }
}

function skipLineEnds(bytes: Buffer, start: number, end: number): number {
  let at = start
  while (at < end && (bytes[at] === carriageReturn || bytes[at] === lineFeed)) at++
  return at
}
