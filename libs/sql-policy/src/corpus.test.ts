import { splitStatements, statementClass, tokenize } from '@squall/snowflake-sql'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkReadOnly, type Verdict } from './index.ts'
import { bypasses, legitimate } from './test/corpus.ts'
import { nested, rewritten, withUnicodeBlank } from './test/rewritten.ts'

const denialOf = (verdict: Verdict): string => (verdict.allowed ? '' : `${verdict.reason} ${verdict.hint}`)

test('the corpora are as large as promised', () => {
  expect(bypasses.length).toBeGreaterThanOrEqual(500)
  expect(legitimate.length).toBeGreaterThanOrEqual(400)
  expect(bypasses.filter(({ why }) => why.length < 10)).toEqual([])
})

test.each(bypasses)('denied ($group): $sql', ({ sql }) => {
  const verdict = checkReadOnly(sql)
  // A reason and a hint, each a sentence, and a place in the text.
  expect(denialOf(verdict)).toMatch(/^.{10,}\. .{5,}\.$/s)
  const position = verdict.allowed ? -1 : (verdict.position ?? 0)
  expect(position).toBeGreaterThanOrEqual(0)
  expect(position).toBeLessThanOrEqual(Math.max(sql.length - 1, 0))
})

test.each(legitimate)('allowed ($group): $sql', ({ sql }) => {
  expect(denialOf(checkReadOnly(sql))).toBe('')
})

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

test('a bypass within the brackets of a query is denied', () => {
  fc.assert(
    fc.property(
      // A single word in brackets is the name of a column.
      fc
        .constantFrom(...bypasses.filter(({ group, sql }) => group !== 'no statement' && !/^\w+$/.test(sql)))
        .chain(({ sql }) => nested(sql)),
      (sql) => {
        expect(checkReadOnly(sql)).toMatchObject({ allowed: false })
      },
    ),
    { numRuns: 3_000 },
  )
})

const isQuery = (sql: string): boolean => splitStatements(tokenize(sql)).map(statementClass).join() === 'select'

test('a legitimate query within the brackets of another is allowed', () => {
  const queries = legitimate.filter(({ sql }) => isQuery(sql) && tokenize(sql).every(({ text }) => text !== ';'))
  fc.assert(
    fc.property(
      fc.constantFrom(...queries).chain(({ sql }) => nested(sql)),
      (sql) => {
        expect(denialOf(checkReadOnly(sql))).toBe('')
      },
    ),
    { numRuns: 3_000 },
  )
})

test('a blank of unicode outside strings, names and comments is denied, in any statement', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...legitimate, ...bypasses).chain(({ sql }) => withUnicodeBlank(sql)),
      (sql) => {
        // Within a string, a quoted name or a comment it is text as any other.
        fc.pre(tokenize(sql).some(({ kind }) => kind === 'unknown'))
        expect(checkReadOnly(sql)).toMatchObject({ allowed: false })
      },
    ),
    { numRuns: 2_000 },
  )
})

/** What does not end by itself goes on in the text behind it, and may turn it into something else. */
const isReadable = (sql: string): boolean => tokenize(sql).every(({ problem }) => problem === undefined)

test('a bypass behind or before a legitimate statement is denied', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...legitimate),
      fc.constantFrom(...bypasses.filter(({ group, sql }) => group !== 'no statement' && isReadable(sql))),
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
