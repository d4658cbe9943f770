const eight = new Uint8Array(8)
const viewOfEight = new DataView(eight.buffer)

/** Reads what a `ByteWriter` wrote. Everything throws RangeError where the bytes end too soon, or cannot have been written by one. */
export class ByteReader {
  readonly #bytes: Uint8Array
  #offset = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get bytesLeft(): number {
    return this.#bytes.length - this.#offset
  }

  varint(): number {
    const bytes = this.#bytes
    let byte = bytes[this.#offset++]
    if (byte !== undefined && byte < 0x80) return byte
    let value = 0
    let scale = 1
    for (;;) {
      if (byte === undefined) throw new RangeError('the bytes end within a number')
      value += (byte & 0x7f) * scale
      if (value > Number.MAX_SAFE_INTEGER) throw new RangeError('a number is too large')
      if (byte < 0x80) return value
      scale *= 0x80
      byte = bytes[this.#offset++]
    }
  }

  /** A number of things, and the things. */
  list<T>(readOne: () => T): T[] {
    const things: T[] = []
    for (let left = this.varint(); left > 0; left--) things.push(readOne())
    return things
  }

  float(): number {
    const start = this.#advance(8)
    for (let place = 0; place < 8; place++) eight[place] = this.#bytes[start + place] ?? 0
    return viewOfEight.getFloat64(0)
  }

  /** The same memory, not a copy. */
  bytes(length: number): Uint8Array {
    const start = this.#advance(length)
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + start, length)
  }

  text(): string {
    const length = this.varint()
    const start = this.#advance(length)
    const { buffer, byteOffset } = this.#bytes
    return Buffer.from(buffer, byteOffset + start, length).toString()
  }

  #advance(length: number): number {
    const start = this.#offset
    if (length > this.bytesLeft) throw new RangeError(`the bytes end ${length - this.bytesLeft} too soon`)
    this.#offset += length
    return start
  }
}
