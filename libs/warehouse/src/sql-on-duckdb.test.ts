// Snowflake's SQL and metadata as MCP clients use them, through the unmodified driver.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWarehouseServer, type WarehouseEngine, type WarehouseServer } from './index.ts'
import { connect, disconnect, rowsOf, run, testUser, type Connection, type Row } from './test/driver.ts'
import { openEngine } from './test/open-engine.ts'
import { tpchQueries } from './test/tpch-queries.ts'

let engine: WarehouseEngine
let server: WarehouseServer
let url: string
let connection: Connection

beforeAll(async () => {
  engine = await openEngine()
  server = createWarehouseServer({ engine, users: [testUser], onBug: (error) => expect.fail(String(error)) })
  url = await server.listen({ host: '127.0.0.1', port: 0 })
  connection = await connect(url, { database: 'TEST_DB', schema: 'PUBLIC' })
})
afterAll(async () => {
  await disconnect(connection)
  await server.close()
  await engine.close()
})

const namesOf = async (sql: string): Promise<unknown[]> => (await rowsOf(connection, sql)).map(({ name }) => name)

async function metadata(): Promise<void> {
  expect(await namesOf('SHOW DATABASES')).toEqual(['ANALYTICS_DB', 'SNOWFLAKE_SAMPLE_DATA', 'STAGING_DB', 'TEST_DB'])
  expect(await namesOf("SHOW SCHEMAS LIKE 'p%' IN DATABASE TEST_DB")).toEqual(['PUBLIC'])
  expect(await namesOf("SHOW TABLES IN SCHEMA TEST_DB.PUBLIC STARTS WITH 'PRO' LIMIT 1")).toEqual(['PRODUCTS'])
  expect(await namesOf('SHOW TERSE TABLES IN SCHEMA TEST_DB.PUBLIC')).toContain('PRODUCTS')
  expect(await namesOf('SHOW VIEWS IN SCHEMA TEST_DB.PUBLIC')).toContain('ORDER_TOTALS')
  expect(await rowsOf(connection, 'SHOW COLUMNS IN TABLE PRODUCTS')).toContainEqual(
    expect.objectContaining({ column_name: 'PRICE' }),
  )
  expect(await rowsOf(connection, 'DESCRIBE TABLE PRODUCTS')).toContainEqual(
    expect.objectContaining({ name: 'PRICE', type: 'NUMBER(10,2)' }),
  )
  expect(await namesOf('DESC VIEW ORDER_TOTALS')).toContain('ORDER_ID')
  const [ddl] = await rowsOf(connection, "SELECT GET_DDL('VIEW', 'ORDER_TOTALS') AS D")
  expect(String(ddl?.['D'])).toMatch(/^create or replace view/i)
  const columns = `SELECT DATA_TYPE AS T FROM TEST_DB.INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'PRODUCTS' AND COLUMN_NAME = 'PRICE'`
  expect(await rowsOf(connection, columns)).toEqual([{ T: 'NUMBER' }])
  for (const [view, column] of [
    ['TABLES', 'TABLE_NAME'],
    ['VIEWS', 'VIEW_DEFINITION'],
    ['SCHEMATA', 'SCHEMA_NAME'],
    ['DATABASES', 'DATABASE_NAME'],
  ] as const)
    expect((await rowsOf(connection, `SELECT ${column} FROM INFORMATION_SCHEMA.${view}`)).length).toBeGreaterThan(0)
  for (const use of ['DATABASE ANALYTICS_DB', 'SCHEMA TEST_DB.PUBLIC', 'WAREHOUSE COMPUTE_WH', 'ROLE SYSADMIN'])
    await run(connection, `USE ${use}`)
  expect(await rowsOf(connection, 'EXPLAIN SELECT * FROM PRODUCTS')).not.toEqual([])
}

const queries: readonly (readonly [sql: string, rows: readonly Row[]])[] = [
  ['SELECT v:a.b[1]::NUMBER AS N, v[\'a\'].b[0] AS M FROM (SELECT PARSE_JSON(\'{"a":{"b":[1,2]}}\') AS v)', [{ N: 2, M: 1 }]],
  ['SELECT f.index AS I, f.value:k::STRING AS K FROM TABLE(FLATTEN(INPUT => PARSE_JSON(\'[{"k":"x"}]\'))) f', [{ I: 0, K: 'x' }]],
  ['SELECT N FROM VALUES (1), (2) AS t(N) QUALIFY ROW_NUMBER() OVER (ORDER BY N DESC) = 1', [{ N: 2 }]],
  ['SELECT COUNT(*) AS C FROM TABLE(GENERATOR(ROWCOUNT => 7))', [{ C: 7 }]],
  ["SELECT LISTAGG(K, ',') WITHIN GROUP (ORDER BY K) AS L FROM VALUES ('b'), ('a') AS t(K)", [{ L: 'a,b' }]],
  ["SELECT IFF(TRUE, 1, 2) AS I, TRY_CAST('x' AS NUMBER) AS T, TRY_TO_DATE('x') AS D", [{ I: 1, T: null, D: null }]],
  ["SELECT K, SUM(V) AS S FROM VALUES ('a', 1), ('a', 2) AS t(K, V) GROUP BY ALL", [{ K: 'a', S: 3 }]],
  ["SELECT A FROM VALUES ('x', 1) AS t(K, V) PIVOT (SUM(V) FOR K IN ('x' AS A))", [{ A: 1 }]],
  ['SELECT V FROM VALUES (1, 2) AS t(A, B) UNPIVOT (V FOR N IN (A, B)) ORDER BY V', [{ V: 1 }, { V: 2 }]],
  ['SELECT COUNT(*) AS C FROM PRODUCTS SAMPLE (100)', [{ C: 60 }]],
  ['SELECT DATE_PART(epoch_millisecond, TO_TIMESTAMP(1700000000123, 3)) AS T', [{ T: 1_700_000_000_123 }]],
]

async function changes(): Promise<void> {
  await run(connection, 'CREATE OR REPLACE TEMPORARY TABLE STOCK AS SELECT 1 AS ID, 10 AS N')
  const merge = `MERGE INTO STOCK t USING (SELECT 1 AS ID UNION ALL SELECT 2) s ON t.ID = s.ID
    WHEN MATCHED THEN UPDATE SET N = 11 WHEN NOT MATCHED THEN INSERT (ID, N) VALUES (s.ID, 0)`
  expect(await rowsOf(connection, merge)).toEqual([{ 'number of rows inserted': 1, 'number of rows updated': 1 }])
  expect(await rowsOf(connection, 'SELECT ID, N FROM STOCK ORDER BY ID')).toEqual([
    { ID: 1, N: 11 },
    { ID: 2, N: 0 },
  ])
}

const refusals: readonly (readonly [sql: string, code: string, sqlState: string])[] = [
  ['SELEC 1', '001003', '42000'],
  ['SELECT * FROM NO_SUCH_TABLE', '002003', '42S02'],
  ['SELECT * FROM NO_SUCH_DATABASE.PUBLIC.T', '002003', '02000'],
  ['USE DATABASE NO_SUCH_DATABASE', '002043', '02000'],
  ['SELECT NO_SUCH_COLUMN FROM PRODUCTS', '000904', '42000'],
  ['SELECT NO_SUCH_FUNCTION(1)', '002140', '42601'],
  ['SELECT EPOCH_MS(1)', '002140', '42601'],
  ["SELECT 'x'::NUMBER", '100038', '22018'],
  ['SELECT 1 / 0', '100051', '22012'],
  ['CREATE SCHEMA PUBLIC', '002002', '42710'],
  ['SELECT * FROM PRODUCTS AT(OFFSET => -60)', '000002', '0A000'],
  ['SHOW SEMANTIC VIEWS', '000002', '0A000'],
  ['CALL P()', '000002', '0A000'],
  ['SELECT 1; SELECT 2', '000008', '0A000'],
]

async function tpch(): Promise<void> {
  await run(connection, 'USE SCHEMA SNOWFLAKE_SAMPLE_DATA.TPCH_SF1')
  for (const sql of tpchQueries) expect((await rowsOf(connection, sql)).length).toBeGreaterThan(0)
  expect(tpchQueries).toHaveLength(22)
  await run(connection, 'USE SCHEMA TEST_DB.PUBLIC')
}

test('what MCP clients and TPC-H ask is answered, and the rest is refused with Snowflake’s codes [E2]', async () => {
  await metadata()
  for (const [sql, rows] of queries) expect(await rowsOf(connection, sql)).toEqual(rows)
  await changes()
  for (const [sql, code, sqlState] of refusals) await expect(rowsOf(connection, sql)).rejects.toMatchObject({ code, sqlState })
  await tpch()
}, 60_000)

test.each([
  ["'2024-07-01 12:00:00 +02:00'::TIMESTAMP_TZ", '2024-07-01 12:00:00.000 +0200'],
  ["'2024-07-01 12:00:00-0730'::TIMESTAMP_TZ(9)", '2024-07-01 12:00:00.000 -0730'],
  ["TO_TIMESTAMP_TZ('2024-07-01T12:00:00Z')", '2024-07-01 12:00:00.000 +0000'],
  ["CAST('2024-07-01 12:00:00' AS TIMESTAMP_TZ)", '2024-07-01 12:00:00.000 +0900'],
  ["CONVERT_TIMEZONE('America/New_York', '2024-07-01 12:00:00 +00:00'::TIMESTAMP_LTZ)", '2024-07-01 08:00:00.000 -0400'],
  ["DATEADD('hour', 1, '2024-07-01 12:00:00 +02:00'::TIMESTAMP_TZ)::TIMESTAMP_TZ", '2024-07-01 20:00:00.000 +0900'],
])('%s keeps its offset on its way to the client', async (expression, text) => {
  await run(connection, "ALTER SESSION SET TIMEZONE = 'Asia/Tokyo'")
  const { statement, rows } = await run(connection, `SELECT ${expression} AS T`, { fetchAsString: ['Date'] })
  await run(connection, 'ALTER SESSION UNSET TIMEZONE')
  expect(statement.getColumns()?.[0]?.getType()).toBe('timestamp_tz')
  expect(rows).toEqual([{ T: text }])
})

test('in subqueries, unions and tables a TIMESTAMP_TZ is an instant', async () => {
  const zoned = "'2024-07-01 12:00:00 +02:00'::TIMESTAMP_TZ"
  const instant = Date.UTC(2024, 6, 1, 10)
  for (const sql of [
    `SELECT a AS T FROM (SELECT ${zoned} AS a) WHERE a > '2024-01-01'`,
    `SELECT ${zoned} AS T UNION ALL SELECT CURRENT_TIMESTAMP() LIMIT 1`,
    `WITH x AS (SELECT ${zoned} AS a) SELECT a AS T FROM x`,
  ])
    expect((await rowsOf(connection, sql)).map(({ T }) => (T as Date).getTime())).toEqual([instant])
  expect(await rowsOf(connection, `SELECT ${zoned} AS T`)).toHaveLength(1)
  const again = 'SELECT YEAR(T) AS Y FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))'
  expect(await rowsOf(connection, again)).toEqual([{ Y: 2024 }])
})
