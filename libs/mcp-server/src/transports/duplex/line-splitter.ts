/** Cuts a stream of bytes into lines; a line that is too long is skipped, and no more of it kept than that. */
export class LineSplitter {
  readonly #maxBytes: number
  readonly #onLine: (line: string) => void
  readonly #onTooLong: () => void
  #parts: Buffer[] = []
  #size = 0
  #isSkipping = false

  constructor(maxBytes: number, onLine: (line: string) => void, onTooLong: () => void) {
    this.#maxBytes = maxBytes
    this.#onLine = onLine
    this.#onTooLong = onTooLong
  }

  push(chunk: Buffer): void {
    let start = 0
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      this.#add(chunk.subarray(start, end))
      this.#endLine()
      start = end + 1
    }
    this.#add(chunk.subarray(start))
  }

  #add(part: Buffer): void {
    this.#size += part.length
    if (this.#size <= this.#maxBytes) return void this.#parts.push(part)
    if (!this.#isSkipping) this.#onTooLong()
    this.#isSkipping = true
    this.#parts = []
  }

  #endLine(): void {
    const line = Buffer.concat(this.#parts).toString().trim()
    if (!this.#isSkipping && line !== '') this.#onLine(line)
    this.#parts = []
    this.#size = 0
    this.#isSkipping = false
  }
}

const newline = 10
