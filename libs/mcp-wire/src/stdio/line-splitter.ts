import { StringDecoder } from 'node:string_decoder'

/** Cuts a stream of bytes into lines, however it arrives. */
export class LineSplitter {
  readonly #onLine: (line: string) => void
  readonly #longestLine: number
  readonly #decoder = new StringDecoder('utf8')
  #rest = ''

  /** @param longestLine in characters. */
  constructor(longestLine: number, onLine: (line: string) => void) {
    this.#longestLine = longestLine
    this.#onLine = onLine
  }

  /** @returns false once a line grew beyond the limit. */
  push(chunk: Uint8Array): boolean {
    const text = this.#decoder.write(chunk)
    let from = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      const line = this.#rest + text.slice(from, end)
      this.#rest = ''
      from = end + 1
      if (line.length > this.#longestLine) return false
      this.#onLine(line)
    }
    this.#rest += text.slice(from)
    return this.#rest.length <= this.#longestLine
  }
}
