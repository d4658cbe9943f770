import { isUtf8 } from 'node:buffer'

/** What stands in decoded text for bytes that are no UTF-8; well-formed text may hold it too. */
const replacement = '\uFFFD'

/** @returns the text of the bytes; undefined where they are no UTF-8. */
export function utf8Text(bytes: Buffer): string | undefined {
  // Without an argument, which Node is fastest with.
  const text = bytes.toString()
  // Looking for one character is much cheaper than looking at the bytes a second time.
  return text.includes(replacement) && !isUtf8(bytes) ? undefined : text
}
