import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, openEngine, openSession } from '../test/open-engine.ts'
import type { Bind, EngineSession, StatementResult, WarehouseEngine } from './engine.ts'

let engine: WarehouseEngine

beforeAll(async () => {
  engine = await openEngine()
})
afterAll(async () => engine.close())

const execute = async (
  session: EngineSession,
  sql: string,
  binds: readonly Bind[] = [],
  describeOnly = false,
): Promise<StatementResult> =>
  await session.execute(sql, { queryId: '01-test', binds, signal: new AbortController().signal, describeOnly })

const rowsOf = async (result: StatementResult): Promise<(readonly (string | null)[])[]> => {
  const rows = []
  for (const batch of result.batches()) rows.push(...batch)
  return rows
}

test('USE changes the context of its own session alone', async () => {
  const [one, two] = [await openSession(engine), await openSession(engine)]
  await ask(one, 'USE SCHEMA reporting')
  await ask(one, 'USE ROLE analyst')
  await ask(one, 'USE WAREHOUSE load_wh')
  await ask(one, 'USE SECONDARY ROLES NONE')
  expect(one.context).toMatchObject({ database: 'TEST_DB', schema: 'REPORTING', role: 'ANALYST', warehouse: 'LOAD_WH' })
  expect(two.context).toMatchObject({ database: 'TEST_DB', schema: 'PUBLIC', role: 'SYSADMIN', warehouse: 'COMPUTE_WH' })
  await ask(one, 'USE analytics_db')
  expect(one.context).toMatchObject({ database: 'ANALYTICS_DB', schema: 'PUBLIC' })
  await ask(one, 'USE staging_db.staging')
  expect((await ask(one, 'SELECT CURRENT_DATABASE(), CURRENT_SCHEMA(), COUNT(*) FROM inventory_feed')).rows).toEqual([
    ['STAGING_DB', 'STAGING', '1500'],
  ])
  await ask(one, 'USE SCHEMA INFORMATION_SCHEMA')
  expect((await ask(one, "SELECT COUNT(*) FROM tables WHERE table_schema = 'STAGING'")).rows).toEqual([['5']])
})

test('functions tell who and where the session is', async () => {
  const session = await openSession(engine)
  const { rows } = await ask(
    session,
    'SELECT CURRENT_USER(), CURRENT_ROLE, CURRENT_WAREHOUSE(), CURRENT_ACCOUNT(), CURRENT_VERSION(), CURRENT_SESSION(), CURRENT_SCHEMAS()',
  )
  expect(rows).toEqual([
    ['TESTER', 'SYSADMIN', 'COMPUTE_WH', 'LOCAL', '9.0.0-local', expect.stringMatching(/^\d+$/) as string, '["TEST_DB.PUBLIC"]'],
  ])
  const before = Date.now() / 1000
  const [[now]] = (await ask(session, 'SELECT CURRENT_TIMESTAMP()')).rows as [[string]]
  expect(Number(now)).toBeGreaterThan(before - 1)
  expect(Number(now)).toBeLessThan(Date.now() / 1000 + 1)
})

test('the last query id is that of the statement before', async () => {
  const session = await openSession(engine)
  expect((await ask(session, 'SELECT LAST_QUERY_ID()')).rows).toEqual([[null]])
  await execute(session, 'SELECT 1')
  expect((await ask(session, 'SELECT LAST_QUERY_ID()')).rows).toEqual([['01-test']])
})

test('variables keep their type, belong to one session, and can be unset', async () => {
  const [one, two] = [await openSession(engine), await openSession(engine)]
  await ask(one, "SET (a, b) = (1 + 1, 'x')")
  await ask(one, "SET d = '2024-02-29'::DATE")
  await ask(one, "SET t = 'products'")
  await ask(one, "SET (f, n, m, s) = (1.5::FLOAT, NULL, TRUE, '2024-01-01 01:02:03'::TIMESTAMP)")
  const { rows } = await ask(one, 'SELECT $a, $b, $d + 1, $f, $n, $m, $s, COUNT(*) FROM IDENTIFIER($t)')
  expect(rows).toEqual([['2', 'x', '19783', '1.5', null, '1', '1704070923.000000000', '60']])
  await expect(ask(two, 'SELECT $a')).rejects.toMatchObject({ code: '002211' })
  expect((await ask(one, "SHOW VARIABLES LIKE 'A'")).rows[0]?.slice(1, 3)).toEqual(['A', '2'])
  await ask(one, 'UNSET (a, b)')
  await expect(ask(one, 'SELECT $a')).rejects.toMatchObject({ code: '002211' })
})

test('a MERGE counts each kind of change it could make', async () => {
  const session = await openSession(engine)
  await ask(session, "CREATE TEMPORARY TABLE stock AS SELECT 1 AS id, 'old' AS state UNION ALL SELECT 2, 'old'")
  const all = await ask(
    session,
    `MERGE INTO stock t USING (SELECT 1 AS id UNION ALL SELECT 2 UNION ALL SELECT 3) s ON t.id = s.id
     WHEN MATCHED AND t.id = 2 THEN DELETE WHEN MATCHED THEN UPDATE SET state = 'new' WHEN NOT MATCHED THEN INSERT VALUES (s.id, 'made')`,
  )
  expect(all.columns).toEqual(['number of rows inserted', 'number of rows updated', 'number of rows deleted'])
  expect(all.rows).toEqual([['1', '1', '1']])
  const none = await ask(session, 'MERGE INTO stock t USING (SELECT 9 AS id) s ON t.id = s.id WHEN MATCHED THEN DELETE')
  expect(none).toMatchObject({ columns: ['number of rows deleted'], rows: [['0']] })
  expect((await ask(session, 'SELECT * FROM stock ORDER BY id')).rows).toEqual([
    ['1', 'new'],
    ['3', 'made'],
  ])
})

test('parameters that only drivers read are known too, so that they can be set', async () => {
  const session = await openSession(engine)
  expect(session.parameters.get('CLIENT_STAGE_ARRAY_BINDING_THRESHOLD')).toBeGreaterThan(1_000_000)
  await ask(session, 'ALTER SESSION SET JS_TREAT_INTEGER_AS_BIGINT = TRUE')
  expect(session.parameters.get('JS_TREAT_INTEGER_AS_BIGINT')).toBe(true)
})

test('session parameters are set, act, and go back to their defaults', async () => {
  const session = await openSession(engine)
  await ask(session, "ALTER SESSION SET TIMEZONE = 'America/New_York', QUERY_TAG = 'tag', AUTOCOMMIT = FALSE, LOCK_TIMEOUT = 5")
  expect([...session.parameters]).toEqual(
    expect.arrayContaining([
      ['TIMEZONE', 'America/New_York'],
      ['QUERY_TAG', 'tag'],
      ['AUTOCOMMIT', false],
      ['LOCK_TIMEOUT', 5],
    ]),
  )
  expect((await ask(session, "SELECT HOUR('2024-07-01 12:00:00+00'::TIMESTAMP_LTZ)")).rows).toEqual([['8']])
  expect((await ask(session, "SHOW PARAMETERS LIKE 'QUERY_TAG' IN SESSION")).rows).toEqual([
    ['QUERY_TAG', 'tag', '', 'SESSION', '', 'STRING'],
  ])
  await ask(session, 'ALTER SESSION UNSET TIMEZONE, QUERY_TAG')
  expect(session.parameters.get('TIMEZONE')).toBe('Etc/UTC')
  expect((await ask(session, "SELECT HOUR('2024-07-01 12:00:00+00'::TIMESTAMP_LTZ)")).rows).toEqual([['12']])
})

test('binds reach the statement with their types, by position and by number', async () => {
  const session = await openSession(engine)
  const binds = [
    { type: 'FIXED', value: '42' },
    { type: 'TEXT', value: "it's" },
    { type: 'BOOLEAN', value: 'true' },
    { type: 'REAL', value: '1.5' },
    { type: 'DATE', value: '1709164800000' },
    { type: 'TIMESTAMP_NTZ', value: '1709164800500000000' },
    { type: 'TIME', value: '3600000000000' },
    { type: 'BINARY', value: '00FF' },
    { type: 'TEXT', value: null },
  ]
  const byPosition = await execute(session, 'SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?', binds)
  const expected = ['42', "it's", '1', '1.5', '19782', '1709164800.500000000', '3600.000000000', '00FF', null]
  expect(await rowsOf(byPosition)).toEqual([expected])
  expect(await rowsOf(await execute(session, 'SELECT :2, :1, :1 + 1', binds))).toEqual([["it's", '42', '43']])
  await expect(execute(session, 'SELECT ?', [{ type: 'FIXED', value: '1; DROP' }])).rejects.toMatchObject({ code: '100038' })
  expect(await rowsOf(await execute(session, 'SELECT ?', [{ type: 'TEXT', value: "'; DROP TABLE orders; --" }]))).toEqual([
    ["'; DROP TABLE orders; --"],
  ])
})

test('binds that are arrays run the statement once for each element', async () => {
  const session = await openSession(engine)
  await ask(session, 'CREATE TEMPORARY TABLE many (a INT, b VARCHAR)')
  const result = await execute(session, 'INSERT INTO many VALUES (?, ?)', [
    { type: 'FIXED', value: ['1', '2', '3'] },
    { type: 'TEXT', value: ['x', null, 'z'] },
  ])
  expect(await rowsOf(result)).toEqual([['3']])
  expect((await ask(session, 'SELECT * FROM many ORDER BY a')).rows).toEqual([
    ['1', 'x'],
    ['2', null],
    ['3', 'z'],
  ])
})

test('describing only tells the columns and runs nothing', async () => {
  const session = await openSession(engine)
  const result = await execute(session, 'SELECT order_id, ordered_at FROM orders', [], true)
  expect(result.columns.map(({ name, type }) => [name, type])).toEqual([
    ['ORDER_ID', 'fixed'],
    ['ORDERED_AT', 'timestamp_ntz'],
  ])
  expect(result.rowCount).toBe(0)
  await execute(session, 'USE SCHEMA staging', [], true)
  expect(session.context.schema).toBe('PUBLIC')
})

test('a large result comes in batches, and may be read twice, and after later statements', async () => {
  const session = await openSession(engine)
  const result = await execute(session, 'SELECT SEQ8() AS n FROM TABLE(GENERATOR(ROWCOUNT => 5000))')
  await execute(session, 'SELECT 1')
  const sizes = []
  for (const batch of result.batches()) sizes.push(batch.length)
  expect(result.rowCount).toBe(5000)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(1024)
  expect((await rowsOf(result)).map(([n]) => n)).toEqual(Array.from({ length: 5000 }, (_, n) => String(n)))
})

test('a statement that is canceled stops, whether it computes, waits or has not begun, and the session goes on', async () => {
  const session = await openSession(engine)
  for (const sql of [
    'SELECT COUNT(*) FROM TABLE(GENERATOR(ROWCOUNT => 100000000000)) a WHERE RANDOM() > 5',
    "SELECT SYSTEM$WAIT(1, 'HOURS')",
  ]) {
    const controller = new AbortController()
    const running = ask(session, sql, controller.signal)
    const waiting = ask(session, 'SELECT 1', controller.signal)
    setTimeout(() => controller.abort(), 50)
    await expect(running).rejects.toMatchObject({ code: '000604', sqlState: '57014' })
    await expect(waiting).rejects.toMatchObject({ code: '000604' })
  }
  expect((await ask(session, "SELECT SYSTEM$WAIT(1, 'MILLISECONDS')")).rows).toEqual([['waited 1 milliseconds']])
})

test('statements of a session run in the order they came', async () => {
  const session = await openSession(engine)
  const results = await Promise.all(
    ['USE SCHEMA reporting', 'SELECT CURRENT_SCHEMA()', 'USE SCHEMA staging', 'SELECT CURRENT_SCHEMA()'].map((sql) =>
      ask(session, sql),
    ),
  )
  expect([results[1]?.rows, results[3]?.rows]).toEqual([[['REPORTING']], [['STAGING']]])
})

test('a transaction is seen by others only when it is committed', async () => {
  const [writer, reader] = [await openSession(engine), await openSession(engine)]
  await ask(writer, 'CREATE OR REPLACE TABLE test_db.public.ledger (amount INT)')
  await ask(writer, 'BEGIN')
  await ask(writer, 'BEGIN')
  await ask(writer, 'INSERT INTO ledger VALUES (1), (2)')
  expect((await ask(reader, 'SELECT COUNT(*) FROM ledger')).rows).toEqual([['0']])
  await ask(writer, 'ROLLBACK')
  await ask(writer, 'COMMIT')
  expect((await ask(writer, 'SELECT COUNT(*) FROM ledger')).rows).toEqual([['0']])
  await ask(writer, 'START TRANSACTION')
  await ask(writer, 'INSERT INTO ledger VALUES (3)')
  await ask(writer, 'COMMIT')
  expect((await ask(reader, 'SELECT * FROM ledger')).rows).toEqual([['3']])
  await ask(writer, 'DROP TABLE ledger')
})

test('a temporary table is its session’s own, goes by its full name too, and hides a permanent one', async () => {
  const [one, two] = [await openSession(engine), await openSession(engine)]
  await ask(one, "CREATE TEMP TABLE products AS SELECT 7 AS product_id, 'mine' AS name")
  expect((await ask(one, 'SELECT products.name FROM test_db.public.products')).rows).toEqual([['mine']])
  expect((await ask(two, 'SELECT COUNT(*) FROM products')).rows).toEqual([['60']])
  expect((await ask(one, "SHOW TABLES LIKE 'PRODUCTS' IN test_db.public")).rows.map((row) => row[4])).toEqual([
    'TABLE',
    'TEMPORARY',
  ])
  await ask(one, 'DROP TABLE products')
  expect((await ask(one, 'SELECT COUNT(*) FROM products')).rows).toEqual([['60']])
})
