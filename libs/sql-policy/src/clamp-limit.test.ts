import { tokenize } from '@squall/snowflake-sql'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkReadOnly, clampLimit } from './index.ts'
import { legitimate } from './test/corpus.ts'

test.each([
  ['SELECT 1', 'SELECT 1\nLIMIT 10'],
  ['SELECT a FROM t ORDER BY a;', 'SELECT a FROM t ORDER BY a\nLIMIT 10'],
  ['SELECT 1 -- the end', 'SELECT 1\nLIMIT 10'],
  ['SELECT 1 // the end', 'SELECT 1\nLIMIT 10'],
  ['SELECT 1 /* the end */ ;', 'SELECT 1\nLIMIT 10'],
  ['SELECT 1 -- a\n -- b', 'SELECT 1\nLIMIT 10'],
  ["SELECT 'LIMIT 5'", "SELECT 'LIMIT 5'\nLIMIT 10"],
  ['SELECT 1 /* LIMIT 5 */ AS a', 'SELECT 1 /* LIMIT 5 */ AS a\nLIMIT 10'],
  ['SELECT "LIMIT" FROM t', 'SELECT "LIMIT" FROM t\nLIMIT 10'],
  ['SELECT v:limit FROM t', 'SELECT v:limit FROM t\nLIMIT 10'],
  ['SELECT * FROM (SELECT 1 LIMIT 5)', 'SELECT * FROM (SELECT 1 LIMIT 5)\nLIMIT 10'],
  ['SELECT 1 UNION ALL SELECT 2', 'SELECT 1 UNION ALL SELECT 2\nLIMIT 10'],
  ['(SELECT 1 LIMIT 99) UNION (SELECT 2)', '(SELECT 1 LIMIT 99) UNION (SELECT 2)\nLIMIT 10'],
  ['WITH a AS (SELECT 1) SELECT * FROM a', 'WITH a AS (SELECT 1) SELECT * FROM a\nLIMIT 10'],
  ['SELECT * FROM VALUES (1)', 'SELECT * FROM VALUES (1)\nLIMIT 10'],
])('%s is bounded on a line of its own', (sql, clamped) => expect(clampLimit(sql, 10)).toBe(clamped))

test.each([
  'SELECT a FROM t LIMIT 10',
  'SELECT a FROM t LIMIT 0',
  'select a from t limit 5 offset 100',
  'SELECT TOP 5 a FROM t ORDER BY a',
  'SELECT a FROM t FETCH FIRST 5 ROWS ONLY',
  'SELECT a FROM t FETCH 10 ROWS',
])('%s keeps its own smaller bound', (sql) => expect(clampLimit(sql, 10)).toBe(sql))

test.each([
  ['SELECT a FROM t ORDER BY a LIMIT 11', 'SELECT a FROM t ORDER BY a LIMIT 10'],
  ['SELECT a FROM t ORDER BY a LIMIT 1000000 OFFSET 20', 'SELECT a FROM t ORDER BY a LIMIT 10 OFFSET 20'],
  ['SELECT a FROM t LIMIT NULL', 'SELECT a FROM t LIMIT 10'],
  ["SELECT a FROM t LIMIT ''", 'SELECT a FROM t LIMIT 10'],
  ['SELECT a FROM t LIMIT $$$$', 'SELECT a FROM t LIMIT 10'],
  ['SELECT a FROM t LIMIT 1e9', 'SELECT a FROM t LIMIT 10'],
  ['SELECT a FROM t LIMIT 99999999999999999999', 'SELECT a FROM t LIMIT 10'],
  ['SELECT a FROM t LIMIT -- all\n 500', 'SELECT a FROM t LIMIT -- all\n 10'],
])('%s has its bound replaced, and keeps its order', (sql, clamped) => expect(clampLimit(sql, 10)).toBe(clamped))

test.each([
  'SELECT TOP 50 a FROM t',
  'SELECT TOP 5 a FROM t UNION ALL SELECT b FROM u',
  'SELECT a FROM t LIMIT 5 + 5',
  'SELECT a FROM t LIMIT (5)',
  'SELECT a FROM t LIMIT ?',
  'SELECT a FROM t LIMIT -1',
  'SELECT a FROM t OFFSET 5',
  'SELECT a FROM t OFFSET 5 FETCH FIRST 3 ROWS ONLY',
  'SELECT a FROM t FETCH FIRST 50 ROWS ONLY',
  'SELECT a FROM t LIMIT 5 OFFSET x',
  'VALUES (1), (2)',
])('%s is wrapped', (sql) => expect(clampLimit(`${sql} -- end`, 10)).toBe(`SELECT * FROM (\n${sql}\n) LIMIT 10`))

test.each(['SHOW TABLES', 'DESCRIBE TABLE t', 'EXPLAIN SELECT 1', ''])('%j takes no limit and stays', (sql) => {
  expect(clampLimit(sql, 10)).toBe(sql)
})

test.each([-1, 1.5, NaN, Infinity, 2 ** 60])('%d is no limit', (limit) => {
  expect(() => clampLimit('SELECT 1', limit)).toThrow(RangeError)
})

test('what is clamped is allowed as before, and ends in code that no comment hides', () => {
  const queries = legitimate.filter(({ sql }) => /^[\s(]*(SELECT|WITH)/i.test(sql))
  fc.assert(
    fc.property(
      fc.constantFrom(...queries),
      fc.constantFrom('', ' -- x', '\n// x', ' /* x */', '\n;', '\n; -- x'),
      ({ sql }, tail) => {
        const clamped = clampLimit(sql + tail, 7)
        expect(checkReadOnly(clamped)).toEqual({ allowed: true, statementClass: 'select' })
        expect(tokenize(clamped).at(-1)?.kind).not.toMatch(/Comment/)
      },
    ),
    { numRuns: 1_000 },
  )
})
