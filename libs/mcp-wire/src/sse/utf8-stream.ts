import { utf8Text } from '../http/utf8-text.ts'

/** Decodes UTF-8 however it is cut into pieces. */
export class Utf8Stream {
  /** The beginning of a character whose rest has not come yet. */
  #begun: Buffer | undefined

  /** @returns the text of all characters complete by now; undefined once there is one that is no UTF-8. */
  push(chunk: Buffer): string | undefined {
    const bytes = this.#begun ? Buffer.concat([this.#begun, chunk]) : chunk
    const wholeBytes = bytes.length - unfinishedBytes(bytes)
    // A copy: the chunk's memory is used again.
    this.#begun = wholeBytes === bytes.length ? undefined : Buffer.from(bytes.subarray(wholeBytes))
    return utf8Text(wholeBytes === bytes.length ? bytes : bytes.subarray(0, wholeBytes))
  }
}

/** How many bytes at the end begin a character that is longer than that. */
function unfinishedBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return 0
    // The first byte of a character says how many there are.
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0
  }
  return 0
}
