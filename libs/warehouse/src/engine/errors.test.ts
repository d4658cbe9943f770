import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, openEngine, openSession } from '../test/open-engine.ts'
import type { EngineSession, WarehouseEngine } from './engine.ts'

let engine: WarehouseEngine
let session: EngineSession

beforeAll(async () => {
  engine = await openEngine()
  session = await openSession(engine)
})
afterAll(async () => engine.close())

type Case = [sql: string, code: string, sqlState: string, text: string, line?: number, position?: number]

const cases: readonly Case[] = [
  ['', '000900', '42601', 'Empty SQL statement'],
  ['-- nothing', '000900', '42601', 'Empty SQL statement'],
  ['SELECT 1; SELECT 2', '000008', '0A000', 'Actual statement count 2', 1, 10],
  ['SELEC 1', '001003', '42000', "syntax error line 1 at position 0 unexpected 'SELEC'", 1, 0],
  ['SELECT 1\n  FORM t', '001003', '42000', "syntax error line 2 at position 2 unexpected 'FORM'", 2, 2],
  ['SELECT 1 +', '001003', '42000', "unexpected '<EOF>'", 1, 10],
  ['SELECT (1', '001003', '42000', "unexpected '<EOF>'", 1, 9],
  ['SELECT 1)', '001003', '42000', "unexpected ')'", 1, 8],
  ['SELECT FROM orders', '001003', '42000', "unexpected 'FROM'", 1, 7],
  ['SELECT 1 FROM', '001003', '42000', "unexpected '<EOF>'", 1, 13],
  ["SELECT 'open", '001003', '42000', 'unterminated text line 1 at position 7', 1, 7],
  ['SELECT 1 /* open', '001003', '42000', 'unterminated comment', 1, 9],
  ['SELECT \u00A0 1', '001003', '42000', 'unexpected', 1, 7],
  ['SELECT 1 LIMIT 1 LIMIT 2', '001003', '42000', "unexpected 'LIMIT'"],
  ['SELECT * FROM orders o x', '001003', '42000', "unexpected 'x'", 1, 23],
  ["SELECT * FROM '/etc/passwd'", '001003', '42000', 'unexpected', 1, 14],
  ["SELECT * FROM read_csv('/etc/passwd')", '001003', '42000', "unexpected 'read_csv'", 1, 14],
  ['SELECT a ^ b FROM orders', '001003', '42000', "unexpected '^'", 1, 9],
  ['SELECT CAST(1 AS WHATEVER)', '001003', '42000', "unexpected 'WHATEVER'", 1, 17],
  ['WITH a AS (SELECT 1) DELETE', '001003', '42000', 'unexpected'],
  ['SELECT * FROM nodb.public.t', '002003', '02000', "Database 'NODB' does not exist or not authorized.", 1, 14],
  ['SELECT * FROM test_db.nosch.t', '002003', '02000', "Schema 'TEST_DB.NOSCH' does not exist or not authorized."],
  [
    'SELECT *\nFROM test_db.public.nope',
    '002003',
    '42S02',
    "Object 'TEST_DB.PUBLIC.NOPE' does not exist or not authorized.",
    2,
    5,
  ],
  ['SELECT * FROM nope', '002003', '42S02', "Object 'NOPE' does not exist or not authorized."],
  ['SELECT * FROM "orders"', '002003', '42S02', `Object '"orders"' does not exist`],
  ['SELECT * FROM information_schema.nope', '002003', '42S02', 'INFORMATION_SCHEMA.NOPE'],
  ['DESCRIBE TABLE nope', '002003', '42S02', "Table 'NOPE' does not exist"],
  ["SELECT GET_DDL('VIEW', 'nope')", '002003', '42S02', "View 'NOPE' does not exist"],
  ['SHOW TABLES IN SCHEMA nope', '002003', '02000', "Schema 'TEST_DB.NOPE'"],
  ['USE DATABASE nope', '002043', '02000', 'Object does not exist, or operation cannot be performed.'],
  ['USE SCHEMA nope', '002043', '02000', 'Object does not exist'],
  ['USE nope.public', '002043', '02000', 'Object does not exist'],
  ['USE ROLE nope', '002043', '02000', 'Object does not exist'],
  ['USE WAREHOUSE nope', '002043', '02000', 'Object does not exist'],
  ['SELECT nope FROM orders', '000904', '42000', "error line 1 at position 7\ninvalid identifier 'NOPE'", 1, 7],
  ['SELECT o.nope FROM orders o', '000904', '42000', "invalid identifier 'O.NOPE'"],
  ['SELECT zz.order_id FROM orders', '000904', '42000', "invalid identifier 'ZZ", 1, 7],
  ['SELECT 1 FROM orders ORDER BY nope', '000904', '42000', "invalid identifier 'NOPE'", 1, 30],
  ['SELECT NOFUNC(1)', '002140', '42601', 'Unknown function NOFUNC', 1, 7],
  ["SELECT read_text('/etc/passwd')", '002140', '42601', 'Unknown function READ_TEXT'],
  // DuckDB has these, Snowflake has not.
  ...[
    'list_value(1)',
    'current_setting(1)',
    'epoch_ms(1)',
    'json_extract(1)',
    'getenv(1)',
    'string_split(1)',
    'if(1)',
    'SF_AVG(1)',
  ].map((call): Case => [`SELECT 1, ${call}`, '002140', '42601', `Unknown function ${call.slice(0, -3).toUpperCase()}`, 1, 10]),
  ['SELECT my.udf(1)', '002141', '42601', 'Unknown user-defined function MY.UDF', 1, 7],
  ['SELECT UPPER(1, 2)', '001044', '42P13', "Invalid argument types for function 'UPPER'", 1, 7],
  [
    "SELECT DATEADD(dya, 1, '2024-01-01')",
    '001044',
    '42P13',
    "'dya' is not a valid date/time component for function DATEADD.",
    1,
    15,
  ],
  ['SELECT DATEADD(day, 1)', '000938', '22023', 'not enough arguments for function [DATEADD], expected 3, got 2', 1, 7],
  ['SELECT order_id FROM orders GROUP BY status', '000979', '42601', '[ORDER_ID] is not a valid group by expression', 1, 7],
  ['SELECT 1 FROM orders WHERE SUM(order_id) > 1', '002035', '42601', 'Invalid aggregate function in where clause'],
  ['SELECT order_id FROM orders a, orders b', '002028', '42702', "ambiguous column name 'ORDER_ID'", 1, 7],
  ['SELECT 1 UNION SELECT 1, 2', '001789', '42601', 'invalid number of result columns'],
  ['SELECT (SELECT order_id FROM orders)', '090150', '22000', 'Single-row subquery returns more than one row.'],
  ["SELECT 'abc'::INT", '100038', '22018', "Numeric value 'abc' is not recognized"],
  ["SELECT 'x'::DATE", '100040', '22007', "Date 'x' is not recognized"],
  ["SELECT '2024-13-01'::DATE", '100040', '22007', "Date '2024-13-01' is not recognized"],
  ["SELECT 'x'::TIMESTAMP", '100035', '22007', "Timestamp 'x' is not recognized"],
  ["SELECT 'x'::TIME", '100108', '22007', "Time 'x' is not recognized"],
  ["SELECT 'x'::BOOLEAN", '100037', '22018', "Boolean value 'x' is not recognized"],
  ["SELECT PARSE_JSON('{')", '100069', '22P02', 'Error parsing JSON'],
  ['SELECT 200000::NUMBER(3,0)', '100046', '22003', 'Number out of representable range'],
  ['SELECT 1 / 0', '100051', '22012', 'Division by zero'],
  ['SELECT 1 % 0', '100051', '22012', 'Division by zero'],
  ['SELECT ?', '002049', '42601', 'Bind variable ? not set.', 1, 7],
  ['SELECT $nope', '002211', '02000', "Session variable '$NOPE' does not exist", 1, 7],
  ['SELECT 1 ->> SELECT 2', '000002', '0A000', "Unsupported feature '->>'"],
  ['CALL p()', '000002', '0A000', "Unsupported feature 'CALL'"],
  ['SELECT * FROM @stage', '000002', '0A000', 'querying staged files', 1, 14],
  ['SELECT * FROM orders AT(OFFSET => -60)', '000002', '0A000', "Unsupported feature 'AT'"],
  ['SELECT 1::GEOGRAPHY', '000002', '0A000', "Unsupported feature 'GEOGRAPHY'"],
  ["SELECT 'a' COLLATE 'de'", '000002', '0A000', "Unsupported feature 'COLLATE'"],
  ["SELECT TO_CHAR(1.5, '999.00')", '000002', '0A000', 'numeric format'],
  ['SHOW STREAMS', '000002', '0A000', "Unsupported feature 'SHOW STREAMS'"],
  ['ALTER TABLE orders ADD x INT', '000002', '0A000', "Unsupported feature 'ALTER TABLE'"],
  ['CREATE FUNCTION f() RETURNS INT AS $$1$$', '000002', '0A000', "Unsupported feature 'CREATE FUNCTION'"],
  ['EXPLAIN DELETE FROM orders', '000002', '0A000', 'EXPLAIN of other than a query'],
  ...[
    'ALTER SESSION DROP x',
    'ALTER SESSION SET QUERY_TAG',
    'ALTER SESSION SET QUERY_TAG =',
    'INSERT orders VALUES (1)',
    'UPDATE orders WHERE 1 = 1',
    'DELETE orders',
    'MERGE orders USING products ON 1 = 1',
    'MERGE INTO orders ON 1 = 1',
    'CREATE TABLE made',
    'CREATE VIEW made',
    'SET a',
    'SET (a, 1) = (1, 2)',
    'SET (a, b) = (1)',
    'SHOW TABLES LIKE 5',
    "SHOW TABLES LIMIT 'x'",
    'SHOW',
    'SELECT CASE WHEN TRUE THEN 1',
    "SELECT 1 + INTERVAL 'soon'",
    'SELECT 1 FETCH FIRST',
    'WITH a (SELECT 1) SELECT 1',
  ].map((sql): Case => [sql, '001003', '42000', 'syntax error']),
  ['DESCRIBE USER me', '000002', '0A000', "Unsupported feature 'DESCRIBE USER'"],
  ['INSERT ALL INTO orders VALUES (1) SELECT 1', '000002', '0A000', "Unsupported feature 'multi-table INSERT'"],
  ['DELETE FROM order_totals', '000002', '0A000', "Unsupported feature 'DELETE on a view'"],
  ['ALTER SESSION SET NO_SUCH = 1', '001006', '22023', "invalid parameter 'NO_SUCH'"],
  ["ALTER SESSION SET TIMEZONE = 'Mars/Olympus'", '001008', '22023', "invalid value [Mars/Olympus] for parameter 'TIMEZONE'"],
  ["ALTER SESSION SET LOCK_TIMEOUT = 'x'", '001008', '22023', "invalid value [x] for parameter 'LOCK_TIMEOUT'"],
  ['INSERT INTO snowflake_sample_data.tpch_sf1.region VALUES (1)', '003001', '42501', 'Insufficient privileges'],
  ['DROP DATABASE snowflake_sample_data', '003001', '42501', 'Insufficient privileges'],
  ['CREATE TABLE orders (a INT)', '002002', '42710', "Object 'TEST_DB.PUBLIC.ORDERS' already exists."],
]

test.each(cases.map((found) => [found[0], found[1], found] as const))(
  '%j is %s',
  async (sql, code, [, , sqlState, text, line, position]) => {
    const error: unknown = await ask(session, sql).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'SnowflakeError', code, sqlState, message: expect.stringContaining(text) as string })
    expect(error).toMatchObject(line === undefined ? {} : { line, position })
  },
)

test('a session without a database says so instead of guessing', async () => {
  const lost = await openSession(engine, { database: 'NOWHERE' })
  await expect(ask(lost, 'SELECT * FROM orders')).rejects.toMatchObject({
    code: '090105',
    message: expect.stringContaining('does not have a current database') as string,
  })
  await expect(ask(lost, 'SHOW TABLES IN SCHEMA public')).rejects.toMatchObject({ code: '090105' })
  expect((await ask(lost, 'SELECT CURRENT_DATABASE(), CURRENT_SCHEMA()')).rows).toEqual([[null, null]])
  const noSchema = await openSession(engine, { schema: 'NOWHERE' })
  await expect(ask(noSchema, 'SELECT * FROM orders')).rejects.toMatchObject({ code: '090106' })
})

test('an error leaves the session as it was', async () => {
  await expect(ask(session, 'SELECT 1 / 0')).rejects.toThrow('Division by zero')
  expect((await ask(session, 'SELECT CURRENT_SCHEMA()')).rows).toEqual([['PUBLIC']])
})
