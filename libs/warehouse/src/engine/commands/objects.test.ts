import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EngineSession, WarehouseEngine } from '../engine.ts'
import { ask, openEngine, openSession } from '../../test/open-engine.ts'

let engine: WarehouseEngine
let session: EngineSession

beforeAll(async () => {
  engine = await openEngine()
  session = await openSession(engine)
})
afterAll(async () => engine.close())

const run = async (sql: string): Promise<unknown> => (await ask(session, sql)).rows

const alreadyDropped = (name: string): unknown => [[`Drop statement executed successfully (${name} already dropped).`]]

const tablesOf = async (sql: string): Promise<unknown> => [...new Set((await ask(session, sql)).rows.map(([table]) => table))]

test('a table’s text tells everything its author said', async () => {
  await run(
    `CREATE TRANSIENT TABLE parts (id INT NOT NULL, "Size" FLOAT DEFAULT 1.5, note STRING COMMENT 'it''s free') COMMENT = 'spare'`,
  )
  expect(await run("SELECT GET_DDL('TABLE', 'parts')")).toEqual([
    [
      `create or replace TRANSIENT TABLE PARTS (\n\tID NUMBER(38,0) NOT NULL,\n\t"Size" FLOAT DEFAULT 1.5,\n\tNOTE VARCHAR(16777216) COMMENT 'it''s free'\n)COMMENT='spare'\n;`,
    ],
  ])
  expect(await run("SELECT is_transient FROM information_schema.tables WHERE table_name = 'PARTS'")).toEqual([['YES']])
  expect(
    await run("SELECT is_nullable FROM information_schema.columns WHERE table_name = 'PARTS' ORDER BY ordinal_position"),
  ).toEqual([['NO'], ['YES'], ['YES']])
  const columns = (await ask(session, 'SHOW COLUMNS IN TABLE parts')).rows
  expect(columns.map((row) => [row[2], row[4], row[5]])).toEqual([
    ['ID', 'false', ''],
    ['Size', 'true', '1.5'],
    ['NOTE', 'true', ''],
  ])
  expect(columns[1]?.[3]).toBe('{"type":"REAL","nullable":true}')
  await run('DROP TABLE parts')
})

test('keys are taken and not enforced', async () => {
  await run(
    'CREATE TABLE keyed (a INT PRIMARY KEY NULL, b INT UNIQUE, c INT REFERENCES orders (order_id), FOREIGN KEY (a) REFERENCES orders (order_id))',
  )
  expect(await run('INSERT INTO keyed VALUES (1, 1, -1), (1, 1, -1)')).toEqual([['2']])
  expect((await ask(session, 'DESC TABLE keyed')).rows.map(([name]) => name)).toEqual(['A', 'B', 'C'])
  await run('DROP TABLE keyed')
})

test('a temporary table is the session’s own, and its columns can be called by its name', async () => {
  await run('CREATE TEMPORARY TABLE fleeting (a INT)')
  await run('INSERT INTO fleeting VALUES (1), (2)')
  expect(await run('UPDATE fleeting SET a = fleeting.a + 1 WHERE fleeting.a = 2')).toEqual([['1', '0']])
  expect(await run('DELETE FROM fleeting AS f WHERE f.a = 1')).toEqual([['1']])
  expect(
    await run('MERGE INTO fleeting USING (SELECT 1 AS a) s ON fleeting.a = s.a WHEN NOT MATCHED THEN INSERT VALUES (s.a)'),
  ).toEqual([['1']])
  expect(await run('SELECT fleeting.a FROM fleeting ORDER BY 1')).toEqual([['1'], ['3']])
  expect(await run("SELECT GET_DDL('TABLE', 'fleeting')")).toEqual([
    ['create or replace TEMPORARY TABLE FLEETING (\n\tA NUMBER(38,0)\n);'],
  ])
  expect((await ask(session, "SHOW TABLES LIKE 'FLEETING'")).rows[0]?.[4]).toBe('TEMPORARY')
  expect((await ask(await openSession(engine), "SHOW TABLES LIKE 'FLEETING'")).rows).toEqual([])
  await run('DROP TABLE fleeting')
})

test('a view is made once, replaced when asked, and never put in the place of a table', async () => {
  await run('CREATE VIEW answer AS SELECT 1 AS a')
  expect(await run('CREATE VIEW IF NOT EXISTS answer AS SELECT 2 AS a')).toEqual([
    ['ANSWER already exists, statement succeeded.'],
  ])
  await expect(run('CREATE VIEW answer AS SELECT 2 AS a')).rejects.toMatchObject({
    code: '002002',
    message: expect.stringContaining("'TEST_DB.PUBLIC.ANSWER' already exists") as string,
  })
  await run('CREATE OR REPLACE VIEW answer AS SELECT 42 AS a')
  expect(await run('SELECT a FROM answer')).toEqual([['42']])
  await expect(run('CREATE OR REPLACE VIEW orders AS SELECT 1 AS a')).rejects.toMatchObject({ code: '002002' })
  expect(await run('DESC VIEW answer')).toEqual([expect.arrayContaining(['A', 'NUMBER(38,0)', 'COLUMN'])])
  await expect(run('DESC VIEW nope')).rejects.toMatchObject({
    code: '002003',
    message: expect.stringContaining("View 'NOPE' does not exist") as string,
  })
  await run('DROP VIEW answer')
})

test('what is not there is dropped without complaint only where IF EXISTS says so', async () => {
  expect(await run('DROP SCHEMA IF EXISTS nowhere')).toEqual(alreadyDropped('NOWHERE'))
  expect(await run('DROP SCHEMA IF EXISTS nodb.nowhere')).toEqual(alreadyDropped('NODB.NOWHERE'))
  expect(await run('DROP DATABASE IF EXISTS nowhere')).toEqual(alreadyDropped('NOWHERE'))
  await expect(run('DROP SCHEMA nowhere')).rejects.toMatchObject({
    code: '002003',
    message: expect.stringContaining("Schema 'TEST_DB.NOWHERE' does not exist") as string,
  })
  await expect(run('DROP DATABASE nowhere')).rejects.toMatchObject({
    code: '002003',
    message: expect.stringContaining("Database 'NOWHERE' does not exist") as string,
  })
})

test('a schema that is replaced loses what was in it', async () => {
  const own = await openSession(engine)
  await ask(own, 'CREATE DATABASE emptied')
  expect((await ask(own, 'SELECT COUNT(*) FROM information_schema.views')).rows).toEqual([['0']])
  await ask(own, "CREATE SCHEMA lab COMMENT = 'one'")
  await ask(own, 'CREATE TABLE t (a INT)')
  await expect(ask(own, 'CREATE SCHEMA lab')).rejects.toMatchObject({ code: '002002' })
  expect((await ask(own, 'CREATE SCHEMA IF NOT EXISTS lab')).rows).toEqual([['LAB already exists, statement succeeded.']])
  await ask(own, "CREATE OR REPLACE SCHEMA lab COMMENT = 'two'")
  expect((await ask(own, 'SHOW TABLES IN SCHEMA lab')).rows).toEqual([])
  expect((await ask(own, "SHOW SCHEMAS LIKE 'LAB'")).rows[0]?.[6]).toBe('two')
  await ask(own, 'DROP DATABASE emptied')
})

test('a database without PUBLIC leaves the session without a schema, and SHOW says what is missing', async () => {
  const own = await openSession(engine)
  await ask(own, 'CREATE DATABASE headless')
  await ask(own, 'DROP SCHEMA public')
  await ask(own, 'USE DATABASE test_db')
  await ask(own, 'USE DATABASE headless')
  expect((await ask(own, 'SELECT CURRENT_DATABASE(), CURRENT_SCHEMA(), CURRENT_SCHEMAS()')).rows).toEqual([
    ['HEADLESS', null, '[]'],
  ])
  await expect(ask(own, 'SHOW TABLES IN SCHEMA')).rejects.toMatchObject({ code: '090106' })
  await ask(own, 'DROP DATABASE headless')
  await expect(ask(own, 'SHOW TABLES IN DATABASE')).rejects.toMatchObject({ code: '090105' })
  expect((await ask(own, "SHOW SCHEMAS LIKE 'PUBLIC'")).rows.map((row) => row[4])).toEqual([
    'ANALYTICS_DB',
    'STAGING_DB',
    'TEST_DB',
  ])
})

test('SHOW COLUMNS looks into a view, a schema, or everything in reach', async () => {
  expect(await tablesOf('SHOW COLUMNS IN VIEW order_totals')).toEqual(['ORDER_TOTALS'])
  expect(await tablesOf('SHOW COLUMNS IN VIEW test_db.public.order_totals')).toEqual(['ORDER_TOTALS'])
  expect(await tablesOf("SHOW COLUMNS LIKE 'TARGET' IN SCHEMA reporting")).toContain('MONTHLY_TARGETS')
  expect(await tablesOf("SHOW COLUMNS LIKE 'WEIGHT_GRAMS'")).toContain('PRODUCTS')
  expect(await tablesOf("SHOW COLUMNS LIKE 'WEIGHT_GRAMS' IN TABLE")).toContain('PRODUCTS')
})
