import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, openEngine, openSession } from '../../test/open-engine.ts'
import type { EngineSession, WarehouseEngine } from '../engine.ts'

let engine: WarehouseEngine
let session: EngineSession

beforeAll(async () => {
  engine = await openEngine()
  session = await openSession(engine)
})
afterAll(async () => engine.close())

const names = async (sql: string): Promise<(string | null | undefined)[]> => (await ask(session, sql)).rows.map((row) => row[1])

const run = async (sql: string): Promise<unknown> => (await ask(session, sql)).rows

test('SHOW finds tables and views where it is told to look', async () => {
  expect(await names('SHOW TABLES IN test_db.PUBLIC LIMIT 5')).toEqual(['CUSTOMERS', 'ORDERS', 'ORDER_ITEMS', 'PRODUCTS'])
  expect(await names('SHOW TABLES')).toEqual([
    'CUSTOMERS',
    'ORDERS',
    'ORDER_ITEMS',
    'PRODUCTS',
    'MONTHLY_TARGETS',
    'RAW_CUSTOMERS',
    'RAW_ORDERS',
  ])
  expect(await names("SHOW TABLES LIKE 'order\\\\_%' IN SCHEMA public")).toEqual(['ORDER_ITEMS'])
  expect(await names("SHOW TABLES LIKE '%ORDER%' IN ACCOUNT")).toEqual(['ORDERS', 'ORDERS', 'ORDER_ITEMS', 'RAW_ORDERS'])
  expect(await names("SHOW TABLES IN test_db.public STARTS WITH 'ORD' LIMIT 1 FROM 'ORDERS'")).toEqual(['ORDER_ITEMS'])
  expect(await names('SHOW VIEWS IN test_db.reporting')).toEqual(['REVENUE_BY_COUNTRY', 'REVENUE_BY_MONTH', 'SALES_VS_TARGET'])
  expect(await names('SHOW VIEWS IN reporting')).toEqual(['REVENUE_BY_COUNTRY', 'REVENUE_BY_MONTH', 'SALES_VS_TARGET'])
  expect(await names('SHOW TERSE VIEWS IN DATABASE analytics_db LIMIT 2')).toEqual(['ACTIVE_USERS_BY_DAY', 'EVENT_FUNNEL'])
  expect(await names('SHOW OBJECTS IN SCHEMA test_db.reporting')).toHaveLength(4)
  expect(await names('SHOW TABLES IN test_db.information_schema')).toEqual([])
})

test('SHOW lists databases, schemas, warehouses and roles, and marks the current ones', async () => {
  expect(await names('SHOW SCHEMAS IN DATABASE staging_db')).toEqual(['INFORMATION_SCHEMA', 'PUBLIC', 'REPORTING', 'STAGING'])
  expect(await names("SHOW SCHEMAS LIKE 'pub%' IN ACCOUNT")).toEqual(['PUBLIC', 'PUBLIC', 'PUBLIC'])
  const databases = (await ask(session, "SHOW DATABASES LIKE 'TEST%'")).rows
  expect(databases[0]?.slice(1, 4)).toEqual(['TEST_DB', 'N', 'Y'])
  const warehouses = (await ask(session, 'SHOW WAREHOUSES')).rows
  expect(warehouses.map((row) => [row[0], row[10]])).toEqual([
    ['ANALYTICS_WH', 'N'],
    ['COMPUTE_WH', 'Y'],
    ['LOAD_WH', 'N'],
  ])
  expect((await ask(session, "SHOW ROLES LIKE 'SYS%'")).rows[0]?.slice(1, 4)).toEqual(['SYSADMIN', 'Y', 'Y'])
})

test('SHOW TABLES counts the rows, and says which tables are scaled down', async () => {
  const { columns, rows } = await ask(session, 'SHOW TABLES IN snowflake_sample_data.tpch_sf1')
  const [rowsAt, commentAt] = [columns.indexOf('rows'), columns.indexOf('comment')]
  expect(rows.map((row) => [row[1], row[rowsAt]])).toEqual([
    ['CUSTOMER', '1500'],
    ['LINEITEM', expect.stringMatching(/^6\d{4}$|^59\d{3}$/) as string],
    ['NATION', '25'],
    ['ORDERS', '15000'],
    ['PART', '2000'],
    ['PARTSUPP', '8000'],
    ['REGION', '5'],
    ['SUPPLIER', '100'],
  ])
  expect(rows.filter((row) => row[commentAt]?.includes('Scaled down'))).toHaveLength(6)
})

test('DESCRIBE, SHOW COLUMNS and INFORMATION_SCHEMA tell the same columns', async () => {
  const expected = ['PRODUCT_ID', 'NAME', 'CATEGORY', 'PRICE', 'WEIGHT_GRAMS', 'IS_ACTIVE']
  const described = (await ask(session, 'DESC TABLE products')).rows
  expect(described.map(([name]) => name)).toEqual(expected)
  expect(described[3]?.slice(0, 4)).toEqual(['PRICE', 'NUMBER(10,2)', 'COLUMN', 'Y'])
  expect((await ask(session, 'SHOW COLUMNS IN TABLE products')).rows.map((row) => row[2])).toEqual(expected)
  expect((await ask(session, 'SHOW COLUMNS IN test_db.public.products')).rows[3]?.[3]).toBe(
    '{"type":"FIXED","precision":10,"scale":2,"nullable":true}',
  )
  const sql =
    "SELECT column_name, data_type, numeric_precision, numeric_scale FROM test_db.information_schema.columns WHERE table_name = 'PRODUCTS' ORDER BY ordinal_position"
  const { rows } = await ask(session, sql)
  expect(rows.map(([name]) => name)).toEqual(expected)
  expect(rows[3]).toEqual(['PRICE', 'NUMBER', '10', '2'])
})

test('INFORMATION_SCHEMA keeps to its database and follows what sessions make', async () => {
  const views = async (): Promise<unknown> =>
    (await ask(session, "SELECT table_name FROM staging_db.information_schema.views WHERE table_schema = 'REPORTING' ORDER BY 1"))
      .rows
  expect(await views()).toEqual([['FAILED_CHECKS'], ['LOADS_BY_DAY'], ['QUALITY_SCORE_BY_TABLE']])
  await ask(session, 'CREATE VIEW staging_db.reporting.added AS SELECT 1 AS one')
  expect(await views()).toEqual([['ADDED'], ['FAILED_CHECKS'], ['LOADS_BY_DAY'], ['QUALITY_SCORE_BY_TABLE']])
  await ask(session, 'DROP VIEW staging_db.reporting.added')
  expect((await ask(session, 'SELECT database_name FROM information_schema.databases ORDER BY 1')).rows).toHaveLength(4)
  expect((await ask(session, "SELECT COUNT(*) FROM information_schema.tables t WHERE t.table_type = 'BASE TABLE'")).rows).toEqual(
    [['7']],
  )
})

test('GET_DDL gives a view back as it was written, and makes a table’s text', async () => {
  const [[view]] = (await ask(session, "SELECT GET_DDL('VIEW', 'TEST_DB.PUBLIC.ACTIVE_PRODUCTS')")).rows as [[string]]
  expect(view).toBe(
    "CREATE OR REPLACE VIEW TEST_DB.PUBLIC.ACTIVE_PRODUCTS COMMENT = 'What can be bought today' AS\nSELECT product_id, name, category, price FROM test_db.public.products WHERE is_active;",
  )
  const [[table]] = (await ask(session, "SELECT GET_DDL('TABLE', 'reporting.monthly_targets')")).rows as [[string]]
  expect(table).toBe(
    "create or replace TABLE MONTHLY_TARGETS (\n\tMONTH DATE,\n\tTARGET NUMBER(12,2)\n)COMMENT='What sales promised'\n;",
  )
  const [[schema]] = (await ask(session, "SELECT GET_DDL('SCHEMA', 'TEST_DB.REPORTING')")).rows as [[string]]
  expect(schema).toContain('create or replace schema REPORTING;')
  const [[database]] = (await ask(session, "SELECT GET_DDL('DATABASE', 'TEST_DB')")).rows as [[string]]
  expect(database).toContain(schema)
})

test('every view of the sample data gives rows', async () => {
  const views = (await ask(session, 'SHOW VIEWS IN ACCOUNT')).rows
  expect(views.length).toBeGreaterThanOrEqual(27)
  for (const [, name, , database, schema] of views) {
    const { rows } = await ask(session, `SELECT * FROM ${database}.${schema}.${name} LIMIT 3`)
    expect(rows.length, `${database}.${schema}.${name}`).toBeGreaterThan(0)
  }
})

test('EXPLAIN shows a plan in three forms', async () => {
  const plan = await ask(session, 'EXPLAIN SELECT COUNT(*) FROM orders')
  expect(plan.columns).toEqual(['step', 'operation'])
  expect(plan.rows.map(([, text]) => text).join('\n')).toContain('AGGREGATE')
  expect((await ask(session, 'EXPLAIN USING TEXT SELECT 1')).rows[0]?.[0]).toContain('PROJECTION')
  expect(JSON.parse((await ask(session, 'EXPLAIN USING JSON SELECT 1')).rows[0]?.[0] ?? '')).toMatchObject([
    { name: 'PROJECTION' },
  ])
})

test('rows are inserted, updated, merged, deleted, and each statement counts them', async () => {
  await run(
    "CREATE OR REPLACE TABLE stock (sku VARCHAR NOT NULL, amount NUMBER(10,2) DEFAULT 0, note STRING COMMENT 'free text', PRIMARY KEY (sku)) COMMENT = 'for tests'",
  )
  expect(await run("INSERT INTO stock (sku, amount) VALUES ('a', 1.5), ('b', 2)")).toEqual([['2']])
  expect(await run("INSERT INTO stock SELECT 'c', 3, 'from a query'")).toEqual([['1']])
  expect(await run("UPDATE stock s SET s.amount = s.amount * 2, note = 'x' WHERE s.sku <> 'c'")).toEqual([['2', '0']])
  expect(await run("UPDATE stock SET amount = n.amount FROM (SELECT 'c' AS sku, 9 AS amount) n WHERE stock.sku = n.sku")).toEqual(
    [['1', '0']],
  )
  expect(
    await run(
      "MERGE INTO stock t USING (SELECT 'a' AS sku UNION ALL SELECT 'z') s ON t.sku = s.sku WHEN MATCHED AND t.amount > 1 THEN UPDATE SET t.note = 'merged' WHEN NOT MATCHED THEN INSERT (sku) VALUES (s.sku)",
    ),
  ).toEqual([['1', '1']])
  expect(await run('SELECT * FROM stock ORDER BY sku')).toEqual([
    ['a', '3.00', 'merged'],
    ['b', '4.00', 'x'],
    ['c', '9.00', 'from a query'],
    ['z', '0.00', null],
  ])
  expect(await run("DELETE FROM stock USING (SELECT 'z' AS sku) d WHERE stock.sku = d.sku")).toEqual([['1']])
  await expect(run('INSERT INTO stock VALUES (NULL, 1, NULL)')).rejects.toMatchObject({ code: '100072' })
  expect(await run("INSERT OVERWRITE INTO stock VALUES ('only', 1, NULL)")).toEqual([['1']])
  expect(await run('DESC TABLE stock')).toEqual([
    expect.arrayContaining(['SKU', 'VARCHAR(16777216)', 'N']) as unknown,
    expect.arrayContaining(['AMOUNT', 'NUMBER(10,2)', 'Y', '0']) as unknown,
    expect.arrayContaining(['NOTE', 'free text']) as unknown,
  ])
  await run('TRUNCATE TABLE stock')
  expect(await run('SELECT COUNT(*) FROM stock')).toEqual([['0']])
  await run('DROP TABLE stock')
})

test('tables are made like others, cloned, and from queries; what exists is not made again', async () => {
  expect(await run('CREATE TRANSIENT TABLE copy1 LIKE products')).toEqual([['Table COPY1 successfully created.']])
  await run('CREATE TABLE copy2 CLONE products')
  await run('CREATE TABLE copy3 (id, label) AS SELECT product_id, name FROM products LIMIT 2')
  expect(await run('SELECT (SELECT COUNT(*) FROM copy1), (SELECT COUNT(*) FROM copy2), COUNT(id) FROM copy3')).toEqual([
    ['0', '60', '2'],
  ])
  expect(await run('CREATE TABLE IF NOT EXISTS copy1 (a INT)')).toEqual([['COPY1 already exists, statement succeeded.']])
  for (const name of ['copy1', 'copy2', 'copy3'])
    expect(await run(`DROP TABLE ${name}`)).toEqual([[`${name.toUpperCase()} successfully dropped.`]])
  expect(await run('DROP TABLE IF EXISTS copy1')).toEqual([['Drop statement executed successfully (COPY1 already dropped).']])
  expect(await run('DROP VIEW IF EXISTS copy1')).toEqual([['Drop statement executed successfully (COPY1 already dropped).']])
  await expect(run('DROP VIEW copy1')).rejects.toMatchObject({ code: '002003' })
  await expect(run('DROP TABLE order_totals')).rejects.toMatchObject({ code: '002003' })
})

test('a database of one’s own: made, filled, seen by others, dropped', async () => {
  const own = await openSession(engine)
  await ask(own, "CREATE DATABASE scratch COMMENT = 'mine'")
  expect(own.context).toMatchObject({ database: 'SCRATCH', schema: 'PUBLIC' })
  await ask(own, 'CREATE SCHEMA lab')
  await ask(own, 'CREATE TABLE t AS SELECT 1 AS a')
  await ask(own, 'CREATE VIEW v (b) AS SELECT a + 1 FROM t')
  expect((await ask(session, 'SELECT b FROM scratch.lab.v')).rows).toEqual([['2']])
  expect(await names("SHOW DATABASES LIKE 'SCRATCH'")).toEqual(['SCRATCH'])
  await expect(ask(own, 'CREATE DATABASE scratch')).rejects.toMatchObject({ code: '002002' })
  expect((await ask(own, 'CREATE DATABASE IF NOT EXISTS scratch')).rows).toEqual([
    ['SCRATCH already exists, statement succeeded.'],
  ])
  await ask(own, 'DROP SCHEMA lab')
  expect(own.context).toMatchObject({ database: 'SCRATCH', schema: null })
  await ask(own, 'DROP DATABASE scratch')
  expect(own.context.database).toBeNull()
  expect(await names("SHOW DATABASES LIKE 'SCRATCH'")).toEqual([])
})

test('many sessions that write to one table at once all succeed', async () => {
  await ask(session, 'CREATE OR REPLACE TABLE shared_counter AS SELECT 0 AS n')
  const writers = await Promise.all(Array.from({ length: 8 }, () => openSession(engine)))
  await Promise.all(writers.map((writer) => ask(writer, 'UPDATE shared_counter SET n = n + 1')))
  expect((await ask(session, 'SELECT n FROM shared_counter')).rows).toEqual([['8']])
  await ask(session, 'DROP TABLE shared_counter')
})

test('a statement after BEGIN that makes an object ends the transaction first', async () => {
  await ask(session, 'CREATE OR REPLACE TABLE made_before (a INT)')
  await ask(session, 'BEGIN')
  await ask(session, 'INSERT INTO made_before VALUES (1)')
  await ask(session, 'CREATE TABLE made_inside (a INT)')
  await ask(session, 'ROLLBACK')
  expect((await ask(session, 'SELECT COUNT(*) FROM made_before')).rows).toEqual([['1']])
  await ask(session, 'DROP TABLE made_before')
  await ask(session, 'DROP TABLE made_inside')
})

test('TERSE leaves five columns at most, and a database or schema is described by what is in it', async () => {
  const terse = await ask(session, "SHOW TERSE TABLES LIKE 'PRODUCTS' IN SCHEMA TEST_DB.PUBLIC")
  expect(terse.columns).toEqual(['created_on', 'name', 'kind', 'database_name', 'schema_name'])
  expect(terse.rows.map((row) => row.slice(1))).toEqual([['PRODUCTS', 'TABLE', 'TEST_DB', 'PUBLIC']])
  expect((await ask(session, 'DESCRIBE DATABASE TEST_DB')).rows.map((row) => row[1])).toContain('REPORTING')
  const schema = (await ask(session, 'DESC SCHEMA TEST_DB.PUBLIC')).rows.map((row) => row.slice(1))
  expect(schema).toContainEqual(['PRODUCTS', 'TABLE'])
  expect(schema).toContainEqual(['ORDER_TOTALS', 'VIEW'])
  await expect(ask(session, 'DESC SCHEMA no_such')).rejects.toMatchObject({ code: '002003' })
  await expect(ask(session, 'DESC DATABASE no_such')).rejects.toMatchObject({ code: '002003' })
})

test('the word DEFAULT among inserted values is the column’s own', async () => {
  await ask(session, "CREATE OR REPLACE TEMPORARY TABLE defaults (a INT, b VARCHAR DEFAULT 'b')")
  expect((await ask(session, "INSERT INTO defaults VALUES (1, DEFAULT), (1 + 1, 'x')")).rows).toEqual([['2']])
  expect((await ask(session, 'SELECT * FROM defaults ORDER BY a')).rows).toEqual([
    ['1', 'b'],
    ['2', 'x'],
  ])
})
