import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EngineSession, WarehouseEngine } from '../engine/engine.ts'
import { ask, openEngine, openSession } from '../test/open-engine.ts'
import { type StatementCase, wireDate, wireTimestamp } from '../test/statement-case.ts'

let engine: WarehouseEngine
let session: EngineSession

beforeAll(async () => {
  engine = await openEngine()
  session = await openSession(engine)
})
afterAll(async () => engine.close())

const groups: Readonly<Record<string, readonly StatementCase[]>> = {
  'pivot and unpivot': [
    ["SELECT * FROM VALUES ('a', 1), ('b', 3), ('a', 4) AS t(k, v) PIVOT (SUM(v) FOR k IN ('a', 'b'))", ['5', '3']],
    ["SELECT \"'a'\" FROM VALUES ('a', 1) AS t(k, v) PIVOT (SUM(v) FOR k IN ('a', 'b'))", ['1']],
    ["SELECT p.y, x FROM VALUES ('a', 1), ('b', 3) AS t(k, v) PIVOT (MAX(v) FOR k IN ('a' AS one, 'b')) AS p (x, y)", ['3', '1']],
    [
      "SELECT status, \"'web'\" > 0 FROM (SELECT status, channel, order_id FROM orders) PIVOT (COUNT(order_id) FOR channel IN ('web')) AS p ORDER BY 1 LIMIT 1",
      ['cancelled', '1'],
    ],
    [
      "SELECT * FROM VALUES ('a', 1, NULL), ('b', 3, 4) AS t(k, q1, q2) UNPIVOT (v FOR q IN (q1, q2 AS second)) ORDER BY k, q",
      ['a', 'Q1', '1'],
      ['b', 'Q1', '3'],
      ['b', 'SECOND', '4'],
    ],
    ['SELECT COUNT(*) FROM VALUES (1, NULL) AS t(a, b) UNPIVOT INCLUDE NULLS (v FOR n IN (a, b))', ['2']],
    ['SELECT COUNT(*) FROM VALUES (1, NULL) AS t(a, b) UNPIVOT EXCLUDE NULLS (v FOR n IN (a, b)) AS u', ['1']],
  ],
  'moments from numbers': [
    [
      'SELECT TO_TIMESTAMP(1700000000123, 3), TO_TIMESTAMP(1700000000123456, 6)',
      ['1700000000.123000000', '1700000000.123456000'],
    ],
    ['SELECT TO_TIMESTAMP(1700000000123456789, 9), TO_TIMESTAMP(17, 0)', ['1700000000.123456000', '17.000000000']],
    ['SELECT TO_TIMESTAMP_LTZ(1700000000123, 3), TO_TIMESTAMP(-1500, 3)', ['1700000000.123000000', '-1.500000000']],
    ["SELECT TO_TIMESTAMP('1700000000'), TO_TIMESTAMP('1700000000123')", ['1700000000.000000000', '1700000000.123000000']],
    ["SELECT TO_TIMESTAMP('1700000000123456'), TO_TIMESTAMP(1.5)", ['1700000000.123456000', '1.500000000']],
  ],
  'arrays and objects': [
    [
      `SELECT ARRAY_SLICE([1, 2, 3], 0, 2), ARRAY_DISTINCT([1, 1]), ARRAY_SORT([2, 1]), ARRAY_MAX([1, 5]), ARRAY_MIN([1, 5]), ARRAY_POSITION(2, [1, 2]),
        ARRAY_COMPACT([1, NULL]), ARRAY_INTERSECTION([1, 2], [2, 3]), ARRAY_EXCEPT([1, 2], [2]), ARRAYS_OVERLAP([1], [1]), ARRAY_PREPEND([1], 0)`,
      ['[1,2]', '[1]', '[1,2]', '5', '1', '1', '[1]', '[2]', '[1]', '1', '[0,1]'],
    ],
    [
      "SELECT OBJECT_INSERT({'a': 1}, 'b', 2), OBJECT_DELETE({'a': 1, 'b': 2}, 'a'), OBJECT_PICK({'a': 1, 'b': 2}, 'a'), OBJECT_CONSTRUCT('a', 1, 'b', NULL)",
      ['{"a":1,"b":2}', '{"b":2}', '{"a":1}', '{"a":1}'],
    ],
    [
      "SELECT IS_INTEGER(PARSE_JSON('1')), IS_VARCHAR(PARSE_JSON('1')), CHECK_JSON('{'), CHECK_JSON('{}')",
      ['1', '0', 'not a JSON document', null],
    ],
  ],
  'pieces of text, and arithmetic': [
    [
      "SELECT STRTOK('a b c', ' ', 2), STRTOK('a.b'), STRTOK_TO_ARRAY('a b'), INSERT('abc', 1, 1, 'z')",
      ['b', 'a.b', '["a","b"]', 'zbc'],
    ],
    [
      "SELECT REGEXP_INSTR('abc', 'c'), REGEXP_INSTR('abc', 'x'), REGEXP_SUBSTR('a1b2', '([a-z])([0-9])', 1, 2, 'e', 2), REGEXP_SUBSTR('a1', '[0-9]', 2), REGEXP_SUBSTR('ab', '.', 1, 2)",
      ['3', '0', '2', '1', 'b'],
    ],
    ["SELECT JAROWINKLER_SIMILARITY('a', 'a'), LENGTH(RANDSTR(5, RANDOM()))", ['100', '5']],
    [
      'SELECT BOOLXOR(1, 0), BITNOT(1), WIDTH_BUCKET(5, 0, 10, 5), WIDTH_BUCKET(-1, 0, 10, 5), ROUND(HAVERSINE(0, 0, 0, 1))',
      ['1', '-2', '3', '0', '111'],
    ],
  ],
  'days and slices': [
    [
      "SELECT NEXT_DAY('2024-01-01'::DATE, 'fr'), NEXT_DAY('2024-01-01'::DATE, 'Monday'), PREVIOUS_DAY('2024-01-01'::DATE, 'mo')",
      [wireDate('2024-01-05'), wireDate('2024-01-08'), wireDate('2023-12-25')],
    ],
    [
      "SELECT TIME_SLICE('2024-01-01 10:17:00'::TIMESTAMP, 15, 'MINUTE'), TIME_SLICE('2024-01-01 10:17:00'::TIMESTAMP, 1, 'HOUR', 'END'), TIME_FROM_PARTS(1, 2, 3)",
      [wireTimestamp('2024-01-01T10:15:00'), wireTimestamp('2024-01-01T11:00:00'), '3723.000000000'],
    ],
    ["SELECT TIME_SLICE('2024-01-03'::DATE, 1, 'WEEK')", [wireTimestamp('2024-01-01T00:00:00')]],
  ],
  metadata: [
    ["SELECT row_count FROM INFORMATION_SCHEMA.TABLES WHERE table_name = 'PRODUCTS'", ['60']],
    ["SELECT row_count FROM INFORMATION_SCHEMA.TABLES WHERE table_name = 'ORDER_TOTALS'", [null]],
    ["SELECT IS_ROLE_IN_SESSION('SYSADMIN'), IS_ROLE_IN_SESSION('NO_SUCH'), INVOKER_ROLE()", ['1', '0', 'SYSADMIN']],
  ],
  'table functions': [
    ["SELECT value FROM TABLE(FLATTEN(INPUT => PARSE_JSON('[1,2]'), MODE => 'array')) ORDER BY index", ['1'], ['2']],
    ["SELECT value FROM TABLE(FLATTEN(INPUT => PARSE_JSON('[1,2]'), MODE => 'OBJECT'))"],
    ["SELECT key, value FROM TABLE(FLATTEN(INPUT => PARSE_JSON('{\"a\":1}'), MODE => 'OBJECT'))", ['a', '1']],
    ["SELECT key FROM TABLE(FLATTEN(INPUT => PARSE_JSON('{\"a\":1}'), MODE => 'ARRAY'))"],
  ],
  'tables and queries in brackets': [
    ['SELECT COUNT(*) FROM IDENTIFIER(orders)', ['2000']],
    ['SELECT COUNT(*) FROM ((SELECT 1 AS a) x JOIN (SELECT 2 AS b) y ON TRUE)', ['1']],
    ['SELECT COUNT(*) FROM ((SELECT 1) UNION ALL (SELECT 2))', ['2']],
    ['SELECT COUNT(*) FROM products SAMPLE BERNOULLI (100)', ['60']],
    ['SELECT COUNT(*) FROM products TABLESAMPLE ROW (100)', ['60']],
    ['SELECT COUNT(*) FROM products SAMPLE (100) SEED (7)', ['60']],
    ['SELECT order_id FROM orders ORDER BY 1 FETCH FIRST 1 ROW ONLY', ['1']],
    ['SELECT 1 AS a UNION ALL BY NAME SELECT 2 AS a ORDER BY 1', ['1'], ['2']],
    ['SELECT order_id FROM orders ORDER BY 1 OFFSET 1 ROW FETCH NEXT 1 ROWS ONLY', ['2']],
    ['SELECT start, connect FROM (SELECT 1 AS start, 2 AS connect)', ['1', '2']],
    ["SELECT IDENTIFIER('status') FROM orders ORDER BY 1 LIMIT 1", ['cancelled']],
  ],
  'aggregates and windows': [
    ['SELECT SUM(DISTINCT a), MEDIAN(DISTINCT a) > 0 FROM VALUES (1), (1), (2) AS t(a)', ['3', '1']],
    ['SELECT VARIANCE_POP(DISTINCT a), HLL(DISTINCT a) FROM VALUES (1), (1), (3) AS t(a)', ['1', '2']],
    ['SELECT APPROX_COUNT_DISTINCT(DISTINCT a) FROM VALUES (1), (1) AS t(a)', ['1']],
    ['SELECT ARRAY_AGG(DISTINCT a) WITHIN GROUP (ORDER BY a) FROM VALUES (2), (1), (2) AS t(a)', ['[1,2]']],
    ["SELECT a, LISTAGG(a, '+') OVER (PARTITION BY a) FROM VALUES (1), (2) AS t(a) ORDER BY a", ['1', '1'], ['2', '2']],
    ['SELECT SUM(a) OVER w FROM VALUES (1), (2) AS t(a) WINDOW w AS (ORDER BY a) ORDER BY 1', ['1'], ['3']],
    ['SELECT SUM(a) OVER (ORDER BY a RANGE UNBOUNDED PRECEDING) FROM VALUES (1), (2) AS t(a) ORDER BY 1', ['1'], ['3']],
    [
      'SELECT a, COUNT(*) FROM VALUES (1), (2) AS t(a) GROUP BY GROUPING SETS ((a), ()) ORDER BY 1',
      ['1', '1'],
      ['2', '1'],
      [null, '2'],
    ],
  ],
  'dates and intervals': [
    [
      "SELECT DATE_TRUNC(DATE '2024-05-06', 'month'), DATE_TRUNC('month', DATE '2024-05-06')",
      [wireDate('2024-05-01'), wireDate('2024-05-01')],
    ],
    ["SELECT DATEDIFF(weekiso, DATE '2024-01-01', DATE '2024-01-08'), DATE_PART(weekiso, DATE '2024-01-08')", ['1', '2']],
    ["SELECT EXTRACT(year, DATE '2024-01-08')", ['2024']],
    [
      "SELECT DATE_PART(epoch_second, d), DATE_PART(epoch_millisecond, d), DATE_PART('epoch_microsecond', d), EXTRACT(epoch_nanosecond FROM d) FROM (SELECT '1970-01-01 00:00:01.5'::TIMESTAMP AS d)",
      ['1', '1500', '1500000', '1500000000'],
    ],
    ["SELECT INTERVAL '1 day' + DATE '2024-01-01' = DATE '2024-01-02'", ['1']],
    [
      "SELECT CONVERT_TIMEZONE('America/New_York', '2024-01-01 12:00:00 +00:00'::TIMESTAMP_TZ)::TIMESTAMP_NTZ",
      [wireTimestamp('2024-01-01T07:00:00')],
    ],
    ['SELECT TO_TIMESTAMP(1700000000, 0)', [wireTimestamp('2023-11-14T22:13:20')]],
  ],
  'texts and numbers': [
    ["SELECT LPAD('7', 3) || '|', RPAD('7', 3) || '|', LPAD('7', 3, '0')", ['  7|', '7  |', '007']],
    ["SELECT REGEXP_REPLACE('a1b2', '[0-9]'), REPLACE('abc', 'b')", ['ab', 'ac']],
    ['SELECT CEIL(1.234, 2), FLOOR(-1.235, 2), FLOOR(1.5)', ['1.24', '-1.24', '1']],
    ["SELECT TRY_CAST('5' AS VARCHAR), '1.5'::DOUBLE PRECISION", ['5', '1.5']],
    ["SELECT LENGTH('a\\0b')", ['3']],
    ["SELECT CASE WHEN 1 = 1 THEN CASE WHEN 2 = 2 THEN 'inner' END ELSE 'no' END", ['inner']],
    ["SELECT SYSTEM$WAIT(1, 'MILLISECONDS'), SYSTEM$WAIT(0)", ['waited 1 milliseconds', 'waited 0 seconds']],
  ],
  'paths into JSON': [
    ["SELECT PARSE_JSON('{\"a\":[1,2]}'):a[0 + 1], PARSE_JSON('[[1,2],[3,4]]')[0 + 1][0]", ['2', '3']],
    ["SELECT PARSE_JSON('[5,6]')[IFF(TRUE, 1, 0)], PARSE_JSON('{\"a b\":7}')['a b']", ['6', '7']],
    ['SELECT PARSE_JSON(\'{"a b":7}\'):"a b", PARSE_JSON(\'{"a":"t"}\'):a::VARIANT', ['7', '"t"']],
    ["SELECT GET_PATH(PARSE_JSON('{\"a\":3}'), LOWER('A'))", ['3']],
  ],
}

describe.each(Object.entries(groups))('%s', (_, cases) => {
  test.each(cases.map(([sql, ...rows]) => ({ sql, rows })))('$sql', async ({ sql, rows }) => {
    expect((await ask(session, sql)).rows).toEqual(rows)
  })
})

async function rowsWithText(sql: string, value: string): Promise<unknown> {
  const { signal } = new AbortController()
  const binds = [{ type: 'TEXT', value }]
  const result = await session.execute(sql, { queryId: 'bound', binds, signal, describeOnly: false })
  const rows = []
  for (const batch of result.batches()) rows.push(...batch)
  return rows
}

test('a name can come from a variable or a bind', async () => {
  await ask(session, "SET wanted = 'test_db.public.products'")
  expect((await ask(session, 'SELECT COUNT(*) FROM IDENTIFIER($wanted)')).rows).toEqual([['60']])
  expect(await rowsWithText('SELECT COUNT(*) FROM IDENTIFIER(?)', 'products')).toEqual([['60']])
  expect(await rowsWithText("SELECT GET_DDL('TABLE', ?)", 'reporting.monthly_targets')).toEqual([
    [expect.stringContaining('create or replace TABLE MONTHLY_TARGETS')],
  ])
  await ask(session, 'SET wanted = 5')
  await expect(ask(session, 'SELECT * FROM IDENTIFIER($wanted)')).rejects.toMatchObject({ code: '001003' })
})
