import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseObjectName, quoteIdentifier, quoteLiteral } from './identifier.ts'

test.each([
  ['sales', ['SALES']],
  ['  sales  ', ['SALES']],
  ['analytics.public.orders', ['ANALYTICS', 'PUBLIC', 'ORDERS']],
  ['"My DB".public."a.b"', ['My DB', 'PUBLIC', 'a.b']],
  ['"say ""hi"""', ['say "hi"']],
  ['_x$1', ['_X$1']],
])('%s names %j', (text, parts) => expect(parseObjectName(text, 'name')).toEqual(parts))

test.each([
  '',
  ' ',
  '.',
  'a.',
  '.a',
  'a..b',
  'a b',
  'a;b',
  'x; DROP TABLE t',
  "x'",
  '"x',
  '""',
  'x"y"',
  '"x"y',
  '"x" "y"',
  'a--b',
  'a/*b*/',
  'a.b.c.d',
  '1a',
  '$a',
  'a\u0000',
  '"a\nb"',
  '"a\u0000b"',
  'а', // Cyrillic
  'ａ', // full width
  "IDENTIFIER('x')",
  '@stage',
  '%t',
  'x'.repeat(256),
])('%j names nothing', (text) => {
  expect(() => parseObjectName(text, 'view_name')).toThrow(expect.objectContaining({ code: 'SQL_POLICY_BAD_NAME' }))
})

test('an argument for one name takes no dots', () => {
  expect(() => parseObjectName('a.b', 'database', 1)).toThrow(/database is not the name/)
  expect(parseObjectName('"a.b"', 'database', 1)).toEqual(['a.b'])
})

const nameText = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 })

test('a quoted identifier is read back as the same name, whatever is in it', () => {
  fc.assert(
    fc.property(fc.array(nameText, { minLength: 1, maxLength: 3 }), (names) => {
      expect(parseObjectName(names.map(quoteIdentifier).join('.'), 'name')).toEqual(names)
    }),
  )
})

test('whatever text comes, either it names nothing or its parts written again name the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '"', 'B', '.', ';', ' ', "'", '-', '/', '*', '\\', '\n') }), (text) => {
      let parts: readonly string[]
      try {
        parts = parseObjectName(text, 'name')
      } catch {
        return
      }
      expect(parseObjectName(parts.map(quoteIdentifier).join('.'), 'name')).toEqual(parts)
    }),
  )
})

test('a literal ends only at its own last quote', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', "'", '"', '\\', 'n', ';', '-') }), (text) => {
      const literal = quoteLiteral(text)
      // Snowflake's reading: \x stands for x, '' for a quote.
      expect(literal).toMatch(/^'(?:[^'\\]|''|\\[^])*'$/)
      expect(literal.slice(1, -1).replaceAll(/\\([^])|''/g, (_, escaped: string | undefined) => escaped ?? "'")).toBe(text)
    }),
  )
})
