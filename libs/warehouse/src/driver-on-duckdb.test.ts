// The unmodified driver, the wire and the real engine together.
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { createWarehouseServer, type WarehouseEngine, type WarehouseServer } from './index.ts'
import { connect, disconnect, rowsOf, run, testUser, type Connection } from './test/driver.ts'
import { WireClient } from './test/wire-client.ts'
import { openEngine } from './test/open-engine.ts'

const bugs: unknown[] = []
let engine: WarehouseEngine
let server: WarehouseServer
let url: string
let connection: Connection

beforeAll(async () => {
  engine = await openEngine()
  server = createWarehouseServer({ engine, users: [testUser], onBug: (error) => bugs.push(error) })
  url = await server.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await server.close()
  await engine.close()
  if (bugs.length > 0) throw new AggregateError(bugs, 'the server met bugs')
})
beforeEach(async () => {
  connection = await connectHere()
})

async function connectHere(options: Parameters<typeof connect>[1] = {}): Promise<Connection> {
  const made = await connect(url, { database: 'TEST_DB', schema: 'PUBLIC', ...options })
  onTestFinished(() => disconnect(made))
  return made
}

async function valueOf(sqlText: string, binds: readonly unknown[] = []): Promise<unknown> {
  const [row] = await rowsOf(connection, sqlText, { binds: binds as never })
  return Object.values(row ?? {})[0]
}

test.each([
  ['42', 42],
  ['-1.25', -1.25],
  ['1.5::FLOAT', 1.5],
  ["'naïve ☃ ''quoted'''", "naïve ☃ 'quoted'"],
  ["''", ''],
  ['TRUE', true],
  ['FALSE', false],
  ['NULL', null],
  ['CAST(NULL AS TIME)', null],
  ["'13:45:07.123'::TIME", '13:45:07'],
  ['PARSE_JSON(\'{"a": [1, null, "x"]}\')', { a: [1, null, 'x'] }],
  ['ARRAY_CONSTRUCT(1, 2)', [1, 2]],
  ["OBJECT_CONSTRUCT('k', 1)", { k: 1 }],
])('SELECT %s arrives as the JavaScript value it means', async (expression, value) => {
  expect(await valueOf(`SELECT ${expression}`)).toEqual(value)
})

test.each([
  ["'2024-02-29'::DATE", '2024-02-29T00:00:00.000Z'],
  ["'1969-07-20'::DATE", '1969-07-20T00:00:00.000Z'],
  ["'2024-02-29 12:34:56.789'::TIMESTAMP_NTZ", '2024-02-29T12:34:56.789Z'],
  ["'1950-01-01 00:00:00.25'::TIMESTAMP_NTZ", '1950-01-01T00:00:00.250Z'],
  ["'2024-07-01 12:00:00+02:00'::TIMESTAMP_TZ", '2024-07-01T10:00:00.000Z'],
])('SELECT %s arrives as that instant', async (expression, iso) => {
  const value = await valueOf(`SELECT ${expression}`)
  expect((value as Date).getTime()).toBe(Date.parse(iso))
})

test('binary arrives as bytes', async () => {
  expect(Buffer.from((await valueOf("SELECT TO_BINARY('CAFE00', 'HEX')")) as Uint8Array).toString('hex')).toBe('cafe00')
})

test('integers keep their digits where asked', async () => {
  const exact = await connectHere({ jsTreatIntegerAsBigInt: true })
  const [row] = await rowsOf(exact, 'SELECT 12345678901234567 AS N')
  expect(String(row?.['N'])).toBe('12345678901234567')
})

test.each([
  [7, 7],
  [2.5, 2.5],
  ["it's", "it's"],
  [true, true],
  [null, null],
])('a bind of %s comes back as itself', async (bound, value) => {
  expect(await valueOf('SELECT ?', [bound])).toBe(value)
})

test('binds by number, a date and a document', async () => {
  expect(await valueOf('SELECT :2 || :1', ['a', 'b'])).toBe('ba')
  const instant = await valueOf('SELECT ?::TIMESTAMP_NTZ', [new Date(Date.UTC(2024, 1, 29, 12))])
  expect((instant as Date).getTime()).toBe(Date.UTC(2024, 1, 29, 12))
  expect(await valueOf('SELECT PARSE_JSON(?):a', [JSON.stringify({ a: 1 })])).toBe(1)
})

test('many rows are bound at once', async () => {
  await rowsOf(connection, 'CREATE TEMPORARY TABLE BOUND (N NUMBER, T VARCHAR)')
  const rows = Array.from({ length: 1_000 }, (_, index) => [index, `row ${index}`])
  await rowsOf(connection, 'INSERT INTO BOUND VALUES (?, ?)', { binds: rows as never })
  expect(await rowsOf(connection, 'SELECT COUNT(*) AS C, MAX(N) AS M FROM BOUND')).toEqual([{ C: 1_000, M: 999 }])
})

test('fifty thousand rows stream in order through chunks', async () => {
  const sqlText = 'SELECT SEQ4() AS N, N * 2 AS D FROM TABLE(GENERATOR(ROWCOUNT => 50000)) ORDER BY N'
  const { statement } = await run(connection, sqlText, { streamResult: true })
  let expected = 0
  for await (const row of statement.streamRows()) expect(row).toEqual({ N: expected, D: 2 * expected++ })
  expect(expected).toBe(50_000)
})

test('columns are described without running the statement', async () => {
  const { statement, rows } = await run(connection, "SELECT 1::NUMBER(10,2) AS N, 'x'::VARCHAR(5) AS T", { describeOnly: true })
  expect(rows).toEqual([])
  expect(statement.getColumns()?.map((column) => [column.getName(), column.getType(), column.getScale()])).toMatchObject([
    ['N', 'fixed', 2],
    ['T', 'text', null],
  ])
})

test('a long statement is cancelled in flight, and its session goes on', async () => {
  const failed = Promise.withResolvers<unknown>()
  const statement = connection.execute({ sqlText: slow, complete: (error) => failed.resolve(error) })
  // Cancelled by its request id, as soon as the server has it.
  const cancelUntilTaken = (): void =>
    statement.cancel((error) => {
      if (error) cancelUntilTaken()
    })
  cancelUntilTaken()
  expect(await failed.promise).toMatchObject({ code: '000604', sqlState: '57014' })
  expect(await valueOf('SELECT 1')).toBe(1)
})

test('long statements do not keep short ones of other sessions waiting', async () => {
  const busy = await Promise.all(Array.from({ length: 3 }, () => connectHere()))
  const queryIds = await Promise.all(busy.map(async (one) => (await run(one, slow, { asyncExec: true })).statement.getQueryId()))
  expect(await valueOf('SELECT 1')).toBe(1)
  for (const queryId of queryIds) expect(await connection.getQueryStatus(queryId)).toBe('RUNNING')
})

test('USE in one connection does not move another', async () => {
  const other = await connectHere()
  await rowsOf(connection, 'USE DATABASE ANALYTICS_DB')
  await rowsOf(connection, 'USE SCHEMA REPORTING')
  const where = 'SELECT CURRENT_DATABASE() AS D, CURRENT_SCHEMA() AS S'
  expect(await rowsOf(connection, where)).toEqual([{ D: 'ANALYTICS_DB', S: 'REPORTING' }])
  expect(await rowsOf(other, where)).toEqual([{ D: 'TEST_DB', S: 'PUBLIC' }])
})

test.each([
  ['SELEC 1', '001003', '42000'],
  ['SELECT * FROM NO_SUCH_TABLE', '002003', '42S02'],
  ['SELECT NO_SUCH_COLUMN FROM (SELECT 1 AS A)', '000904', '42000'],
  ['SELECT NO_SUCH_FUNCTION(1)', '002140', '42601'],
  ["SELECT 'x'::NUMBER", '100038', '22018'],
])('%s fails with %s', async (sqlText, code, sqlState) => {
  await expect(rowsOf(connection, sqlText)).rejects.toMatchObject({ code, sqlState })
})

test('a sign-in to a database that does not exist stands nowhere; one with a role that does not is refused', async () => {
  const nowhere = await connectHere({ database: 'NO_SUCH_DATABASE' })
  expect(await rowsOf(nowhere, 'SELECT CURRENT_DATABASE() AS D')).toEqual([{ D: null }])
  await expect(connect(url, { role: 'NO_SUCH_ROLE' })).rejects.toMatchObject({ code: '390189' })
})

test('a sign-in with a parameter that has a wrong value is refused', async () => {
  const reply = await new WireClient(url).logIn({ SESSION_PARAMETERS: { TIMEZONE: 'Mars/Olympus' } })
  expect(reply).toMatchObject({ success: false, code: '001008' })
})

test('signing in with a query tag sets it', async () => {
  const tagged = await connectHere({ queryTag: "it's mine" })
  const rows = await rowsOf(tagged, "SHOW PARAMETERS LIKE 'QUERY_TAG'")
  expect(rows).toMatchObject([{ key: 'QUERY_TAG', value: "it's mine" }])
})

const numbers = '(SELECT SEQ4() AS N FROM TABLE(GENERATOR(ROWCOUNT => 200000)))'
const slow = `SELECT COUNT(*) FROM ${numbers} A CROSS JOIN ${numbers} B WHERE MOD(A.N * B.N, 7) = 3`
