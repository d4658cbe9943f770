import { splitStatements, tokenize } from '@squall/snowflake-sql'
import { expect, test } from 'vitest'
import { queryType } from './query-type.ts'

test.each([
  ['/* a */ select 1', 'SELECT'],
  ['WITH a AS (SELECT 1) SELECT * FROM a', 'SELECT'],
  ['(SELECT 1)', 'SELECT'],
  ['CREATE OR REPLACE TEMPORARY TABLE t (a INT)', 'CREATE_TABLE'],
  ['drop view v', 'DROP_VIEW'],
  ['ALTER SESSION SET A = 1', 'ALTER_SESSION'],
  ['start transaction', 'BEGIN_TRANSACTION'],
  ['DESC TABLE t', 'DESCRIBE'],
  ['truncate t', 'TRUNCATE_TABLE'],
  ['ALTER', 'ALTER'],
  ["'x'", 'UNKNOWN'],
])('%s is a %s', (sql, type) => {
  expect(queryType(splitStatements(tokenize(sql))[0])).toBe(type)
})

test('no statement at all is of no known type', () => {
  expect(queryType(undefined)).toBe('UNKNOWN')
})
