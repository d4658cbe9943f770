import { readFileSync } from 'node:fs'

/**
 * The text of a file.
 * @throws Error that says why there is none: a file in another encoding would be read as something that nobody wrote.
 */
export function readText(path: string): string {
  const text = decoded(readFileSync(path))
  // What programs that write UTF-16 without a mark leave between letters.
  if (text.includes('\u0000')) throw new Error('it holds NUL characters; save it as UTF-8')
  return text
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new Error('it is not in UTF-8; save it as that', { cause })
  }
}
