import { tokenize, type Token } from '@squall/snowflake-sql'
import fc from 'fast-check'

const trivia = fc.constantFrom(
  ' ',
  '\n',
  '\t',
  '\r\n',
  '/**/',
  '/* ; DROP */',
  "/* ' */",
  '-- DROP TABLE t;\n',
  "// '\n",
  '--"\n',
)

/** Another writing of the same statement: words in any case, white space and comments between any two tokens. */
export function rewritten(sql: string): fc.Arbitrary<string> {
  const tokens = tokenize(sql)
  const count = { minLength: tokens.length, maxLength: tokens.length }
  const gaps = fc.array(fc.option(trivia, { nil: '', freq: 3 }), count)
  const cases = fc.array(fc.constantFrom('keep', 'lower', 'upper', 'mixed'), count)
  return fc
    .tuple(gaps, cases)
    .map(([gaps, cases]) => tokens.map((token, at) => recased(token, cases[at]) + gapAfter(tokens, at, gaps)).join(''))
}

/** Blanks of unicode: no reader of SQL agrees with another about them. */
export const unicodeBlank = fc.constantFrom(
  '\u00a0',
  '\u1680',
  '\u2000',
  '\u2003',
  '\u2009',
  '\u202f',
  '\u205f',
  '\u3000',
  '\u200b',
  '\u2060',
  '\ufeff',
  '\u180e',
)

/** The statement with a blank of unicode put between two of its tokens. */
export function withUnicodeBlank(sql: string): fc.Arbitrary<string> {
  const ends = tokenize(sql).map(({ offset, text }) => offset + text.length)
  const places = [0, ...ends]
  return fc.tuple(fc.constantFrom(...places), unicodeBlank).map(([at, blank]) => sql.slice(0, at) + blank + sql.slice(at))
}

const wrappings = ['SELECT * FROM (#) q', 'WITH w AS (#) SELECT * FROM w', '(#)', 'SELECT 1 UNION ALL (#)', 'EXPLAIN #'] as const
const moreWrappings = ['SELECT (#)', 'SELECT * FROM x WHERE EXISTS (#)', 'SELECT * FROM x JOIN (#) y ON TRUE'] as const

/** The statement within another, as a query may stand within queries. */
export function nested(sql: string): fc.Arbitrary<string> {
  const wrapping = fc.constantFrom(...wrappings, ...moreWrappings)
  // The line end keeps a comment at the end of the statement from swallowing the bracket.
  return wrapping.map((around) => around.replace('#', () => `${sql}\n`))
}

function recased({ kind, text }: Token, how: string | undefined): string {
  if (kind !== 'word' || how === 'keep') return text
  if (how === 'mixed') return text.toLowerCase().replaceAll(/.[a-z]/g, (pair) => pair.charAt(0) + pair.charAt(1).toUpperCase())
  return how === 'lower' ? text.toLowerCase() : text.toUpperCase()
}

/** A line comment ends with its line, and the path of a stage goes on over comment marks: nothing is put behind these. */
function gapAfter(tokens: readonly Token[], at: number, gaps: readonly string[]): string {
  const kind = tokens[at]?.kind
  return at === tokens.length - 1 || kind === 'lineComment' || kind === 'stage' || kind === 'operator' ? '' : (gaps[at] ?? '')
}
