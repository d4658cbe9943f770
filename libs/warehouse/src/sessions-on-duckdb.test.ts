// Everything a session can hold, through the unmodified driver, beside a second session that must see none of it.
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createWarehouseServer, type WarehouseEngine, type WarehouseServer } from './index.ts'
import { connect, disconnect, rowsOf, run, testUser, type Connection, type Row } from './test/driver.ts'
import { openEngine } from './test/open-engine.ts'

let engine: WarehouseEngine
let server: WarehouseServer
let url: string

beforeAll(async () => {
  engine = await openEngine()
  server = createWarehouseServer({
    engine,
    users: [testUser, { name: 'STRANGER', password: 'x' }],
    onBug: (error) => expect.fail(String(error)),
  })
  url = await server.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await server.close()
  await engine.close()
})

async function connectHere(options: Parameters<typeof connect>[1] = {}): Promise<Connection> {
  const made = await connect(url, { database: 'TEST_DB', schema: 'PUBLIC', ...options })
  onTestFinished(async () => {
    if (made.isUp()) await disconnect(made)
  })
  return made
}

const one = async (connection: Connection, sql: string): Promise<Row | undefined> => (await rowsOf(connection, sql))[0]

const contextSql = 'SELECT CURRENT_DATABASE() D, CURRENT_SCHEMA() S, CURRENT_ROLE() R, CURRENT_WAREHOUSE() W'

async function context(mine: Connection, other: Connection): Promise<void> {
  for (const use of ['DATABASE ANALYTICS_DB', 'SCHEMA REPORTING', 'ROLE ANALYST', 'WAREHOUSE LOAD_WH'])
    await run(mine, `USE ${use}`)
  expect(await one(mine, contextSql)).toEqual({ D: 'ANALYTICS_DB', S: 'REPORTING', R: 'ANALYST', W: 'LOAD_WH' })
  expect(await one(other, contextSql)).toEqual({ D: 'TEST_DB', S: 'PUBLIC', R: 'SYSADMIN', W: 'COMPUTE_WH' })
  await expect(run(mine, 'DELETE FROM TEST_DB.PUBLIC.PRODUCTS')).rejects.toMatchObject({ code: '003001', sqlState: '42501' })
  for (const use of ['ROLE SYSADMIN', 'WAREHOUSE COMPUTE_WH', 'SCHEMA TEST_DB.PUBLIC']) await run(mine, `USE ${use}`)
}

async function parameters(mine: Connection, other: Connection): Promise<void> {
  const noon = "SELECT TO_CHAR('2024-07-01 12:00:00 +00:00'::TIMESTAMP_LTZ, 'HH24:MI') AS T"
  await run(mine, "ALTER SESSION SET TIMEZONE = 'Asia/Tokyo', QUERY_TAG = 'mine'")
  expect(await one(mine, noon)).toEqual({ T: '21:00' })
  expect(await one(other, noon)).toEqual({ T: '12:00' })
  expect(await one(mine, "SHOW PARAMETERS LIKE 'QUERY_TAG' IN SESSION")).toMatchObject({ value: 'mine', level: 'SESSION' })
  expect(await one(other, "SHOW PARAMETERS LIKE 'QUERY_TAG'")).toMatchObject({ value: '', level: '' })
  await run(mine, 'ALTER SESSION UNSET TIMEZONE')
  expect(await one(mine, noon)).toEqual({ T: '12:00' })
  await run(mine, 'ALTER SESSION SET STATEMENT_TIMEOUT_IN_SECONDS = 1')
  await expect(run(mine, 'SELECT SYSTEM$WAIT(30)')).rejects.toMatchObject({ code: '000630' })
  await run(mine, 'ALTER SESSION UNSET STATEMENT_TIMEOUT_IN_SECONDS')
}

async function variables(mine: Connection, other: Connection): Promise<void> {
  await run(mine, "SET (region, least) = ('EU', 3)")
  expect(await one(mine, 'SELECT $region AS R, $least + 1 AS L')).toEqual({ R: 'EU', L: 4 })
  expect(await rowsOf(mine, 'SHOW VARIABLES')).toMatchObject([
    { name: 'LEAST', value: '3', type: 'fixed' },
    { name: 'REGION', value: 'EU', type: 'text' },
  ])
  expect(await rowsOf(other, 'SHOW VARIABLES')).toEqual([])
  await expect(run(other, 'SELECT $region')).rejects.toMatchObject({ code: '002211' })
  await run(mine, 'UNSET (region, least)')
  await expect(run(mine, 'SELECT $region')).rejects.toMatchObject({ code: '002211' })
}

async function transactions(mine: Connection, other: Connection): Promise<void> {
  const total = async (from: Connection): Promise<unknown> => (await one(from, 'SELECT SUM(A) AS S FROM LEDGER'))?.['S']
  await run(mine, 'CREATE OR REPLACE TABLE LEDGER AS SELECT 1 AS A')
  await run(mine, 'BEGIN')
  await run(mine, 'UPDATE LEDGER SET A = 2')
  expect(await one(mine, 'SELECT CURRENT_TRANSACTION() IS NOT NULL AS T')).toEqual({ T: true })
  expect([await total(mine), await total(other)]).toEqual([2, 1])
  await run(mine, 'ROLLBACK')
  expect([await total(mine), await total(other)]).toEqual([1, 1])
  await run(mine, 'ALTER SESSION SET AUTOCOMMIT = FALSE')
  await run(mine, 'UPDATE LEDGER SET A = 3')
  expect([await total(mine), await total(other)]).toEqual([3, 1])
  await run(mine, 'COMMIT')
  expect(await total(other)).toBe(3)
  await run(mine, 'ALTER SESSION UNSET AUTOCOMMIT')
  await run(mine, 'BEGIN')
  await run(mine, 'DELETE FROM LEDGER')
  await run(mine, 'CREATE OR REPLACE TEMPORARY TABLE ENDS_IT (A INT)')
  expect(await total(other)).toBeNull()
  await run(mine, 'DROP TABLE LEDGER')
}

const count = async (from: Connection): Promise<unknown> => (await one(from, 'SELECT COUNT(*) AS C FROM PRODUCTS'))?.['C']

async function temporaryObjects(mine: Connection, other: Connection): Promise<void> {
  await run(mine, 'CREATE TEMPORARY TABLE PRODUCTS AS SELECT 1 AS ID')
  expect([await count(mine), await count(other)]).toEqual([1, 60])
  await run(mine, 'DROP TABLE PRODUCTS')
  await run(mine, 'CREATE TEMPORARY VIEW PRODUCTS AS SELECT 1 AS ID UNION ALL SELECT 2')
  expect([await count(mine), await count(other)]).toEqual([2, 60])
  const third = await connectHere()
  await run(third, 'CREATE TEMPORARY TABLE NOTES AS SELECT 3 AS ID')
  await disconnect(third)
  await expect(run(other, 'SELECT * FROM NOTES')).rejects.toMatchObject({ code: '002003' })
  await run(mine, 'DROP VIEW PRODUCTS')
  expect(await count(mine)).toBe(60)
}

async function lastResults(mine: Connection, other: Connection): Promise<void> {
  const { statement } = await run(mine, "SELECT 'for my eyes' AS TEXT")
  const again = 'SELECT * FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))'
  await run(other, "SELECT 'another' AS TEXT")
  expect(await rowsOf(mine, again)).toEqual([{ TEXT: 'for my eyes' }])
  expect(await rowsOf(other, again)).toEqual([{ TEXT: 'another' }])
  const stranger = await connectHere({ username: 'STRANGER', password: 'x' })
  const byId = `SELECT * FROM TABLE(RESULT_SCAN('${statement.getQueryId()}'))`
  await expect(run(stranger, byId)).rejects.toMatchObject({ code: '000709' })
  expect(await rowsOf(mine, byId)).toEqual([{ TEXT: 'for my eyes' }])
  expect(await one(mine, 'SELECT LAST_QUERY_ID(-3) AS ID')).toEqual({ ID: statement.getQueryId() })
}

async function history(mine: Connection): Promise<void> {
  const { statement } = await run(mine, 'SELECT CURRENT_STATEMENT() AS S, CURRENT_SESSION() AS I')
  const [row] = await rowsOf(
    mine,
    `SELECT QUERY_TEXT, QUERY_TAG, EXECUTION_STATUS, ROWS_PRODUCED FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY_BY_SESSION())
     WHERE QUERY_ID = '${statement.getQueryId()}'`,
  )
  const text = 'SELECT CURRENT_STATEMENT() AS S, CURRENT_SESSION() AS I'
  expect(row).toEqual({ QUERY_TEXT: text, QUERY_TAG: 'mine', EXECUTION_STATUS: 'SUCCESS', ROWS_PRODUCED: 1 })
  expect(await mine.getQueryStatus(statement.getQueryId())).toBe('SUCCESS')
}

test('a session has its own context, parameters, variables, transactions, temporary objects, results and history [E4]', async () => {
  const [mine, other] = await Promise.all([connectHere(), connectHere()])
  await context(mine, other)
  await parameters(mine, other)
  await variables(mine, other)
  await transactions(mine, other)
  await temporaryObjects(mine, other)
  await lastResults(mine, other)
  await history(mine)
  expect([mine.isUp(), other.isUp()]).toEqual([true, true])
})

/** Changes everything a session holds, and looks whether it has what it was given; true where it has. */
async function play(connection: Connection, index: number): Promise<boolean> {
  for (let round = 0; round < 4; round += 1) {
    const token = `${index}-${round}`
    await run(connection, `USE SCHEMA TEST_DB.${['PUBLIC', 'STAGING', 'REPORTING'][(index + round) % 3] ?? ''}`)
    await run(connection, `SET token = '${token}'`)
    await run(connection, `ALTER SESSION SET QUERY_TAG = '${token}'`)
    await run(connection, `CREATE OR REPLACE TEMPORARY TABLE SHARED_NAME AS SELECT '${token}' AS T`)
    await run(connection, 'BEGIN')
    await run(connection, "INSERT INTO SHARED_NAME VALUES ('more')")
    await run(connection, round % 2 === 0 ? 'COMMIT' : 'ROLLBACK')
    const seen = await one(connection, `SELECT CURRENT_SCHEMA() AS S, $token AS V, MIN(T) AS T, COUNT(*) AS C FROM SHARED_NAME`)
    const schema = ['PUBLIC', 'STAGING', 'REPORTING'][(index + round) % 3]
    expect(seen).toEqual({ S: schema, V: token, T: token, C: round % 2 === 0 ? 2 : 1 })
    expect(await one(connection, "SHOW PARAMETERS LIKE 'QUERY_TAG'")).toMatchObject({ value: token })
    expect(await one(connection, 'SELECT "value" AS V FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))')).toEqual({ V: token })
  }
  return true
}

test('fifty sessions that change everything at once see only their own', async () => {
  const sessions = await Promise.all(Array.from({ length: 50 }, () => connectHere()))
  expect(await Promise.all(sessions.map(play))).toEqual(sessions.map(() => true))
})
