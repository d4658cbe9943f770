import { ChunkedBody } from './chunked-body.ts'
import { MalformedReply, type ReplyHeaders } from './http-exchange.ts'
import { findHeadEnd, HeadCollector } from './head-collector.ts'
import { readHead, recalledBytes, recallHead } from './head-memory.ts'
import type { ReplyHead } from './reply-head.ts'

/** What a parser finds in the bytes of an answer. */
export interface ReplyParts {
  onHead(status: number, headers: ReplyHeaders): void
  /** @param chunk a view into the bytes that were pushed. */
  onChunk(chunk: Buffer, isLast: boolean): void
  /** @param head that of the answer which is whole now. */
  onWhole(head: ReplyHead): void
}

const continueStatus = 100
const switchingProtocols = 101

/** Reads answers of HTTP/1.0 and HTTP/1.1, however their bytes are cut. Source: RFC 9112. */
export class ReplyParser {
  readonly #parts: ReplyParts
  #collector: HeadCollector | undefined
  #head: ReplyHead | undefined
  #bytesLeft = 0
  #chunks: ChunkedBody | undefined

  constructor(parts: ReplyParts) {
    this.#parts = parts
  }

  /** True from the first byte of an answer to its last. */
  get isWithin(): boolean {
    return this.#head !== undefined || this.#collector !== undefined
  }

  /**
   * Takes bytes up to the end of an answer.
   * @returns how many were taken: all, unless the answer is whole.
   * @throws MalformedReply
   */
  push(bytes: Buffer, length: number): number {
    let at = 0
    while (at < length && !this.#head) {
      at = this.#pushHead(bytes, at, length)
      if (this.#isWholeAlready()) return at
    }
    return this.#head && at < length ? this.#pushBody(this.#head, bytes, at, length) : at
  }

  /** The connection ended. @returns whether that ended an answer as it should. */
  end(): boolean {
    if (this.#head?.bodyEnd !== 'close') return false
    this.#finish(this.#head)
    return true
  }

  #pushHead(bytes: Buffer, at: number, length: number): number {
    const recalled = this.#collector ? undefined : recallHead(bytes, at, length)
    if (recalled) return this.#takeHead(recalled, at + recalledBytes())
    const wholeEnd = this.#collector ? -1 : findHeadEnd(bytes, at, length)
    if (wholeEnd >= 0) return this.#takeHead(readHead(bytes.toString('latin1', at, wholeEnd)), wholeEnd)
    this.#collector ??= new HeadCollector('HTTP/')
    const end = this.#collector.push(bytes, at, length)
    return end < 0 ? length : this.#takeHead(readHead(this.#collector.text), end)
  }

  #takeHead(head: ReplyHead, end: number): number {
    this.#collector = undefined
    if (head.status < continueStatus) throw new MalformedReply(`status ${head.status}, which does not exist`)
    if (head.status === switchingProtocols) throw new MalformedReply('a change of protocols that nobody asked for')
    // What comes before the answer proper says nothing that this client would heed.
    if (head.status < continueStatus * 2) return end
    this.#head = head
    this.#bytesLeft = head.sizeBytes
    this.#parts.onHead(head.status, head.headers)
    return end
  }

  #isWholeAlready(): boolean {
    const head = this.#head
    if (!head || (head.bodyEnd !== 'none' && (head.bodyEnd !== 'size' || head.sizeBytes > 0))) return false
    this.#finish(head)
    return true
  }

  #pushBody(head: ReplyHead, bytes: Buffer, at: number, length: number): number {
    if (head.bodyEnd === 'chunks') return this.#pushChunks(head, bytes, at, length)
    if (head.bodyEnd === 'close') {
      this.#parts.onChunk(bytes.subarray(at, length), false)
      return length
    }
    const end = Math.min(length, at + this.#bytesLeft)
    this.#bytesLeft -= end - at
    this.#parts.onChunk(viewOf(bytes, at, end), this.#bytesLeft === 0)
    if (this.#bytesLeft === 0) this.#finish(head)
    return end
  }

  #pushChunks(head: ReplyHead, bytes: Buffer, at: number, length: number): number {
    this.#chunks ??= new ChunkedBody((chunk, isLast) => this.#parts.onChunk(chunk, isLast))
    const end = this.#chunks.push(bytes, at, length)
    if (end < 0) return length
    this.#finish(head)
    return end
  }

  #finish(head: ReplyHead): void {
    this.#head = undefined
    this.#parts.onWhole(head)
  }
}

let lastView: Buffer = Buffer.alloc(0)
let lastSource = lastView
let lastStart = 0

/** As `subarray`; but bodies of one size follow each other in the same memory, and then one view serves for all. */
function viewOf(bytes: Buffer, start: number, end: number): Buffer {
  if (bytes === lastSource && start === lastStart && end - start === lastView.length) return lastView
  lastSource = bytes
  lastStart = start
  lastView = bytes.subarray(start, end)
  return lastView
}
