// Roles and privileges as statements meet them.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { EngineSession, WarehouseEngine } from '../engine/engine.ts'
import { ask, openEngine, openSession } from '../test/open-engine.ts'

let engine: WarehouseEngine
let admin: EngineSession

beforeAll(async () => {
  engine = await openEngine()
})
afterAll(async () => engine.close())
beforeEach(async () => {
  admin = await openSession(engine)
  await ask(admin, 'CREATE OR REPLACE ROLE reader')
})

const refused = { code: '003001', sqlState: '42501' }
const unknown = { code: '002003' }

/** The least a reader of one schema needs, as it is documented for real accounts. */
const readerGrants = [
  'GRANT USAGE ON WAREHOUSE COMPUTE_WH TO ROLE reader',
  'GRANT USAGE ON DATABASE TEST_DB TO ROLE reader',
  'GRANT USAGE ON SCHEMA TEST_DB.PUBLIC TO ROLE reader',
  'GRANT SELECT ON ALL TABLES IN SCHEMA TEST_DB.PUBLIC TO ROLE reader',
  'GRANT SELECT ON ALL VIEWS IN SCHEMA TEST_DB.PUBLIC TO ROLE reader',
]

async function becomeReader(): Promise<EngineSession> {
  for (const sql of readerGrants) await ask(admin, sql)
  return await openSession(engine, { role: 'READER' })
}

const writes = [
  'INSERT INTO products SELECT * FROM products',
  'UPDATE products SET price = 0',
  'DELETE FROM products',
  'TRUNCATE TABLE products',
  'MERGE INTO products p USING (SELECT 1 AS id) s ON FALSE WHEN MATCHED THEN DELETE',
  'CREATE TABLE made (a INT)',
  'CREATE VIEW made AS SELECT 1 AS a',
  'CREATE SCHEMA made',
  'CREATE DATABASE made',
  'DROP TABLE products',
  'DROP SCHEMA TEST_DB.PUBLIC',
  'DROP DATABASE TEST_DB',
  'GRANT SELECT ON TABLE products TO ROLE PUBLIC',
  'GRANT ROLE SYSADMIN TO ROLE reader',
  'CREATE ROLE made',
  'DROP ROLE reader',
]

test.each(writes)('a role that may only read is refused %s', async (sql) => {
  const reader = await becomeReader()
  await expect(ask(reader, sql)).rejects.toMatchObject(refused)
  expect((await ask(reader, 'SELECT COUNT(*) FROM products')).rows).toEqual([['60']])
})

test.each(writes)('so is one of the built-in readers: %s', async (sql) => {
  const analyst = await openSession(engine, { role: 'ANALYST' })
  await expect(ask(analyst, sql)).rejects.toMatchObject(refused)
})

test('a role sees what it was granted, and nothing else exists for it', async () => {
  const reader = await becomeReader()
  expect((await ask(reader, 'SHOW DATABASES')).rows.map((row) => row[1])).toEqual(['TEST_DB'])
  expect((await ask(reader, 'SHOW SCHEMAS IN DATABASE TEST_DB')).rows.map((row) => row[1])).toContain('PUBLIC')
  expect((await ask(reader, 'SHOW TABLES IN ACCOUNT')).rows.map((row) => row[1])).toContain('PRODUCTS')
  await expect(ask(reader, 'SELECT * FROM ANALYTICS_DB.PUBLIC.EVENTS')).rejects.toMatchObject(unknown)
  await expect(ask(reader, 'SELECT * FROM ANALYTICS_DB.INFORMATION_SCHEMA.TABLES')).rejects.toMatchObject(unknown)
  await expect(ask(reader, 'DESC TABLE STAGING_DB.STAGING.INVENTORY_FEED')).rejects.toMatchObject(unknown)
  for (const use of ['DATABASE ANALYTICS_DB', 'SCHEMA TEST_DB.STAGING', 'WAREHOUSE LOAD_WH', 'ROLE NO_SUCH_ROLE'])
    await expect(ask(reader, `USE ${use}`)).rejects.toMatchObject({ code: '002043' })
  await ask(reader, 'USE WAREHOUSE COMPUTE_WH')
  await ask(reader, 'USE DATABASE TEST_DB')
  expect(reader.context).toMatchObject({ database: 'TEST_DB', schema: 'PUBLIC' })
})

test('temporary tables are the session’s own, whatever its role', async () => {
  const reader = await becomeReader()
  await ask(reader, 'CREATE TEMPORARY TABLE notes (a INT)')
  await ask(reader, 'INSERT INTO notes VALUES (1)')
  expect((await ask(reader, 'SELECT * FROM notes')).rows).toEqual([['1']])
})

test('with all secondary roles the privileges of all of them count', async () => {
  const reader = await becomeReader()
  const secondary = async (): Promise<unknown> =>
    JSON.parse(String((await ask(reader, 'SELECT CURRENT_SECONDARY_ROLES()')).rows[0]?.[0]))
  expect(await secondary()).toEqual({ roles: '', value: '' })
  await ask(reader, 'USE SECONDARY ROLES ALL')
  expect(await secondary()).toMatchObject({ value: 'ALL', roles: expect.stringContaining('SYSADMIN') as string })
  expect((await ask(reader, 'SELECT COUNT(*) > 0 FROM ANALYTICS_DB.PUBLIC.EVENTS')).rows).toEqual([['1']])
  await ask(reader, 'USE SECONDARY ROLES NONE')
  await expect(ask(reader, 'SELECT * FROM ANALYTICS_DB.PUBLIC.EVENTS')).rejects.toMatchObject(unknown)
  await expect(ask(reader, 'USE SECONDARY ROLES analyst')).rejects.toMatchObject({ code: '000002' })
  expect((await ask(reader, 'SELECT CURRENT_AVAILABLE_ROLES()')).rows[0]?.[0]).toContain('"READER"')
})

test('privileges on what is to come count for what comes after them', async () => {
  const reader = await becomeReader()
  await ask(admin, 'CREATE OR REPLACE TABLE earlier AS SELECT 1 AS a')
  await expect(ask(reader, 'SELECT * FROM earlier')).rejects.toMatchObject(unknown)
  await ask(admin, 'GRANT SELECT ON FUTURE TABLES IN SCHEMA TEST_DB.PUBLIC TO ROLE reader')
  await ask(admin, 'CREATE OR REPLACE TABLE later AS SELECT 2 AS a')
  expect((await ask(reader, 'SELECT * FROM later')).rows).toEqual([['2']])
  const grants = (await ask(admin, 'SHOW GRANTS TO ROLE reader')).rows.map((row) => row.slice(1, 4))
  expect(grants).toContainEqual(['SELECT', 'TABLE', 'TEST_DB.PUBLIC.<TABLE>'])
  expect(grants).toContainEqual(['USAGE', 'WAREHOUSE', 'COMPUTE_WH'])
  await ask(admin, 'REVOKE SELECT ON FUTURE TABLES IN SCHEMA TEST_DB.PUBLIC FROM ROLE reader')
  await expect(ask(reader, 'SELECT * FROM later')).rejects.toMatchObject(unknown)
  await ask(admin, 'GRANT INSERT ON TABLE later TO ROLE reader')
  await expect(ask(reader, 'SELECT * FROM later')).rejects.toMatchObject(refused)
  expect((await ask(reader, 'INSERT INTO later VALUES (3)')).rows).toEqual([['1']])
  await ask(admin, 'DROP TABLE earlier')
  await ask(admin, 'DROP TABLE later')
})

test('who makes a thing owns it, and one role may hold another', async () => {
  const reader = await becomeReader()
  await ask(admin, 'GRANT CREATE TABLE, CREATE VIEW ON SCHEMA TEST_DB.PUBLIC TO ROLE reader')
  await ask(admin, 'GRANT CREATE SCHEMA ON DATABASE TEST_DB TO ROLE reader')
  await ask(reader, 'CREATE TABLE own_table (a INT)')
  await ask(reader, 'INSERT INTO own_table VALUES (1)')
  await ask(reader, 'CREATE VIEW own_view AS SELECT a FROM own_table')
  expect((await ask(reader, 'SELECT * FROM own_view')).rows).toEqual([['1']])
  await ask(reader, 'DROP VIEW own_view')
  await ask(reader, 'DROP TABLE own_table')
  await ask(reader, 'CREATE SCHEMA own_schema')
  await ask(reader, 'DROP SCHEMA own_schema')
  await ask(admin, 'CREATE OR REPLACE ROLE outer_role')
  await ask(admin, 'GRANT ROLE reader TO ROLE outer_role')
  const outer = await openSession(engine, { role: 'OUTER_ROLE' })
  expect((await ask(outer, 'SELECT COUNT(*) FROM products')).rows).toEqual([['60']])
  await ask(admin, 'REVOKE ROLE reader FROM ROLE outer_role')
  await expect(ask(outer, 'SELECT COUNT(*) FROM products')).rejects.toMatchObject(unknown)
})

test('a role is for those it was granted to', async () => {
  await expect(openSession(engine, { user: 'OTHER', role: 'READER' })).rejects.toMatchObject({ code: '390189' })
  await ask(admin, 'GRANT ROLE reader TO USER other')
  const other = await openSession(engine, { user: 'OTHER', role: 'READER' })
  expect((await ask(admin, 'SHOW GRANTS TO USER other')).rows.map((row) => row[1])).toContain('READER')
  await ask(admin, 'REVOKE ROLE reader FROM USER other')
  await expect(ask(other, 'USE ROLE reader')).rejects.toMatchObject({ code: '002043' })
  await ask(admin, 'DROP ROLE reader')
  expect((await ask(admin, 'DROP ROLE IF EXISTS reader')).rows).toEqual([
    ['Drop statement executed successfully (READER already dropped).'],
  ])
  await expect(ask(admin, 'DROP ROLE reader')).rejects.toMatchObject(unknown)
  await expect(ask(admin, 'DROP ROLE SYSADMIN')).rejects.toMatchObject(refused)
  await expect(ask(admin, 'CREATE ROLE SYSADMIN')).rejects.toMatchObject({ code: '002002' })
  expect((await ask(admin, 'CREATE ROLE IF NOT EXISTS SYSADMIN')).rows).toEqual([
    ['SYSADMIN already exists, statement succeeded.'],
  ])
})

test('the share is read by its imported privileges', async () => {
  const reader = await becomeReader()
  await ask(admin, 'GRANT IMPORTED PRIVILEGES ON DATABASE SNOWFLAKE_SAMPLE_DATA TO ROLE reader')
  expect((await ask(reader, 'SELECT COUNT(*) FROM SNOWFLAKE_SAMPLE_DATA.TPCH_SF1.REGION')).rows).toEqual([['5']])
})

test.each([
  ['GRANT SELECT ON TABLE products TO ROLE no_such_role', '002003'],
  ['GRANT SELECT ON TABLE no_such_table TO ROLE reader', '002003'],
  ['GRANT USAGE ON DATABASE no_such_database TO ROLE reader', '002003'],
  ['GRANT USAGE ON WAREHOUSE no_such_warehouse TO ROLE reader', '002043'],
  ['GRANT SELECT ON ALL STREAMS IN DATABASE TEST_DB TO ROLE reader', '000002'],
  ['GRANT USAGE ON FUNCTION f TO ROLE reader', '000002'],
  ['GRANT SELECT ON TABLE products TO ROLE reader WITH GRANT OPTION', '000002'],
  ['GRANT ON TABLE products TO ROLE reader', '001003'],
  ['GRANT SELECT TABLE products TO ROLE reader', '001003'],
  ['GRANT SELECT ON TABLE products FROM ROLE reader', '001003'],
  ['GRANT SELECT ON ALL TABLES OF TEST_DB TO ROLE reader', '001003'],
  ['GRANT ROLE reader TO ME', '001003'],
  ['SHOW GRANTS ON TABLE products', '000002'],
  ['SHOW GRANTS TO GROUP g', '001003'],
  ['SHOW GRANTS TO ROLE no_such_role', '002003'],
])('%s fails with %s', async (sql, code) => {
  await expect(ask(admin, sql)).rejects.toMatchObject({ code })
})
