import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EngineSession, WarehouseEngine } from '../engine/engine.ts'
import { ask, openEngine, openSession } from '../test/open-engine.ts'

let engine: WarehouseEngine
let session: EngineSession

beforeAll(async () => {
  engine = await openEngine()
  session = await openSession(engine)
})
afterAll(async () => engine.close())

type Refusal = readonly [sql: string, unexpected: string, position?: number]

/** What 001003 calls unexpected, and where on the first line. */
const syntaxErrors: Readonly<Record<string, readonly Refusal[]>> = {
  names: [
    ['SELECT * FROM a.b.c.d', 'a', 14],
    ['SELECT * FROM IDENTIFIER()', 'IDENTIFIER', 14],
    ["SELECT * FROM IDENTIFIER('a', 'b')", 'IDENTIFIER', 14],
    ['SELECT * FROM IDENTIFIER(5)', '5', 25],
    ["SELECT * FROM IDENTIFIER('')", 'IDENTIFIER', 14],
    ["SELECT * FROM IDENTIFIER('orders x')", 'IDENTIFIER', 14],
    [`SELECT * FROM IDENTIFIER('"open')`, 'IDENTIFIER', 14],
    ["SELECT GET_DDL('TABLE', '')", 'GET_DDL', 7],
    ['DROP TABLE', '<EOF>', 10],
  ],
  'table functions': [
    ['SELECT * FROM TABLE()', '<EOF>'],
    ['SELECT * FROM TABLE(FLATTEN)', 'FLATTEN', 20],
    ['SELECT * FROM TABLE(FLATTEN())', 'FLATTEN', 20],
    ["SELECT * FROM TABLE(SPLIT_TO_TABLE('a'))", 'SPLIT_TO_TABLE', 20],
  ],
  'FROM and its samples': [
    ['SELECT COUNT(*) FROM orders,', '<EOF>', 28],
    ['SELECT * FROM products SAMPLE', '<EOF>', 29],
    ['SELECT * FROM products SAMPLE (x)', 'x', 31],
    ['SELECT * FROM products SAMPLE (100) SEED', '<EOF>', 40],
    ['SELECT * FROM products SAMPLE (100) SEED (x)', '<EOF>'],
    ['SELECT * FROM VALUES', '<EOF>', 20],
    ['SELECT * FROM VALUES 1', '1', 21],
  ],
  clauses: [
    ['SELECT 1,,2', '1', 7],
    ['SELECT 1 AS a, AS b', 'AS', 15],
    ['WITH a (SELECT 1) SELECT * FROM a', 'WITH'],
    ['WITH a AS SELECT 1', 'WITH'],
    ['SELECT 1 UNION FROM orders', 'FROM', 15],
    ['SELECT * FROM orders WHERE', '<EOF>', 26],
    ['SELECT status FROM orders GROUP BY', '<EOF>', 34],
    ['SELECT 1 LIMIT', '<EOF>', 14],
    ['SELECT DISTINCT ON (status) order_id FROM orders', 'ON', 16],
    ['SELECT order_id FROM orders LIMIT -1', '-'],
    ['SELECT * FROM orders UNPIVOT', '<EOF>'],
    ['SELECT * FROM orders UNPIVOT (v IN (order_id))', 'IN'],
    ['SELECT * FROM orders UNPIVOT (v FOR n (order_id))', '('],
    ['SELECT * FROM orders PIVOT (SUM(order_id) FOR status (1))', '('],
  ],
  expressions: [
    ['SELECT ABS(, 1)', 'ABS', 7],
    ['SELECT (1, )', ',', 9],
    ["SELECT {'a': 1, 'b'}", '{', 7],
    ["SELECT 'a' LIKE ANY 'a'", "'a'", 20],
    ['SELECT CASE WHEN 1 = 1 THEN 1', '<EOF>', 29],
    ['SELECT LISTAGG(status) WITHIN GROUP FROM orders', '<EOF>'],
    ["SELECT PARSE_JSON('{}'):'a'", "'a'", 24],
    ["SELECT PARSE_JSON('{}'):a.", '<EOF>', 26],
    ['SELECT 1::5', '5', 10],
    ['SELECT CAST(1 AS NUMBER(x))', 'x', 24],
    ['SELECT CAST(1)', 'CAST', 7],
    ['SELECT CAST(1, 2)', 'CAST', 7],
    ['SELECT CAST()', 'CAST', 7],
    ['SELECT DECODE(1, 2)', 'DECODE', 7],
    ["SELECT SYSTEM$WAIT(0, 'FORTNIGHTS')", 'SYSTEM$WAIT', 7],
    ["SELECT GET_DDL('TABLE' || '', 'orders')", 'GET_DDL', 7],
  ],
  'changes to rows': [
    ['INSERT INTO products', '<EOF>', 20],
    ['MERGE INTO products p USING orders o ON TRUE WHEN NOT THEN DELETE', 'THEN', 54],
    ['MERGE INTO products p USING orders o ON TRUE WHEN MATCHED DELETE', 'DELETE', 58],
    ['MERGE INTO products p USING orders o ON TRUE WHEN MATCHED THEN SELECT', 'SELECT', 63],
    ['MERGE INTO products p USING orders o ON TRUE WHEN NOT MATCHED THEN INSERT (name)', '<EOF>', 80],
    ['CREATE TABLE noted (a INT) COMMENT = 5', '5', 37],
  ],
}

describe.each(Object.entries(syntaxErrors))('of %s', (_, cases) => {
  test.each(cases.map(([sql, unexpected, position]) => ({ sql, unexpected, position })))(
    '$sql: $unexpected is unexpected',
    async ({ sql, unexpected, position }) => {
      await expect(ask(session, sql)).rejects.toMatchObject({
        code: '001003',
        sqlState: '42000',
        message: expect.stringContaining(`unexpected '${unexpected}'`) as string,
        line: 1,
        ...(position !== undefined && { position }),
      })
    },
  )
})

describe('what Snowflake has and this does not is called by its name', () => {
  test.each([
    ['SELECT * FROM TABLE(GENERATOR(TIMELIMIT => 1))', 'GENERATOR without ROWCOUNT'],
    ['SELECT * FROM orders ASOF JOIN products', 'ASOF JOIN'],
    ['SELECT @stage', 'querying staged files'],
    ['SELECT t.$1 FROM orders t', 'positional column of a table'],
    ['SELECT ARRAY_AGG(status) OVER () FROM orders', 'ARRAY_AGG as a window function'],
    ["SELECT GET_DDL(status, 'orders') FROM orders", 'GET_DDL of an expression'],
    ["SELECT SYSTEM$WAIT('x')", 'SYSTEM$WAIT of an expression'],
    ["SELECT TO_NUMBER('12', '99')", 'TO_NUMBER with a format'],
    ["SELECT TO_DATE('2024-01-01', status) FROM orders", 'TO_DATE with a computed format'],
    ["SELECT TO_DATE('2024-01-01', 'YYYY' || '-MM-DD')", 'TO_DATE with a computed format'],
    ['SELECT TIMESTAMP_FROM_PARTS(2024, 1, 2)', 'TIMESTAMP_FROM_PARTS with other than six arguments'],
    ['SELECT 1 ->> SELECT * FROM $1', '->>'],
    ['SELECT order_id FROM orders START WITH order_id = 1 CONNECT BY order_id = 1', 'CONNECT BY'],
    ['SELECT order_id FROM orders CONNECT BY order_id = 1', 'CONNECT BY'],
    ['SELECT * FROM orders AT(OFFSET => -60)', 'AT'],
    ["SELECT * FROM orders BEFORE(STATEMENT => 'x')", 'BEFORE'],
    ['SELECT * FROM orders PIVOT (COUNT(order_id) FOR status IN (ANY))', 'PIVOT with ANY'],
    ["SELECT * FROM orders PIVOT (COUNT(order_id) FOR status IN ('a') DEFAULT ON NULL (0))", 'PIVOT with DEFAULT ON NULL'],
    ['SELECT OBJECT_CONSTRUCT(*) FROM orders', 'OBJECT_CONSTRUCT(*)'],
    ['SELECT NEXT_DAY(CURRENT_DATE(), status) FROM orders', 'NEXT_DAY with a computed day'],
    ["SELECT TIME_SLICE(CURRENT_TIMESTAMP(), 1 + 1, 'DAY')", 'TIME_SLICE with a computed length'],
    ["SHOW SEMANTIC VIEWS LIKE 'x'", 'SHOW SEMANTIC VIEWS'],
    ['SHOW CORTEX SEARCH SERVICES IN SCHEMA public', 'SHOW CORTEX SEARCH SERVICES'],
    ['SHOW STAGES', 'SHOW STAGES'],
    ['DESCRIBE USER squall', 'DESCRIBE USER'],
    ['ALTER TABLE orders ADD COLUMN a INT', 'ALTER TABLE'],
    ['CALL p()', 'CALL'],
    ['EXPLAIN DELETE FROM orders', 'EXPLAIN of other than a query'],
    ['EXPLAIN (DELETE)', 'EXPLAIN of other than a query'],
    ['DROP', 'DROP'],
    ['DROP PIPE x', 'DROP PIPE'],
    ['CREATE', 'CREATE'],
    ['CREATE PIPE x', 'CREATE PIPE'],
    ['CREATE TABLE checked (a INT CHECK (a > 1))', 'column option CHECK'],
    ['CREATE OR REPLACE DATABASE test_db', 'CREATE OR REPLACE DATABASE'],
    ['UNDROP', 'UNDROP'],
  ])('%s', async (sql, feature) => {
    const message = `Unsupported feature '${feature}'.`
    await expect(ask(session, sql)).rejects.toMatchObject({ code: '000002', sqlState: '0A000', message })
  })
})

test('a part of a date that is none is named, with the function and the place', async () => {
  await expect(ask(session, "SELECT DATEADD(fortnight, 1, DATE '2024-01-01')")).rejects.toMatchObject({
    code: '001044',
    message: expect.stringContaining("'fortnight' is not a valid date/time component for function DATEADD") as string,
    position: 15,
  })
  for (const call of ["DATEADD('a' || 'b', 1, DATE '2024-01-01')", 'DATE_PART()', 'EXTRACT()'])
    await expect(ask(session, `SELECT ${call}`)).rejects.toMatchObject({ code: '001044', position: 7 })
})

test('EXPLAIN in a format nobody knows is refused', async () => {
  await expect(ask(session, 'EXPLAIN USING XML SELECT 1')).rejects.toMatchObject({
    code: '001003',
    message: expect.stringContaining("unexpected 'XML'") as string,
  })
})

// Whatever is wrong with a statement, its client reads Snowflake's words.
test.each([
  'SELECT * FROM orders ORDER BY 99',
  'SELECT order_id + status FROM orders',
  'SELECT * REPLACE (1 AS no_such) FROM orders',
  'SELECT SUM(SUM(order_id)) FROM orders',
  'SELECT ROW_NUMBER() OVER (ORDER BY COUNT(*)) FROM orders WHERE ROW_NUMBER() OVER () = 1',
  'SELECT a FROM (SELECT 1 AS a) x JOIN (SELECT 2 AS a) y ON TRUE',
  'SELECT order_id FROM orders GROUP BY 99',
  'SELECT 1 WHERE (SELECT 1, 2) = 1',
  "SELECT '2024-01-01'::DATE * 2",
  'SELECT CAST(99999 AS NUMBER(3,0))',
  'SELECT TO_DATE(TRUE)',
  'INSERT INTO orders (no_such) VALUES (1)',
  'INSERT INTO orders VALUES (1)',
  'UPDATE orders SET no_such = 1',
  'CREATE TABLE twice (a INT, A INT)',
  'CREATE VIEW broken AS SELECT no_such FROM orders',
  'SELECT * FROM orders PIVOT (SUM(no_such) FOR status IN (1))',
  'SELECT * FROM orders UNPIVOT (v FOR n IN (no_such))',
  'SELECT LEFT(1)',
  'SELECT DATEADD(epoch, 1, CURRENT_DATE())',
  'SELECT DATEADD(fortnight, 1, CURRENT_DATE())',
  "SELECT REGEXP_LIKE('a', '(')",
  'SELECT * FROM orders o JOIN products p USING (no_such)',
])('%s fails in Snowflake’s words', async (sql) => {
  const error = await ask(session, sql).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toMatchObject({ name: 'SnowflakeError', code: expect.stringMatching(/^\d{6}$/) as string })
  const { code, message } = error as { code: string; message: string }
  expect(code).not.toBe('000603')
  expect(message).not.toMatch(/duckdb|binder|catalog error|macro|hint|candidate|literal|bigint|decimal|"|temp\.main|_SF/i)
})
