import { expect, test } from 'vitest'
import { statementEffect } from './statement-effect.ts'

test.each([
  'SELECT 1',
  'select * from t;',
  '  -- why\n /* and */ // more\n (SELECT 1) UNION SELECT 2',
  'WITH a AS (SELECT 1) SELECT * FROM a',
  'SHOW VIEWS IN SCHEMA a.b',
  'DESCRIBE VIEW v',
  'desc table t',
  'EXPLAIN USING TEXT DELETE FROM t',
])('%s leaves nothing behind', (sql) => expect(statementEffect(sql)).toBe('none'))

test.each([
  ['USE DATABASE "X"', 'database'],
  ['use schema a.b;', 'schema'],
  ['BEGIN', 'begin'],
  ['begin transaction', 'begin'],
  ['COMMIT', 'end'],
  ['ROLLBACK WORK;', 'end'],
])('%s is a %s', (sql, effect) => expect(statementEffect(sql)).toBe(effect))

test.each([
  '',
  'USE ROLE accountadmin',
  'USE SECONDARY ROLES ALL',
  'USE WAREHOUSE w',
  'USE d',
  'SET x = 1',
  'ALTER SESSION SET TIMEZONE = UTC',
  'CREATE TEMPORARY TABLE t (a INT)',
  'CREATE DATABASE d',
  'INSERT INTO t VALUES (1)',
  'CALL p()',
  'BEGIN SELECT 1; END',
  'SELECT 1 ->> SET x = 1',
  'WITH p AS PROCEDURE () RETURNS INT LANGUAGE SQL AS $$ $$ CALL p()',
  'SELECT SYSTEM$ABORT_SESSION(1)',
  'SELECTED',
  'EXECUTE IMMEDIATE $$SELECT 1$$',
  "COMMENT ON TABLE t IS 'SELECT'",
])('%s may leave anything behind', (sql) => expect(statementEffect(sql)).toBe('unknown'))

test.each([
  ['openings', `${'/* '.repeat(50_000)}${'('.repeat(50_000)}`],
  ['blanks', `SELECT 1${' '.repeat(200_000)}x`],
  ['semicolons', `SELECT 1${';'.repeat(200_000)}x`],
])('a long run of %s is read in no time', (_what, sql) => {
  const before = process.threadCpuUsage()
  statementEffect(sql)
  // What grows with the square of the length takes most of a minute.
  expect(process.threadCpuUsage(before).user).toBeLessThan(2_000_000)
})
