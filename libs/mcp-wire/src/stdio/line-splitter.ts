const lineFeed = 10

/** Cuts a stream of bytes into lines, however it arrives. */
export class LineSplitter {
  readonly #onLine: (line: Buffer) => void
  readonly #longestBytes: number
  /** The pieces of a line that has not ended yet. */
  #begun: Buffer[] = []
  #begunBytes = 0

  /** @param longestBytes of one line. */
  constructor(longestBytes: number, onLine: (line: Buffer) => void) {
    this.#longestBytes = longestBytes
    this.#onLine = onLine
  }

  /** @returns false once a line grew beyond the limit. */
  push(chunk: Buffer): boolean {
    let from = 0
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, from)) {
      const line = this.#completed(chunk.subarray(from, end))
      from = end + 1
      if (line.length > this.#longestBytes) return false
      this.#onLine(line)
    }
    if (from < chunk.length) this.#begun.push(chunk.subarray(from))
    this.#begunBytes += chunk.length - from
    return this.#begunBytes <= this.#longestBytes
  }

  #completed(ending: Buffer): Buffer {
    if (this.#begunBytes === 0) return ending
    const line = Buffer.concat([...this.#begun, ending])
    this.#begun = []
    this.#begunBytes = 0
    return line
  }
}
