// An independent parser reads what the gate lets through. Gate and embedded Snowflake share one lexer, whose mistakes both would make.
import fc from 'fast-check'
import sqlParser from 'node-sql-parser'
import { expect, test } from 'vitest'
import { checkReadOnly } from './index.ts'
import { bypasses, legitimate } from './test/corpus.ts'

const parser = new sqlParser.Parser()

/** The types of the statements the other parser sees; nothing where it cannot read the text. */
function seenByOther(sql: string): readonly string[] | undefined {
  try {
    const seen = parser.astify(sql, { database: 'snowflake' })
    // Nothing before a semicolon comes as a statement without a type.
    return (Array.isArray(seen) ? seen : [seen]).map((statement) => statement?.type).filter((type) => type !== undefined)
  } catch {
    return undefined
  }
}

const reading = ['select', 'show', 'desc', 'describe', 'explain']

test('the other parser agrees on every legitimate statement it can read, and reads most queries', () => {
  const seen = legitimate.flatMap(({ sql }) => {
    const types = seenByOther(sql)
    return types ? [{ sql, types }] : []
  })
  expect(seen.filter(({ types }) => types.length !== 1 || !reading.includes(types[0] ?? ''))).toEqual([])
  expect(seen.length).toBeGreaterThan(legitimate.length / 3)
})

test('the other parser calls nothing a change that the gate lets through, nor two statements one', () => {
  const pieces = fc.oneof(
    fc.constantFrom(...legitimate.map(({ sql }) => sql)),
    fc.constantFrom(...bypasses.map(({ sql }) => sql)),
    fc.constantFrom(
      ';',
      ' ',
      '\n',
      // The other parser lets an unquoted name hold dashes; the blank ends the name before the comment.
      ' -- ',
      '/*',
      '*/',
      "'",
      '"',
      '$$',
      "''",
      '\\',
      '(',
      ')',
      'SELECT 1',
      'DROP TABLE t',
      'DELETE FROM t',
    ),
  )
  let readByBoth = 0
  fc.assert(
    fc.property(fc.array(pieces, { minLength: 1, maxLength: 6 }), (texts) => {
      const sql = texts.join('')
      if (!checkReadOnly(sql).allowed) return
      // The other parser does not know that a backslash escapes a quote; Snowflake documents that it does.
      const types = sql.includes('\\') ? undefined : seenByOther(sql)
      if (!types) return
      readByBoth++
      expect(types, sql).toHaveLength(1)
      expect(reading, sql).toContain(types[0])
    }),
    { numRuns: 5_000 },
  )
  expect(readByBoth).toBeGreaterThan(50)
}, 60_000)
