import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bindNames } from './named-binds.ts'

test.each([
  ['SELECT :a', 'SELECT ?', ['a']],
  ['SELECT * FROM t WHERE x=:a AND y IN (:b,:a)', 'SELECT * FROM t WHERE x=? AND y IN (?,?)', ['a', 'b', 'a']],
  ['SELECT v:path.x::int, v[0]:y, "V":z, f(x):w', 'SELECT v:path.x::int, v[0]:y, "V":z, f(x):w', []],
  ["SELECT ':a' -- :b\n/* :c */, $$ :d $$, :e", "SELECT ':a' -- :b\n/* :c */, $$ :d $$, ?", ['e']],
  ['SELECT :1, ?', 'SELECT :1, ?', []],
  [':a', '?', ['a']],
] as const)('%s', (sql, bound, names) => {
  expect(bindNames(sql)).toEqual({ sql: bound, names })
})

test('text without parameters stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { sql, names } = bindNames(text)
      expect(names.length > 0 || sql === text).toBe(true)
    }),
  )
})
