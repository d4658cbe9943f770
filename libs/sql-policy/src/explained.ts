import { isKeyword, isTrivia, type Statement } from '@squall/snowflake-sql'

/** The statement behind `EXPLAIN [USING TABULAR | JSON | TEXT]`. */
export function explained({ tokens }: Statement): Statement {
  const meaningful = tokens.filter((token) => !isTrivia(token))
  const hasFormat = isKeyword(meaningful[1], 'USING') && isKeyword(meaningful[2], 'TABULAR', 'JSON', 'TEXT')
  const first = meaningful[hasFormat ? 3 : 1]
  const rest = first ? tokens.slice(tokens.indexOf(first)) : []
  return { tokens: rest, text: rest.map(({ text }) => text).join('') }
}
