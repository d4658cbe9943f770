// What a session can see of statements that ran before: LAST_QUERY_ID, RESULT_SCAN, QUERY_HISTORY.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { EngineSession, WarehouseEngine } from '../engine/engine.ts'
import { ask, openEngine, openSession } from '../test/open-engine.ts'

let engine: WarehouseEngine
let session: EngineSession

beforeAll(async () => {
  engine = await openEngine()
})
afterAll(async () => engine.close())
beforeEach(async () => {
  session = await openSession(engine)
})

const lastId = async (of = session, position = ''): Promise<string> =>
  String((await ask(of, `SELECT LAST_QUERY_ID(${position})`)).rows[0]?.[0])

test('the rows of the statement before can be read again, with their types', async () => {
  const sql = `SELECT 1 AS n, 2.50::NUMBER(10,2) AS p, 1.5::FLOAT AS f, 'it''s' AS t, TRUE AS b, '2024-02-29'::DATE AS d, '12:34:56.5'::TIME AS c,
    '1969-12-31 23:59:58.5'::TIMESTAMP_NTZ AS z, '2024-01-01 00:00:00 +00:00'::TIMESTAMP_LTZ AS l, TO_BINARY('CAFE') AS x, PARSE_JSON('{"a":[1]}') AS v, NULL AS "none"`
  const first = await ask(session, sql)
  const again = await ask(session, 'SELECT * FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))')
  expect(again.rows).toEqual(first.rows)
  expect(again.columns).toEqual(first.columns)
  expect(again.types.slice(0, -1)).toEqual(first.types.slice(0, -1))
  expect(
    (await ask(session, "SELECT n + 1, v:a[0]::INT, d + 1 FROM TABLE(RESULT_SCAN(LAST_QUERY_ID(-2))) r WHERE r.t LIKE 'it%'"))
      .rows,
  ).toEqual([['2', '1', '19783']])
})

test('a SHOW is filtered by a query over its result; of no rows there are the columns', async () => {
  await ask(session, "SHOW TABLES LIKE 'ORDER%' IN SCHEMA TEST_DB.PUBLIC")
  const id = await lastId()
  const names = await ask(session, `SELECT "name", "rows" FROM TABLE(RESULT_SCAN('${id}')) WHERE "kind" = 'TABLE' ORDER BY 1`)
  expect(names.rows.map(([name]) => name)).toContain('ORDERS')
  await ask(session, "SHOW TABLES LIKE 'NO_SUCH%'")
  expect(await ask(session, 'SELECT COUNT("name") FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))')).toMatchObject({ rows: [['0']] })
  await ask(session, "SET id = 'x'")
  await expect(ask(session, 'SELECT * FROM TABLE(RESULT_SCAN($id))')).rejects.toMatchObject({ code: '000709' })
})

test('results of more rows than one batch can be read again, inside a transaction too', async () => {
  await ask(session, 'SELECT SEQ4() AS n FROM TABLE(GENERATOR(ROWCOUNT => 3000)) ORDER BY 1')
  const id = await lastId()
  await ask(session, 'CREATE TEMPORARY TABLE copied (n INT)')
  await ask(session, 'BEGIN')
  await ask(session, `INSERT INTO copied SELECT n FROM TABLE(RESULT_SCAN('${id}'))`)
  await expect(ask(session, 'SELECT 1/0')).rejects.toMatchObject({ code: '100051' })
  await ask(session, 'COMMIT')
  expect((await ask(session, 'SELECT COUNT(*), SUM(n) FROM copied')).rows).toEqual([['3000', '4498500']])
})

test('another user’s result is not found; another session of the same user has its own last query', async () => {
  await ask(session, "SELECT 'secret'")
  const id = await lastId()
  const stranger = await openSession(engine, { user: 'OTHER' })
  await expect(ask(stranger, `SELECT * FROM TABLE(RESULT_SCAN('${id}'))`)).rejects.toMatchObject({
    code: '000709',
    sqlState: '02000',
  })
  const sibling = await openSession(engine)
  await expect(ask(sibling, 'SELECT * FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))')).rejects.toMatchObject({ code: '000709' })
  expect((await ask(sibling, `SELECT * FROM TABLE(RESULT_SCAN('${id}'))`)).rows).toEqual([['secret']])
  await expect(ask(sibling, "SELECT * FROM TABLE(RESULT_SCAN('a' || 'b'))")).rejects.toMatchObject({ code: '000002' })
})

test('queries are counted from both ends, failed ones too', async () => {
  await session.execute('SELECT 1', { queryId: 'first', binds: [], signal: new AbortController().signal, describeOnly: false })
  await expect(ask(session, 'SELEC')).rejects.toMatchObject({ code: '001003' })
  const failed = await lastId()
  expect(engine.history.get(failed)).toMatchObject({ phase: 'FAIL', errorCode: '001003', text: 'SELEC' })
  await expect(ask(session, `SELECT * FROM TABLE(RESULT_SCAN('${failed}'))`)).rejects.toMatchObject({ code: '000709' })
  expect(await lastId(session, '1')).toBe('first')
  expect(await lastId(session, '99')).toBe('null')
  await expect(ask(session, 'SELECT LAST_QUERY_ID(1 + 1)')).rejects.toMatchObject({ code: '000002' })
})

test('the history tells what ran, in which session, under which tag, and how it ended', async () => {
  await ask(session, "ALTER SESSION SET QUERY_TAG = 'audit'")
  await ask(session, 'SELECT 1 AS one FROM VALUES (1), (2)')
  await expect(ask(session, 'SELECT no_such')).rejects.toMatchObject({ code: '000904' })
  const { rows, columns } = await ask(
    session,
    `SELECT query_type, query_text, query_tag, execution_status, error_code, rows_produced, warehouse_name, user_name
     FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY_BY_SESSION(RESULT_LIMIT => 3)) ORDER BY start_time, query_text`,
  )
  expect(columns).toContain('EXECUTION_STATUS')
  expect(rows).toContainEqual([
    'SELECT',
    'SELECT 1 AS one FROM VALUES (1), (2)',
    'audit',
    'SUCCESS',
    null,
    '2',
    'COMPUTE_WH',
    'TESTER',
  ])
  expect(rows).toContainEqual(['SELECT', 'SELECT no_such', 'audit', 'FAILED_WITH_ERROR', '000904', null, 'COMPUTE_WH', 'TESTER'])
  expect(rows).toHaveLength(3)
})

test('the history is asked by session, user, warehouse and time; others’ statements are hidden', async () => {
  await ask(session, 'SELECT 42')
  const other = await openSession(engine, { warehouse: 'LOAD_WH' })
  await ask(other, 'SELECT 43')
  const stranger = await openSession(engine, { user: 'OTHER' })
  await ask(stranger, 'SELECT 44')
  const texts = async (call: string, of = session): Promise<unknown[]> =>
    (await ask(of, `SELECT query_text FROM TABLE(TEST_DB.INFORMATION_SCHEMA.${call})`)).rows.flat()
  expect(await texts('QUERY_HISTORY(RESULT_LIMIT => 1000)')).toEqual(expect.arrayContaining(['SELECT 42', 'SELECT 43']))
  expect(await texts('QUERY_HISTORY(RESULT_LIMIT => 1000)')).not.toContain('SELECT 44')
  expect(await texts('QUERY_HISTORY_BY_USER(RESULT_LIMIT => 1000)', stranger)).toContain('SELECT 44')
  expect(await texts("QUERY_HISTORY_BY_WAREHOUSE(WAREHOUSE_NAME => 'LOAD_WH')")).toEqual(['SELECT 43'])
  const bySession = 'QUERY_HISTORY_BY_SESSION(SESSION_ID => CURRENT_SESSION()::INT)'
  expect(await texts(bySession, other)).toEqual(expect.arrayContaining(['SELECT 43']))
  expect(await texts(bySession, other)).not.toContain('SELECT 42')
  const later = "END_TIME_RANGE_START => DATEADD('hour', 1, CURRENT_TIMESTAMP())"
  expect(await texts(`QUERY_HISTORY(${later})`)).toEqual([])
  expect(await texts("QUERY_HISTORY(END_TIME_RANGE_END => DATEADD('hour', 1, CURRENT_TIMESTAMP()))")).toContain('SELECT 42')
  await ask(stranger, 'USE ROLE ACCOUNTADMIN')
  expect(await texts('QUERY_HISTORY(RESULT_LIMIT => 1000)', stranger)).toContain('SELECT 42')
  await expect(ask(session, 'SELECT * FROM TABLE(INFORMATION_SCHEMA.LOGIN_HISTORY())')).rejects.toMatchObject({ code: '000002' })
  await ask(session, 'USE SCHEMA INFORMATION_SCHEMA')
  expect((await ask(session, 'SELECT COUNT(*) > 0 FROM TABLE(QUERY_HISTORY())')).rows).toEqual([['1']])
})

const count = async (of: EngineSession): Promise<unknown> => (await ask(of, 'SELECT COUNT(*) FROM products')).rows

test('a temporary view belongs to its session and hides a permanent table of its name', async () => {
  const other = await openSession(engine)
  expect(await count(session)).toEqual([['60']])
  await ask(session, 'CREATE TEMPORARY VIEW products AS SELECT 1 AS a')
  expect(await count(session)).toEqual([['1']])
  expect(await count(other)).toEqual([['60']])
  await expect(ask(session, 'CREATE TEMP VIEW products AS SELECT 2')).rejects.toMatchObject({ code: '002002' })
  await ask(session, 'CREATE OR REPLACE TEMP VIEW products AS SELECT 3 AS b, 4 AS c')
  expect((await ask(session, 'SELECT products.c FROM products')).rows).toEqual([['4']])
  expect((await ask(session, "SHOW VIEWS LIKE 'PRODUCTS'")).rows).toHaveLength(1)
  expect((await ask(other, "SHOW VIEWS LIKE 'PRODUCTS'")).rows).toEqual([])
  await expect(ask(session, 'DROP TABLE products')).rejects.toMatchObject({ code: '002003' })
  await ask(session, 'DROP VIEW products')
  expect(await count(session)).toEqual([['60']])
  await ask(session, 'CREATE TEMP TABLE products (a INT)')
  expect(await count(session)).toEqual([['0']])
  await session.close()
  expect(await count(other)).toEqual([['60']])
})
