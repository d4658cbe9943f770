/** Appends a whole number from 0 to 2^53 - 1, seven bits a byte, lowest first. */
export function writeVarint(bytes: number[], value: number): void {
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  bytes.push(rest)
}

/**
 * Reads one number and moves the cursor behind it.
 * @throws RangeError where the bytes end within the number.
 */
export function readVarint(cursor: { readonly bytes: Uint8Array; offset: number }): number {
  let value = 0
  let scale = 1
  for (;;) {
    const byte = cursor.bytes[cursor.offset++]
    if (byte === undefined) throw new RangeError('the encoded number ends too soon')
    value += (byte & 0x7f) * scale
    if (byte < 0x80) return value
    scale *= 0x80
  }
}
