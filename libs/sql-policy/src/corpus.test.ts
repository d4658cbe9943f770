import { tokenize, type Token } from '@squall/snowflake-sql'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkReadOnly, type Verdict } from './index.ts'
import { bypasses, legitimate } from './test/corpus.ts'

const denialOf = (verdict: Verdict): string => (verdict.allowed ? '' : `${verdict.reason} ${verdict.hint}`)

test('the corpora are as large as promised', () => {
  expect(bypasses.length).toBeGreaterThanOrEqual(150)
  expect(legitimate.length).toBeGreaterThanOrEqual(100)
})

test.each(bypasses)('denied ($group): $sql', ({ sql }) => {
  // A reason and a hint, each a sentence.
  expect(denialOf(checkReadOnly(sql))).toMatch(/^.{10,}\. .{5,}\.$/s)
})

test.each(legitimate)('allowed ($group): $sql', ({ sql }) => {
  expect(denialOf(checkReadOnly(sql))).toBe('')
})

test.each(bypasses)('the place of the objection lies in the text ($group): $sql', ({ sql }) => {
  const verdict = checkReadOnly(sql)
  const position = verdict.allowed ? -1 : (verdict.position ?? 0)
  expect(position).toBeGreaterThanOrEqual(0)
  expect(position).toBeLessThanOrEqual(Math.max(sql.length - 1, 0))
})

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

/** Another writing of the same statement: words in any case, trivia between any two tokens. */
const rewritten = (sql: string): fc.Arbitrary<string> => {
  const tokens = tokenize(sql)
  const gaps = fc.array(fc.option(trivia, { nil: '', freq: 3 }), { minLength: tokens.length, maxLength: tokens.length })
  const cases = fc.array(fc.constantFrom('keep', 'lower', 'upper', 'mixed'), {
    minLength: tokens.length,
    maxLength: tokens.length,
  })
  return fc
    .tuple(gaps, cases)
    .map(([gaps, cases]) => tokens.map((token, at) => recased(token, cases[at]) + gapAfter(tokens, at, gaps)).join(''))
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

test('however a bypass is written, it is denied', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...bypasses).chain(({ sql }) => rewritten(sql)),
      (sql) => {
        expect(checkReadOnly(sql)).toMatchObject({ allowed: false })
      },
    ),
    { numRuns: 3_000 },
  )
})

test('however a legitimate statement is written, it is allowed', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...legitimate).chain(({ sql }) => rewritten(sql)),
      (sql) => {
        expect(denialOf(checkReadOnly(sql))).toBe('')
      },
    ),
    { numRuns: 3_000 },
  )
})

test('a bypass behind or before a legitimate statement is denied', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...legitimate),
      fc.constantFrom(...bypasses.filter(({ group }) => group !== 'no statement' && group !== 'lexer gaps')),
      fc.constantFrom(';', ';\n', ' ;-- x\n', '->>', ' ->> '),
      fc.boolean(),
      (good, bad, separator, swap) => {
        const [first, second] = swap ? [bad.sql, good.sql] : [good.sql, bad.sql]
        // A comment at the end of the first would hide the second from Snowflake as well.
        fc.pre(tokenize(first).at(-1)?.kind !== 'lineComment')
        expect(checkReadOnly(first + separator + second)).toMatchObject({ allowed: false })
      },
    ),
    { numRuns: 2_000 },
  )
})

test('whatever text comes gets a verdict', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (sql) => {
      expect(typeof checkReadOnly(sql).allowed).toBe('boolean')
    }),
  )
})

test.each(['(', '/*', "'", 'a(', 'SELECT ', 'SELECT a, ', 'WITH a(', ', f(a', 'TABLE(a.', '-- \n', ';'])(
  'half a megabyte of %j is judged in one go: no rule looks at a token twice',
  (piece) => {
    const sql = `SELECT ${piece.repeat(500_000 / piece.length)}`
    expect(typeof checkReadOnly(sql).allowed).toBe('boolean')
  },
  // What grows with the square of the length takes minutes.
  20_000,
)

test('more than a megabyte is not looked at', () => {
  expect(checkReadOnly(`SELECT 1${' '.repeat(1_000_000)}`)).toMatchObject({ allowed: false, hint: 'Send a shorter statement.' })
})
