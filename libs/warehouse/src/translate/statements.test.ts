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
  'literals and names': [
    ['SELECT 1', ['1']],
    ["SELECT 'it''s', 'a\\'b', 'tab\\there', $$raw 'text'$$", ["it's", "a'b", 'tab\there', "raw 'text'"]],
    ['SELECT TRUE, FALSE, NULL', ['1', '0', null]],
    ['SELECT 1.50, .5, 2e3', ['1.50', '0.5', '2000']],
    ["SELECT X'48656C6C6F'", ['48656C6C6F']],
    ['select "a b" from (select 5 as "a b")', ['5']],
    ['SELECT end_, "end" FROM (SELECT 1 AS end_, 2 AS "end")', ['1', '2']],
    ['SELECT t.offset, t.user FROM (SELECT 1 AS "OFFSET", 2 AS "USER") t', ['1', '2']],
    ['SELECT -- comment\n 1 // another\n /* third */ + 1', ['2']],
    ['SELECT $2, $1 FROM VALUES (1, 2)', ['2', '1']],
  ],
  conversions: [
    ["SELECT '5'::INT, '5.25'::NUMBER(10,2), 5::VARCHAR, '1'::BOOLEAN", ['5', '5.25', '5', '1']],
    ["SELECT CAST('2024-02-29' AS DATE), '12:34:56'::TIME", [wireDate('2024-02-29'), '45296.000000000']],
    ["SELECT '2024-02-29 10:20:30.5'::TIMESTAMP_NTZ", ['1709202030.500000000']],
    ["SELECT '1969-12-31 23:59:58.5'::TIMESTAMP", ['-1.500000000']],
    ["SELECT TRY_CAST('x' AS INT), TRY_TO_NUMBER('12'), TRY_TO_DATE('nope')", [null, '12', null]],
    ["SELECT TO_NUMBER('12.345', 10, 2), TO_DOUBLE('1.5'), TO_BOOLEAN('true')", ['12.35', '1.5', '1']],
    [
      "SELECT TO_DATE('31/12/2024', 'DD/MM/YYYY'), TO_TIMESTAMP('2024-01-02 03:04', 'YYYY-MM-DD HH24:MI')",
      [wireDate('2024-12-31'), wireTimestamp('2024-01-02T03:04:00')],
    ],
    [
      "SELECT TO_CHAR(DATE '2024-03-05', 'YYYY/MM/DD'), TO_VARCHAR('2024-03-05 06:07:08'::TIMESTAMP, 'HH24:MI:SS')",
      ['2024/03/05', '06:07:08'],
    ],
    [
      "SELECT TO_VARCHAR(12.50), TO_CHAR(TRUE), DATE '2024-01-01'::STRING, TO_VARCHAR('2024-01-01 00:00:00'::TIMESTAMP)",
      ['12.50', 'true', '2024-01-01', '2024-01-01 00:00:00.000'],
    ],
    ['SELECT 2.5::INT, (-2.5)::INT, 1e2::INT', ['3', '-3', '100']],
    ['SELECT CASE WHEN 1 = 1 THEN 5 END::VARCHAR', ['5']],
    ["SELECT TO_DATE('1700000000'::INT)", [wireDate('2023-11-14')]],
    ['SELECT TO_TIMESTAMP(1700000000)', [wireTimestamp('2023-11-14T22:13:20')]],
    ['SELECT NULL::DATE, TRUE::INT, FALSE::VARCHAR, NULL::TIMESTAMP_TZ', [null, '1', 'false', null]],
    [
      "SELECT '2024-07-01 12:00:00 +02:00'::TIMESTAMP_TZ, TO_TIMESTAMP_LTZ(0), DATE '2024-01-01'::TIMESTAMP_LTZ",
      [
        `${wireTimestamp('2024-07-01T10:00:00')} 1560`,
        wireTimestamp('1970-01-01T00:00:00'),
        wireTimestamp('2024-01-01T00:00:00'),
      ],
    ],
    [
      `SELECT DATEADD(day, 1, MAX(d)), DATEADD(hour, 1, MAX(d)), DATE_TRUNC('month', MAX(d)), TO_DATE(MAX(d)), MAX(d)::TIMESTAMP_TZ,
        MAX(d) + INTERVAL '1 day', YEAR(MAX(d)) FROM VALUES ('2024-02-28'::DATE) AS v(d)`,
      [
        wireDate('2024-02-29'),
        wireTimestamp('2024-02-28T01:00:00'),
        wireDate('2024-02-01'),
        wireDate('2024-02-28'),
        `${wireTimestamp('2024-02-28T00:00:00')} 1440`,
        wireDate('2024-02-29'),
        '2024',
      ],
    ],
    [
      "SELECT DATEADD(day, 1, '2024-02-28'), DATE_TRUNC('year', '2024-02-28'), '2024-02-28' + INTERVAL '1 day'",
      [wireTimestamp('2024-02-29T00:00:00'), wireTimestamp('2024-01-01T00:00:00'), wireTimestamp('2024-02-29T00:00:00')],
    ],
  ],
  conditions: [
    ["SELECT IFF(1 > 0, 'yes', 'no'), NVL(NULL, 2), NVL2(NULL, 1, 2), IFNULL(NULL, 3)", ['yes', '2', '2', '3']],
    ["SELECT DECODE(2, 1, 'a', 2, 'b', 'c'), DECODE(NULL, NULL, 'null'), DECODE(9, 1, 'a')", ['b', 'null', null]],
    ['SELECT COALESCE(NULL, NULL, 3), NULLIF(1, 1), ZEROIFNULL(NULL), NULLIFZERO(0)', ['3', null, '0', null]],
    ['SELECT GREATEST(1, 3, 2), LEAST(1, NULL), GREATEST_IGNORE_NULLS(1, NULL)', ['3', null, '1']],
    ['SELECT EQUAL_NULL(NULL, NULL), 1 IS DISTINCT FROM NULL', ['1', '1']],
    ["SELECT 'abc' ILIKE 'A%', 'abc' LIKE ANY ('x%', '%c'), 'abc' LIKE ALL ('a%', '%c')", ['1', '1', '1']],
    ["SELECT 'abc' NOT LIKE ANY ('x%', 'y%'), 'abc' RLIKE '[a-c]+', 'xabc' REGEXP 'abc'", ['1', '1', '0']],
    ['SELECT 5 BETWEEN 1 AND 5, 3 IN (1, 2), NOT EXISTS (SELECT 1 WHERE FALSE)', ['1', '0', '1']],
    ['SELECT DIV0(1, 0), DIV0(6, 4), DIV0NULL(1, NULL)', ['0.000000', '1.500000', '0.000000']],
    ['SELECT BOOLAND(1, 0), BOOLOR(1, 0), BOOLNOT(0)', ['0', '1', '1']],
  ],
  numbers: [
    ['SELECT 7 / 2, 7 % 3, MOD(-7, 3), 2 + 3 * 4', ['3.500000', '1', '-1', '14']],
    ['SELECT 7::FLOAT / 2, 1 / 3::NUMBER, 7.5::NUMBER(12,2) / NULL', ['3.5', '0.333333', null]],
    ['SELECT 7 / 2 AS half, half + 1', ['3.500000', '4.500000']],
    [
      'SELECT AVG(x), AVG(x::FLOAT), AVG(DISTINCT x), SUM(x) / COUNT(*) FROM VALUES (1), (2), (2) AS v(x)',
      ['1.666667', '1.6666666666666667', '1.5', '1.666667'],
    ],
    ['SELECT ROUND(2.567, 1), TRUNC(2.567, 2), CEIL(2.1), FLOOR(-2.1), ABS(-3), SIGN(-9)', ['2.6', '2.56', '3', '-3', '3', '-1']],
    ['SELECT POWER(2, 10), SQRT(16), SQUARE(5), LN(1), LOG(10, 1000)', ['1024', '4', '25', '0', '3']],
    ['SELECT BITAND(6, 3), BITOR(6, 3), BITXOR(6, 3), BITSHIFTLEFT(1, 4)', ['2', '7', '5', '16']],
    ['SELECT SIGN(SKEW(x)), ROUND(VAR_POP(x), 2) FROM VALUES (1), (2), (9) AS v(x)', ['1', '12.67']],
    ['SELECT UNIFORM(3, 3, 1), RANDOM() IS NOT NULL', ['3', '1']],
    ['SELECT 12345678901234567890123456789012345678::NUMBER(38,0)', ['12345678901234567890123456789012345678']],
    ["SELECT 'inf'::FLOAT, 'nan'::FLOAT, -0.0::FLOAT", ['inf', 'NaN', '0']],
  ],
  texts: [
    [
      "SELECT UPPER('a') || LOWER('B'), LENGTH('abc'), LEN('é'), REVERSE('abc'), REPEAT('ab', 2)",
      ['Ab', '3', '1', 'cba', 'abab'],
    ],
    ["SELECT CONCAT('a', 1, 'b'), CONCAT('a', NULL), 'a' || NULL", ['a1b', null, null]],
    ["SELECT SUBSTR('abcdef', 2, 3), LEFT('abc', 2), RIGHT('abc', 2), SPLIT_PART('a-b-c', '-', 2)", ['bcd', 'ab', 'bc', 'b']],
    ["SELECT TRIM('  x '), LTRIM(' x'), RTRIM('x '), LPAD('7', 3, '0'), RPAD('7', 3)", ['x', 'x', 'x', '007', '7  ']],
    ["SELECT REPLACE('banana', 'a', 'o'), REPLACE('banana', 'a'), TRANSLATE('abc', 'ab', 'xy')", ['bonono', 'bnn', 'xyc']],
    [
      "SELECT CHARINDEX('na', 'banana'), CHARINDEX('na', 'banana', 4), POSITION('n' IN 'banana'), POSITION('z', 'banana')",
      ['3', '5', '3', '0'],
    ],
    ["SELECT CONTAINS('abc', 'b'), STARTSWITH('abc', 'a'), ENDSWITH('abc', 'b')", ['1', '1', '0']],
    ["SELECT INITCAP('hello big-wide world'), ASCII('A'), CHR(66), SPACE(2) || '.'", ['Hello Big-Wide World', '65', 'B', '  .']],
    [
      "SELECT REGEXP_REPLACE('a1b22', '[0-9]+', '#'), REGEXP_SUBSTR('a1b22', '[0-9]{2}'), REGEXP_COUNT('a1b22', '[0-9]'), REGEXP_LIKE('abc', 'a.c')",
      ['a#b#', '22', '3', '1'],
    ],
    [
      "SELECT CONCAT_WS('-', 'a', 1, 'b'), CONCAT_WS('-', 'a', NULL), HEX_ENCODE('AB'), BASE64_ENCODE('abc'), BASE64_DECODE_STRING('YWJj')",
      ['a-1-b', null, '4142', 'YWJj', 'abc'],
    ],
    ["SELECT SHA1_HEX('a')", ['86f7e437faa5a7fce15d1ddcb9eaeaea377667b8']],
    [
      "SELECT MD5('a'), SHA2('a', 256), EDITDISTANCE('kitten', 'sitting')",
      ['0cc175b9c0f1b6a831c399e269772661', 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb', '3'],
    ],
  ],
  dates: [
    [
      "SELECT DATEADD(day, 1, '2024-02-28'::DATE), DATEADD('month', 1, DATE '2024-01-31'), DATEADD(YEAR, -1, DATE '2024-02-29')",
      [wireDate('2024-02-29'), wireDate('2024-02-29'), wireDate('2023-02-28')],
    ],
    [
      "SELECT DATEADD(hour, 5, DATE '2024-01-01'), DATEADD(minute, 90, '2024-01-01 00:00:00'::TIMESTAMP)",
      [wireTimestamp('2024-01-01T05:00:00'), wireTimestamp('2024-01-01T01:30:00')],
    ],
    [
      "SELECT DATEADD(quarter, 1, DATE '2024-01-15'), DATEADD(week, 2, DATE '2024-01-01'), TIMESTAMPADD(second, 30, '2024-01-01'::TIMESTAMP)",
      [wireDate('2024-04-15'), wireDate('2024-01-15'), wireTimestamp('2024-01-01T00:00:30')],
    ],
    [
      "SELECT DATEDIFF(day, '2024-01-01', '2024-03-01'), DATEDIFF('month', DATE '2024-01-31', DATE '2024-02-01'), DATEDIFF(year, '2023-12-31'::DATE, '2024-01-01'::TIMESTAMP)",
      ['60', '1', '1'],
    ],
    [
      "SELECT DATEDIFF(hour, '2024-01-01 00:59:00'::TIMESTAMP, '2024-01-01 01:01:00'::TIMESTAMP), DATEDIFF(second, '2024-01-01'::DATE, '2024-01-02'::DATE)",
      ['1', '86400'],
    ],
    [
      "SELECT DATE_TRUNC('month', DATE '2024-05-17'), DATE_TRUNC(year, '2024-05-17 01:02:03'::TIMESTAMP), DATE_TRUNC('week', DATE '2024-05-17')",
      [wireDate('2024-05-01'), wireTimestamp('2024-01-01T00:00:00'), wireDate('2024-05-13')],
    ],
    [
      "SELECT YEAR(d), MONTH(d), DAY(d), QUARTER(d), DAYOFWEEK(d), DAYOFYEAR(d), WEEK(d) FROM (SELECT DATE '2024-05-17' AS d)",
      ['2024', '5', '17', '2', '5', '138', '20'],
    ],
    [
      "SELECT EXTRACT(hour FROM '2024-01-01 13:14:15'::TIMESTAMP), DATE_PART(minute, '2024-01-01 13:14:15'::TIMESTAMP), SECOND('2024-01-01 13:14:15.9'::TIMESTAMP)",
      ['13', '14', '15'],
    ],
    [
      "SELECT LAST_DAY(DATE '2024-02-10'), LAST_DAY(DATE '2024-02-10', 'year'), ADD_MONTHS(DATE '2024-01-31', 1)",
      [wireDate('2024-02-29'), wireDate('2024-12-31'), wireDate('2024-02-29')],
    ],
    ["SELECT MONTHNAME(DATE '2024-05-17'), DAYNAME('2024-05-17'::DATE)", ['May', 'Fri']],
    [
      "SELECT DATE '2024-01-31' + INTERVAL '1 month', DATE '2024-01-01' - INTERVAL '1 day', DATE '2024-01-01' + 5",
      [wireDate('2024-02-29'), wireDate('2023-12-31'), wireDate('2024-01-06')],
    ],
    [
      "SELECT DATE '2024-01-01' + INTERVAL '1 day, 2 hours', DATE '2024-01-01' + INTERVAL '1' YEAR",
      [wireTimestamp('2024-01-02T02:00:00'), wireDate('2025-01-01')],
    ],
    ["SELECT DATE_FROM_PARTS(2024, 2, 29), DATE '2024-03-01' - DATE '2024-02-01'", [wireDate('2024-02-29'), '29']],
    ['SELECT TIMESTAMP_FROM_PARTS(2024, 2, 29, 1, 2, 3)', [wireTimestamp('2024-02-29T01:02:03')]],
    ["SELECT MONTHS_BETWEEN(DATE '2024-03-31', DATE '2024-02-29')", ['1.000000']],
    [
      "SELECT CONVERT_TIMEZONE('America/New_York', 'UTC', '2024-01-01 00:00:00'::TIMESTAMP)",
      [wireTimestamp('2024-01-01T05:00:00')],
    ],
    ['SELECT CURRENT_DATE = CURRENT_TIMESTAMP()::DATE, SYSDATE() IS NOT NULL, CURRENT_TIME() IS NOT NULL', ['1', '1', '1']],
    [
      "SELECT DATE_PART(epoch_second, '2024-01-01'::TIMESTAMP), DATEADD(ms, 1500, '2024-01-01'::TIMESTAMP)",
      ['1704067200', '1704067201.500000000'],
    ],
  ],
  'aggregates and windows': [
    ['SELECT COUNT(*), COUNT(DISTINCT status) > 3, MIN(order_id), MAX(order_id) FROM orders', ['2000', '1', '1', '2000']],
    ["SELECT LISTAGG(x, ',') WITHIN GROUP (ORDER BY x DESC) FROM VALUES (1), (3), (2) AS v(x)", ['3,2,1']],
    ["SELECT LISTAGG(DISTINCT x) WITHIN GROUP (ORDER BY x), LISTAGG(x, '-') FROM VALUES ('a'), ('a') AS v(x)", ['a', 'a-a']],
    ["SELECT LISTAGG(x, ',') FROM (SELECT 1 AS x WHERE FALSE)", ['']],
    [
      'SELECT ARRAY_AGG(x) WITHIN GROUP (ORDER BY x), ARRAY_SIZE(ARRAY_AGG(x)) FROM VALUES (2), (NULL), (1) AS v(x)',
      ['[1,2]', '2'],
    ],
    ["SELECT OBJECT_AGG(k, v) FROM VALUES ('a', 1) AS t(k, v)", ['{"a":1}']],
    [
      'SELECT MEDIAN(x), PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY x), MODE(x), COUNT_IF(x > 1) FROM VALUES (1), (2), (2) AS v(x)',
      ['2', '2', '2', '2'],
    ],
    ['SELECT BOOLAND_AGG(x > 0), BOOLOR_AGG(x > 2), BITOR_AGG(x) FROM VALUES (1), (2) AS v(x)', ['1', '0', '3']],
    ['SELECT COUNT(DISTINCT a, b) FROM VALUES (1, 1), (1, 1), (1, 2), (NULL, 1) AS v(a, b)', ['2']],
    ["SELECT MIN_BY(n, x), MAX_BY(n, x), ANY_VALUE(1) FROM VALUES ('a', 2), ('b', 1) AS v(n, x)", ['b', 'a', '1']],
    ['SELECT x, ROW_NUMBER() OVER (ORDER BY x DESC) AS n FROM VALUES (1), (2) AS v(x) ORDER BY x', ['1', '2'], ['2', '1']],
    ['SELECT x FROM VALUES (1), (2), (3) AS v(x) QUALIFY ROW_NUMBER() OVER (ORDER BY x DESC) <= 2 ORDER BY x', ['2'], ['3']],
    [
      'SELECT SUM(x) OVER (ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM VALUES (1), (2) AS v(x)',
      ['1'],
      ['3'],
    ],
    [
      'SELECT LAG(x, 1, 0) OVER (ORDER BY x), LAST_VALUE(x) IGNORE NULLS OVER (ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM VALUES (1), (2) AS v(x)',
      ['0', '2'],
      ['1', '2'],
    ],
    ['SELECT RATIO_TO_REPORT(x) OVER () FROM VALUES (1), (3) AS v(x) ORDER BY 1', ['0.250000'], ['0.750000']],
    ['SELECT x % 2 AS odd, SUM(x) FROM VALUES (1), (2), (3) AS v(x) GROUP BY ALL ORDER BY odd', ['0', '2'], ['1', '4']],
    ['SELECT x FROM VALUES (2), (NULL), (1) AS v(x) ORDER BY x', ['1'], ['2'], [null]],
    ['SELECT x FROM VALUES (2), (NULL), (1) AS v(x) ORDER BY x DESC', [null], ['2'], ['1']],
    ['SELECT x FROM VALUES (2), (NULL), (1) AS v(x) ORDER BY x NULLS FIRST LIMIT 1', [null]],
    ['SELECT SUM(IFF(x > 1, x, 0))::INT OVER_ FROM VALUES (1), (5) AS v(x)', ['5']],
  ],
  queries: [
    ['SELECT * FROM (SELECT 1 AS a\n) LIMIT 5', ['1']],
    ['SELECT TOP 2 order_id FROM orders ORDER BY order_id', ['1'], ['2']],
    ['SELECT order_id FROM orders ORDER BY order_id LIMIT 2 OFFSET 1', ['2'], ['3']],
    ['SELECT order_id FROM orders ORDER BY order_id OFFSET 1 ROWS FETCH NEXT 1 ROWS ONLY', ['2']],
    ['SELECT COUNT(*) FROM (SELECT * FROM products LIMIT NULL)', ['60']],
    ["SELECT COUNT(*) FROM (SELECT * FROM products LIMIT '')", ['60']],
    ['WITH a AS (SELECT 1 AS x), b (y) AS (SELECT x + 1 FROM a) SELECT x, y FROM a, b', ['1', '2']],
    ['WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 4) SELECT SUM(i) FROM n', ['10']],
    ['WITH n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 4) SELECT MAX(i) FROM n', ['4']],
    ['SELECT 1 UNION SELECT 1 UNION ALL SELECT 2 ORDER BY 1', ['1'], ['2']],
    ['SELECT 1 MINUS SELECT 2', ['1']],
    ['(SELECT 1 AS a) INTERSECT (SELECT 1)', ['1']],
    ['((SELECT 3))', ['3']],
    ["SELECT * FROM VALUES (1, 'a') AS t (id, name)", ['1', 'a']],
    ['SELECT column1 + column2 FROM VALUES (1, 2)', ['3']],
    ['VALUES (1, 2), (3, 4)', ['1', '2'], ['3', '4']],
    ['SELECT * EXCLUDE (b) FROM (SELECT 1 AS a, 2 AS b)', ['1']],
    ['SELECT t.* EXCLUDE b FROM (SELECT 1 AS a, 2 AS b) t', ['1']],
    ['SELECT * RENAME (a AS z) FROM (SELECT 1 AS a)', ['1']],
    ['SELECT (SELECT MAX(product_id) FROM products), (SELECT 2)', ['60', '2']],
    ["SELECT COUNT(*) FROM customers c JOIN orders o ON o.customer_id = c.customer_id AND LEFT(c.email, 1) <> '#'", ['2000']],
    ['SELECT COUNT(*) FROM orders o INNER JOIN order_items i USING (order_id) WHERE i.line_number = 1', ['2000']],
    ['SELECT COUNT(*) FROM (customers c CROSS JOIN (SELECT 1) x)', ['500']],
    ['SELECT COUNT(*) FROM customers NATURAL JOIN (SELECT 1 AS customer_id)', ['1']],
    ['SELECT COUNT(*) FROM products p FULL OUTER JOIN (SELECT 100 AS product_id) q ON p.product_id = q.product_id', ['61']],
    ['SELECT COUNT(*) FROM TABLE(GENERATOR(ROWCOUNT => 10))', ['10']],
    ['SELECT SEQ4() FROM TABLE(GENERATOR(ROWCOUNT => 4))', ['0'], ['1'], ['2'], ['3']],
    ["SELECT value FROM TABLE(SPLIT_TO_TABLE('a.b', '.')) ORDER BY index", ['a'], ['b']],
    ['SELECT COUNT(*) FROM products SAMPLE (100)', ['60']],
    ['SELECT COUNT(*) FROM products TABLESAMPLE (5 ROWS)', ['5']],
    ["SELECT COUNT(*) FROM IDENTIFIER('test_db.public.products')", ['60']],
    ["SELECT COUNT(*) FROM TABLE('products')", ['60']],
    ['SELECT COUNT(*) FROM test_db..products', ['60']],
    ['SELECT test_db.public.products.product_id FROM test_db.public.products ORDER BY 1 LIMIT 1', ['1']],
    ['SELECT COUNT(*) FROM reporting.revenue_by_month', ['24']],
    ['SELECT a.x, b.x FROM (SELECT 1 AS x) a, LATERAL (SELECT a.x + 1 AS x) b', ['1', '2']],
    ['SELECT 1, 2,', ['1', '2']],
  ],
  'semi-structured data': [
    [
      'SELECT v:a, v:a.b::STRING, v:a.list[1]::INT, v:"Key X", v[\'a\'][\'b\']::STRING FROM (SELECT PARSE_JSON(\'{"a":{"b":"x","list":[1,2]},"Key X":true}\') AS v)',
      ['{"b":"x","list":[1,2]}', 'x', '2', 'true', 'x'],
    ],
    ['SELECT t.v:A, t.v:a FROM (SELECT PARSE_JSON(\'{"a":1}\') AS v) t', [null, '1']],
    [
      'SELECT f.index, f.value::STRING FROM TABLE(FLATTEN(INPUT => PARSE_JSON(\'["x","y"]\'))) f ORDER BY 1',
      ['0', 'x'],
      ['1', 'y'],
    ],
    ['SELECT f.key, f.value::INT FROM LATERAL FLATTEN(PARSE_JSON(\'{"k":7}\')) f', ['k', '7']],
    [
      'SELECT t.id, f.value::STRING FROM (SELECT 1 AS id, PARSE_JSON(\'{"l":["p"]}\') AS v UNION ALL SELECT 2, PARSE_JSON(\'{}\')) t, LATERAL FLATTEN(INPUT => t.v:l, OUTER => TRUE) f ORDER BY 1',
      ['1', 'p'],
      ['2', null],
    ],
    ['SELECT COUNT(*) FROM LATERAL FLATTEN(INPUT => PARSE_JSON(\'{"a":{"b":[1,2]}}\'), RECURSIVE => TRUE)', ['4']],
    ['SELECT COUNT(*) FROM LATERAL FLATTEN(INPUT => PARSE_JSON(\'{"a":{"b":[1,2]}}\'), PATH => \'a.b\')', ['2']],
    [
      "SELECT OBJECT_CONSTRUCT('a', 1, 'b', NULL), OBJECT_CONSTRUCT_KEEP_NULL('b', NULL), {'c': 2}",
      ['{"a":1}', '{"b":null}', '{"c":2}'],
    ],
    [
      "SELECT ARRAY_CONSTRUCT(1, 'x'), [1, 2], ARRAY_SIZE([1, 2, 3]), ARRAY_CONTAINS(2::VARIANT, [1, 2])",
      ['[1,"x"]', '[1,2]', '3', '1'],
    ],
    [
      "SELECT GET([5, 6], 1), GET(PARSE_JSON('{\"k\":1}'), 'k'), GET_PATH(PARSE_JSON('{\"a\":{\"b\":3}}'), 'a.b')",
      ['6', '1', '3'],
    ],
    [
      "SELECT OBJECT_KEYS(PARSE_JSON('{\"a\":1,\"b\":2}')), TYPEOF(PARSE_JSON('[1]')), IS_NULL_VALUE(PARSE_JSON('null'))",
      ['["a","b"]', 'ARRAY', '1'],
    ],
    ["SELECT SPLIT('a,b', ',')[1]::STRING, ARRAY_TO_STRING(SPLIT('a,b', ','), '+'), TRY_PARSE_JSON('{')", ['b', 'a+b', null]],
    ["SELECT 'abc'::VARIANT, TO_JSON(PARSE_JSON('{ \"a\": 1 }')), PARSE_JSON('\"t\"')::STRING", ['"abc"', '{"a":1}', 't']],
    [
      "SELECT COUNT(*) > 0 FROM staging.raw_orders WHERE payload:source::STRING = 'web' AND payload:order.id::NUMBER > 10000",
      ['1'],
    ],
    ['SELECT ARRAY_APPEND([1], 2), ARRAY_CAT([1], [2])', ['[1,2]', '[1,2]']],
  ],
}

describe.each(Object.entries(groups))('%s', (_, cases) => {
  test.each(cases.map(([sql, ...rows]) => ({ sql, rows })))('$sql', async ({ sql, rows }) => {
    expect((await ask(session, sql)).rows).toEqual(rows)
  })
})

describe('columns nobody named are called by their text in upper case', () => {
  test.each([
    ['SELECT 1', ['1']],
    ['select count(*), max(order_id) as m, sum(1) total from orders', ['COUNT(*)', 'M', 'TOTAL']],
    ["select 'abc', current_database(), order_id + 1 from orders", ["'ABC'", 'CURRENT_DATABASE()', 'ORDER_ID + 1']],
    ['select o.order_id, test_db.public.orders.status from orders, orders o', ['ORDER_ID', 'STATUS']],
    ['select current_date, true, null, $1 from products', ['CURRENT_DATE', 'TRUE', 'NULL', '$1']],
    ['select "Mixed" from (select 1 as "Mixed")', ['Mixed']],
    [
      "select case when true then 1 end, x::int, v:a.b, not x from (select true as x, parse_json('{}') as v)",
      ['CASE WHEN TRUE THEN 1 END', 'X::INT', 'V:A.B', 'NOT X'],
    ],
    ['select * from (select count(*) from products)', ['COUNT(*)']],
    ['select 1 as "end", 2 as date, 3 timestamp', ['end', 'DATE', 'TIMESTAMP']],
    ['select distinct status from orders limit 1', ['STATUS']],
    ['select case when 1 = 1 then 2 end result, row_number() over (order by 1) rn', ['RESULT', 'RN']],
  ])('%s', async (sql, columns) => expect((await ask(session, sql)).columns).toEqual(columns))
})

test('types travel as Snowflake names them', async () => {
  const sql = `SELECT 1, 1.5::NUMBER(5,2), 1::FLOAT, 'a', TRUE, CURRENT_DATE(), '1:00'::TIME, SYSDATE(), CURRENT_TIMESTAMP(), PARSE_JSON('1'), X'00'`
  const { types } = await ask(session, sql)
  expect(types).toEqual([
    'fixed',
    'fixed',
    'real',
    'text',
    'boolean',
    'date',
    'time',
    'timestamp_ntz',
    'timestamp_ltz',
    'variant',
    'binary',
  ])
})
