import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { splitStatements, statementClass, tokenize, type StatementClass } from './index.ts'

const classesOf = (sql: string): StatementClass[] => splitStatements(tokenize(sql)).map(statementClass)

const single: readonly (readonly [StatementClass, readonly string[]])[] = [
  [
    'select',
    [
      'SELECT 1',
      "select * from t where a = ';' -- ; drop",
      '/* hint */ SELECT 1',
      'VALUES (1), (2)',
      '(SELECT 1)',
      '((SELECT 1) UNION ALL (SELECT 2)) ORDER BY 1',
      '(SELECT 1) LIMIT 1',
      'WITH a AS (SELECT 1) SELECT * FROM a',
      'WITH a (x, y) AS (SELECT 1, 2), "b" AS (SELECT 3) SELECT * FROM a, "b"',
      'WITH RECURSIVE n AS (SELECT 1 UNION ALL SELECT 2) SELECT * FROM n',
      'WITH recursive AS (SELECT 1) SELECT * FROM recursive',
      'WITH a AS (WITH b AS (SELECT 1) SELECT * FROM b) (SELECT * FROM a)',
    ],
  ],
  ['show', ['SHOW TABLES IN db.PUBLIC LIMIT 5']],
  ['describe', ['DESC TABLE t', 'DESCRIBE VIEW v']],
  ['explain', ['EXPLAIN USING TEXT DELETE FROM t']],
  ['use', ['USE DATABASE d']],
  ['set', ['SET x = 1', 'UNSET x']],
  ['session', ["ALTER SESSION SET TIMEZONE = 'UTC'"]],
  [
    'dml',
    [
      'INSERT INTO t VALUES (1)',
      'UPDATE t SET a = 1',
      'DELETE FROM t',
      'MERGE INTO t USING s ON 1 = 1',
      'TRUNCATE t',
      'WITH a AS (SELECT 1) DELETE FROM t',
    ],
  ],
  ['ddl', ['CREATE TABLE t (a INT)', 'ALTER TABLE t ADD b INT', 'DROP VIEW v', 'UNDROP TABLE t', "COMMENT ON TABLE t IS ''"]],
  ['grant', ['GRANT ROLE r TO USER u', 'REVOKE ROLE r FROM USER u']],
  [
    'transaction',
    ['BEGIN', 'BEGIN WORK', 'BEGIN TRANSACTION NAME t1', 'BEGIN NAME t1', 'START TRANSACTION', 'COMMIT', 'ROLLBACK'],
  ],
  [
    'call',
    ['CALL p()', 'WITH p AS PROCEDURE () RETURNS INT LANGUAGE SQL AS $$ BEGIN RETURN 1; END $$ CALL p()', 'EXECUTE TASK t'],
  ],
  ['scripting', ["EXECUTE IMMEDIATE 'DROP TABLE t'", 'BEGIN DROP TABLE t', 'DECLARE x INT', 'LET x := 1', 'END']],
  ['copy', ['COPY INTO t FROM @s', 'PUT file:///etc/passwd @~', 'GET @~ file:///tmp', 'LIST @s', 'LS @s', 'REMOVE @s', 'RM @s']],
  ['flow', ['SELECT 1 ->> DROP TABLE t', 'SHOW TABLES ->> SELECT * FROM $1']],
  [
    'unknown',
    [
      'DRO/**/P TABLE t',
      'FROM t SELECT 1',
      '1',
      'x',
      '(DROP TABLE t)',
      '(SELECT 1) DROP',
      '[SELECT 1]',
      '(1)',
      'SELECT (1',
      'SELECT 1)',
      "SELECT 'open",
      'SELECT 1 /* a /* b */ */',
      '\u00A0SELECT 1',
      '\uFEFFDROP TABLE t',
      '/* a /* b */',
      'WITH a AS (DELETE FROM t) SELECT 1',
      'WITH a AS SELECT 1',
      'WITH a AS (SELECT 1)',
      'WITH (SELECT 1) SELECT 1',
      'WITH',
      'START ENGINE',
      `${'('.repeat(50_000)}SELECT 1${')'.repeat(50_000)}`,
    ],
  ],
]

describe.each(single)('%s', (expected, statements) => {
  test.each(statements.map((sql) => [sql.slice(0, 80), sql]))('%s', (_, sql) => expect(classesOf(sql)).toEqual([expected]))
})

test('a text falls into its statements, and semicolons in strings and comments do not count', () => {
  expect(splitStatements(tokenize(" SELECT ';' ; -- a;b\n;; DROP TABLE t ")).map(({ text }) => text)).toEqual([
    "SELECT ';'",
    'DROP TABLE t',
  ])
})

test('stacked statements are each seen', () => {
  expect(classesOf('SELECT 1; DROP TABLE t')).toEqual(['select', 'ddl'])
  expect(classesOf('SELECT (1; DROP TABLE t)')).toEqual(['unknown', 'unknown'])
})

test('nothing is the empty statement, and a statement that was not split is unknown', () => {
  expect(statementClass({ tokens: tokenize(' -- nothing'), text: '' })).toBe('empty')
  expect(statementClass({ tokens: tokenize('SELECT 1; DROP TABLE t'), text: '' })).toBe('unknown')
})

test('only a text that starts with a reading keyword, a bracket or WITH is ever called a query, and nothing makes it throw', () => {
  const words = fc.constantFrom(
    ...'SELECT WITH AS ( ) , ; a DROP TABLE "q" RECURSIVE PROCEDURE UNION \'s\' ->> BEGIN VALUES'.split(' '),
  )
  fc.assert(
    fc.property(fc.array(words, { maxLength: 14 }), (parts) => {
      for (const statement of splitStatements(tokenize(parts.join(' ')))) {
        if (statementClass(statement) !== 'select') continue
        expect(statement.text).toMatch(/^(?:SELECT|WITH|VALUES|\()/)
        expect(statement.text).not.toMatch(/^(?:WITH )?\(? ?DROP/)
      }
    }),
    { numRuns: 1000 },
  )
})
