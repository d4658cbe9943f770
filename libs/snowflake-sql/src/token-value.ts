import type { Token } from './token.ts'

/** The name a `word` or `quotedIdentifier` stands for: upper case where unquoted, as Snowflake stores it. Nothing for other tokens. */
export function identifierName(token: Token | undefined): string | undefined {
  if (token?.kind === 'word') return token.text.toUpperCase()
  if (token?.kind !== 'quotedIdentifier' || token.problem !== undefined) return undefined
  return token.text.slice(1, -1).replaceAll('""', '"')
}

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', '0': '\0' }
const escapePattern = /''|\\(?:([0-7]{3})|x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|([\s\S]))/g

/** The text a `string` or `dollarString` stands for, escapes resolved. Nothing for other tokens, and for unterminated ones. */
export function stringValue(token: Token | undefined): string | undefined {
  if (token === undefined || token.problem !== undefined) return undefined
  if (token.kind === 'dollarString') return token.text.slice(2, -2)
  if (token.kind !== 'string') return undefined
  return token.text.slice(1, -1).replaceAll(escapePattern, resolveEscape)
}

function resolveEscape(match: string, octal?: string, hex?: string, unicode?: string, single?: string): string {
  if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8))
  const code = hex ?? unicode
  if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16))
  return single === undefined ? match.slice(1) : (escapes[single] ?? single)
}
