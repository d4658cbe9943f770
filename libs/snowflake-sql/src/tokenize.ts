import { scanToken } from './scan-token.ts'
import type { Token } from './token.ts'

/**
 * Cuts Snowflake SQL into tokens, white space and comments included. Never throws: what cannot be read is a token with a
 * `problem`, and the texts of all tokens joined are `sql` again.
 */
export function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = []
  let offset = 0
  let line = 1
  let lineStart = 0
  while (offset < sql.length) {
    const { end, ...scan } = scanToken(sql, offset)
    const text = sql.slice(offset, end)
    tokens.push({ ...scan, text, offset, line, column: offset - lineStart })
    for (let newline = text.indexOf('\n'); newline >= 0; newline = text.indexOf('\n', newline + 1)) {
      line += 1
      lineStart = offset + newline + 1
    }
    offset = end
  }
  return tokens
}
