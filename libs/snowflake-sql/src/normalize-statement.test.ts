import fc from 'fast-check'
import { expect, test } from 'vitest'
import { namedObjects, normalizeStatement } from './index.ts'

test.each([
  ['select  1', 'SELECT ?'],
  ["select * from t where name = 'O''Brien' and x > 1.5e3", 'SELECT * FROM T WHERE NAME = ? AND X > ?'],
  ['select a -- my password is hunter2\n, /* hunter2 */ b', 'SELECT A, B'],
  ['select * from "My Db".s.t where id in (1, 2, 3)', 'SELECT * FROM "My Db".S.T WHERE ID IN (?)'],
  ['select $$hunter2$$, :1, ?', 'SELECT ?'],
  ["select 'hunter2", 'SELECT ?'],
  ['select "hunter2', 'SELECT ?'],
  ['select v:a.b::string from @stage/path, $1', 'SELECT V:A.B::STRING FROM ?, $1'],
  ['', ''],
])('%j becomes %j', (sql, text) => {
  expect(normalizeStatement(sql)).toBe(text)
})

test('statements that differ in values alone come out alike, and none of the values comes out', () => {
  const value = fc.oneof(
    fc.stringMatching(/^[a-z]{6,9}$/).map((text) => ({ text, sql: `'${text}'` })),
    fc.integer({ min: 10_000_000 }).map((number) => ({ text: String(number), sql: String(number) })),
    fc.stringMatching(/^[a-z]{6,9}$/).map((text) => ({ text, sql: `$$${text}$$ /* ${text} */` })),
  )
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 5 }), (values) => {
      const text = normalizeStatement(`select * from t where x in (${values.map(({ sql }) => sql).join(', ')})`)
      expect(text).toBe('SELECT * FROM T WHERE X IN (?)')
    }),
  )
})

test('whatever is given, something comes back, and normalizing that again changes nothing', () => {
  fc.assert(
    fc.property(fc.string(), (sql) => {
      const once = normalizeStatement(sql)
      expect(normalizeStatement(once)).toBe(once)
    }),
  )
})

test.each([
  ['select * from a.b.c x, "D"."e" as y join f on 1 = 1', ['A.B.C', '"D"."e"', 'F']],
  ['with q as (select 1 from t) select * from q', ['T', 'Q']],
  ['show views in schema db.s', ['DB.S']],
  ['show databases', []],
  ['describe view db.s.v', ['DB.S.V']],
  ['select * from (select 1), lateral flatten(x)', []],
  ["select * from 'hunter2'", []],
])('%j names %j', (sql, names) => {
  expect(namedObjects(sql)).toEqual(names)
})

test('no more names are told than anybody reads', () => {
  const sql = `select * from ${Array.from({ length: 100 }, (_, index) => `t${index}`).join(', ')}`
  expect(namedObjects(sql)).toHaveLength(32)
})
