import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** Signs short texts with a key that lives and dies with this process: tokens of an earlier run are forgeries to this one. */
export class Signer {
  readonly #key = randomBytes(32)

  /** Appends the signature to `text`, which must not hold a `~`. */
  sign(text: string): string {
    return `${text}~${this.#signature(text)}`
  }

  /** The signed text, or nothing where the signature is not ours. */
  open(signed: string): string | undefined {
    const end = signed.lastIndexOf('~')
    if (end < 0) return undefined
    const text = signed.slice(0, end)
    const expected = Buffer.from(this.#signature(text))
    const found = Buffer.from(signed.slice(end + 1))
    return found.length === expected.length && timingSafeEqual(found, expected) ? text : undefined
  }

  #signature(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url')
  }
}
