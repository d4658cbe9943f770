import { expect, test } from 'vitest'
import { tableNames } from './table-names.ts'

test.each([
  ['SELECT * FROM a', [['A']]],
  ['SELECT x FROM db.s."Odd name" o JOIN b ON o.i = b.i, c', [['DB', 'S', 'Odd name'], ['B'], ['C']]],
  ['WITH w AS (SELECT 1 FROM t) SELECT * FROM w, t', [['T']]],
  ['SELECT (SELECT MAX(a) FROM u) FROM u', [['U']]],
  ['SELECT * FROM TABLE(GENERATOR(ROWCOUNT => 1))', []],
  ['', []],
])('%s', (sql, tables) => {
  expect(tableNames(sql)).toEqual(tables)
})
