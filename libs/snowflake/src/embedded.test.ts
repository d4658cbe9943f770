// The connection on the unmodified driver, against the embedded Snowflake as its own program.
import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startProgram, type RunningProgram } from '@squall/program'
import { temporaryDirectory } from '@squall/testing'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { connectSnowflake, type Cell, type SnowflakeConnection, type SnowflakeOptions, type Statement } from './index.ts'

const entry = new URL('../../../apps/snowflake-local/src/main.ts', import.meta.url)
// Sample data takes seconds to make: shared with every test that needs some.
const dataDirectory = join(tmpdir(), 'squall-warehouse-tests')
const scratch = temporaryDirectory(afterAll)
const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' },
})
let program: RunningProgram

beforeAll(async () => {
  const publicKey = join(scratch, 'public.pem')
  writeFileSync(publicKey, keys.publicKey)
  const args = ['--port', '0', '--data', dataDirectory, '--password', 'right', '--public-key', publicKey]
  program = await startProgram({ name: 'snowflake-local', entry, args })
}, 60_000)
afterAll(async () => {
  await program.stop()
})

const signIn = (): SnowflakeOptions => ({
  account: 'LOCAL',
  user: 'SQUALL',
  authenticator: 'SNOWFLAKE',
  password: 'right',
  accessUrl: program.url,
  database: 'TEST_DB',
  schema: 'PUBLIC',
})

async function connect(more: Partial<SnowflakeOptions> = {}): Promise<SnowflakeConnection> {
  // The parts given replace whole parts of a sign-in.
  const connection = await connectSnowflake({ ...signIn(), ...more } as SnowflakeOptions)
  onTestFinished(() => connection.close())
  return connection
}

const read = (sql: string, more: Partial<Statement> = {}): Statement => ({ sql, timeoutMs: 20_000, maxRows: 1_000, ...more })

async function valueOf(connection: SnowflakeConnection, sql: string, more?: Partial<Statement>): Promise<Cell> {
  return (await connection.run(read(sql, more))).rows[0]?.[0] ?? null
}

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

interface SessionFacts {
  readonly id: string
  readonly runningStatements: number
}

async function sessions(): Promise<readonly SessionFacts[]> {
  const reply = await fetch(`${program.url}/_local/sessions`)
  return ((await reply.json()) as { sessions: SessionFacts[] }).sessions
}

async function expireTokens(kind: 'session' | 'master'): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  await fetch(`${program.url}/_local/expire-tokens`, { method: 'POST', headers, body: JSON.stringify({ kind }) })
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10))
}

test('a password, an encrypted key, and a wrong password', async () => {
  expect(await valueOf(await connect(), 'SELECT CURRENT_USER()')).toBe('SQUALL')
  const keyPair = { authenticator: 'SNOWFLAKE_JWT', privateKeyPem: keys.privateKey, passphrase: 'open sesame' } as const
  expect(await valueOf(await connect(keyPair), 'SELECT 1')).toBe(1)
  expect(await failure(connect({ authenticator: 'SNOWFLAKE', password: 'wrong' }))).toMatchObject({
    code: 'SNOWFLAKE_SIGN_IN_FAILED',
  })
  expect(await failure(connect({ ...keyPair, passphrase: 'open barley' }))).toMatchObject({ code: 'SNOWFLAKE_BAD_OPTIONS' })
})

test('a result is read on from any row, in another session, without being run again', async () => {
  const first = await connect()
  const sql = "SELECT SEQ4() AS n, REPEAT('x', 50) AS long FROM TABLE(GENERATOR(ROWCOUNT => 5000)) ORDER BY n"
  const { queryId, truncated } = await first.run(read(sql, { maxRows: 0 }))
  expect(truncated).toBe(true)
  const second = await connect()
  const page = await second.run(read(sql, { resultOf: queryId, firstRow: 3998, maxRows: 3, maxCellChars: 10 }))
  expect(page).toMatchObject({ queryId, truncated: true, cutCells: 3, columns: [{ name: 'N' }, { name: 'LONG' }] })
  expect(page.rows).toEqual([3998, 3999, 4000].map((n) => [n, `${'x'.repeat(9)}…`]))
  const last = await second.run(read(sql, { resultOf: queryId, firstRow: 4999, maxRows: 10 }))
  expect([last.rows.map(([n]) => n), last.truncated]).toEqual([[4999], false])
  const beyond = await second.run(read(sql, { resultOf: queryId, firstRow: 5000, maxRows: 10 }))
  expect([beyond.rows, beyond.truncated]).toEqual([[], false])
  expect(await second.reset()).toBe(true)
  const unknown = '01234567-89ab-4cde-8f01-23456789abcd'
  expect(await failure(second.run(read(sql, { resultOf: unknown })))).toMatchObject({ code: 'SNOWFLAKE_QUERY_FAILED' })
})

test('every sort of value arrives exactly', async () => {
  const connection = await connect()
  const result = await connection.run(
    read(`SELECT 42 AS small, 12345678901234567890123456789012345678::NUMBER(38,0) AS large, 1.50::NUMBER(10,2) AS price,
      0.1::FLOAT AS real, TRUE AS yes, 'it''s' AS text, NULL AS nothing, '2024-02-29'::DATE AS day, '12:34:56.789'::TIME AS at,
      '1969-12-31 23:59:59.123456'::TIMESTAMP_NTZ AS moment, PARSE_JSON('{"a":[1,null,"x"]}') AS tree`),
  )
  expect(Object.fromEntries(result.columns.map(({ name }, index) => [name, result.rows[0]?.[index]]))).toEqual({
    SMALL: 42,
    LARGE: '12345678901234567890123456789012345678',
    PRICE: 1.5,
    REAL: 0.1,
    YES: true,
    TEXT: "it's",
    NOTHING: null,
    DAY: '2024-02-29',
    AT: '12:34:56.789',
    MOMENT: '1969-12-31T23:59:59.123456',
    TREE: { a: [1, null, 'x'] },
  })
  expect(result.columns.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['NUMBER(38,0)', 'NUMBER(10,2)', 'FLOAT', 'DATE', 'VARIANT']),
  )
})

test('binds are values, never code', async () => {
  const connection = await connect()
  const binds = ["'; DROP TABLE t --", 7, true, null]
  expect((await connection.run(read('SELECT ?, ?, ?, ?', { binds }))).rows).toEqual([["'; DROP TABLE t --", 7, true, null]])
})

test('a large result is cut after the rows wanted, and says so', async () => {
  const connection = await connect()
  const all = 'SELECT SEQ4() AS n FROM TABLE(GENERATOR(ROWCOUNT => 50000)) ORDER BY n'
  const cut = await connection.run(read(all, { maxRows: 2_500 }))
  expect(cut).toMatchObject({ truncated: true })
  expect(cut.rows.map(([n]) => n)).toEqual(Array.from({ length: 2_500 }, (_, n) => n))
  const whole = await connection.run(read(all, { maxRows: 50_000 }))
  expect(whole).toMatchObject({ truncated: false, rows: { length: 50_000 } })
  expect(await connection.run(read(all, { maxRows: 50_000, maxBytes: 1_000 }))).toMatchObject({ truncated: true })
  expect(await connection.reset()).toBe(true)
})

/** The work of this thread alone: what else the machine does is no matter of ours. */
function workedMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

test('a hundred thousand rows, in chunks of ten thousand, leave others their turn every 50 ms of work at the latest', async () => {
  const connection = await connect()
  const all =
    "SELECT SEQ4() AS n, 'name ' || SEQ4() AS s, SEQ4() * 1.5 AS x, '2024-01-01'::DATE AS d FROM TABLE(GENERATOR(ROWCOUNT => 100000))"
  let longestMs = 0
  let lastMs = workedMs()
  const turns = setInterval(() => {
    const nowMs = workedMs()
    longestMs = Math.max(longestMs, nowMs - lastMs)
    lastMs = nowMs
  }, 1)
  onTestFinished(() => clearInterval(turns))
  expect(await connection.run(read(all, { maxRows: 100_000, timeoutMs: 60_000 }))).toMatchObject({ rows: { length: 100_000 } })
  expect(longestMs).toBeGreaterThan(0)
  expect(longestMs).toBeLessThan(50)
}, 60_000)

test('a mistake in a statement is told with its place, and the session lives on', async () => {
  const connection = await connect()
  const error = await failure(connection.run(read('SELECT *\nFROM no_such_table')))
  expect(error).toMatchObject({ code: 'SNOWFLAKE_QUERY_FAILED', snowflakeCode: '002003', sqlState: '42S02' })
  expect(await connection.reset()).toBe(true)
  expect(await valueOf(connection, 'SELECT 1')).toBe(1)
})

const slow = 'SELECT COUNT(*) FROM TABLE(GENERATOR(ROWCOUNT => 100000)) a, TABLE(GENERATOR(ROWCOUNT => 100000)) b'

test('a statement that takes too long is cancelled in Snowflake, and the session is as good as new', async () => {
  const connection = await connect()
  expect(await failure(connection.run(read(slow, { timeoutMs: 300 })))).toMatchObject({ code: 'SNOWFLAKE_QUERY_TIMEOUT' })
  expect((await sessions()).filter(({ runningStatements }) => runningStatements > 0)).toEqual([])
  expect(await connection.reset()).toBe(true)
  expect(await valueOf(connection, 'SELECT 1')).toBe(1)
})

test('a caller that aborts cancels its statement in Snowflake', async () => {
  const connection = await connect()
  const abort = new AbortController()
  const running = failure(connection.run(read(slow, { signal: abort.signal })))
  await until(async () => (await sessions()).some(({ runningStatements }) => runningStatements > 0))
  abort.abort(new Error('client went away'))
  expect(await running).toMatchObject({ code: 'SNOWFLAKE_QUERY_CANCELLED', cause: { message: 'client went away' } })
  expect((await sessions()).filter(({ runningStatements }) => runningStatements > 0)).toEqual([])
  expect(await connection.reset()).toBe(true)
})

const whereSql = "SELECT CURRENT_DATABASE() || '.' || CURRENT_SCHEMA()"

test('what one user did to the session the next one does not see', async () => {
  const connection = await connect()
  const here = 'TEST_DB.PUBLIC'
  expect(await valueOf(connection, whereSql)).toBe(here)
  expect(await valueOf(connection, whereSql, { context: { database: 'ANALYTICS_DB' } })).toBe('ANALYTICS_DB.PUBLIC')
  expect(await valueOf(connection, whereSql, { context: { schema: 'STAGING' } })).toBe('TEST_DB.STAGING')
  await connection.run(read('USE SCHEMA STAGING_DB.REPORTING'))
  expect(connection.context()).toMatchObject({ database: 'STAGING_DB', schema: 'REPORTING' })
  expect(await valueOf(connection, whereSql)).toBe('STAGING_DB.REPORTING')
  expect(await connection.reset()).toBe(true)
  expect(connection.context()).toMatchObject({ database: 'TEST_DB', schema: 'PUBLIC' })
  expect(await valueOf(connection, whereSql)).toBe(here)
})

test('a session without a database of its own serves all who name theirs, and never shows one to who names none', async () => {
  const connection = await connect({ database: '', schema: '' })
  expect(connection.context()).toMatchObject({ database: null })
  for (const database of ['ANALYTICS_DB', 'STAGING_DB']) {
    expect(await valueOf(connection, whereSql, { context: { database } })).toBe(`${database}.PUBLIC`)
    expect(await connection.reset()).toBe(true)
    expect(await connection.run(read('SHOW DATABASES', { context: 'anywhere' }))).toMatchObject({ truncated: false })
  }
  expect(await failure(connection.run(read('SELECT CURRENT_DATABASE()')))).toMatchObject({ code: 'SNOWFLAKE_SESSION_LOST' })
})

test('a place that does not exist is a failed statement, and the session stays where it was', async () => {
  const connection = await connect()
  const error = await failure(connection.run(read('SELECT 1', { context: { database: 'NOWHERE' } })))
  expect(error).toMatchObject({ code: 'SNOWFLAKE_QUERY_FAILED' })
  expect(await valueOf(connection, whereSql)).toBe('TEST_DB.PUBLIC')
  expect(await connection.reset()).toBe(true)
})

test('a transaction that began and ended, or was left open, leaves the session clean', async () => {
  const connection = await connect()
  await connection.run(read('BEGIN'))
  await connection.run(read('COMMIT'))
  expect(await connection.reset()).toBe(true)
  await connection.run(read('BEGIN'))
  expect(await connection.reset()).toBe(true)
  expect(await valueOf(connection, 'SELECT 1')).toBe(1)
})

test.each(["ALTER SESSION SET TIMEZONE = 'UTC'", 'SET x = 1', 'CREATE TEMPORARY TABLE leftover (a INT)'])(
  'after %s the session is given up',
  async (sql) => {
    const connection = await connect()
    await connection.run(read(sql))
    expect(await connection.reset()).toBe(false)
  },
)

test('an expired session token is renewed unnoticed; an expired master token is a session lost', async () => {
  const connection = await connect()
  await expireTokens('session')
  expect(await valueOf(connection, 'SELECT 1')).toBe(1)
  await expireTokens('master')
  await expireTokens('session')
  expect(await failure(connection.run(read('SELECT 1')))).toMatchObject({ code: 'SNOWFLAKE_SESSION_LOST' })
  expect(await connection.reset()).toBe(false)
})

test('closing ends the session in Snowflake; a closed one is down', async () => {
  const before = (await sessions()).length
  const connection = await connectSnowflake(signIn())
  expect(await connection.heartbeat()).toBe(true)
  expect(await sessions()).toHaveLength(before + 1)
  await connection.close()
  expect(await sessions()).toHaveLength(before)
  expect(connection.isUp()).toBe(false)
  expect(await connection.heartbeat()).toBe(false)
  expect(await failure(connection.run(read('SELECT 1')))).toMatchObject({ code: 'SNOWFLAKE_SESSION_LOST' })
  await connection.close()
})

test('a session that was closed while Snowflake did not answer is ended once it does', async () => {
  const before = (await sessions()).length
  const connection = await connectSnowflake(signIn())
  const outage = { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ durationMs: 500 }) }
  await fetch(`${program.url}/_local/faults/outage`, outage)
  await connection.close()
  expect(await sessions()).toHaveLength(before + 1)
  await expect.poll(async () => (await sessions()).length, { timeout: 20_000 }).toBe(before)
  expect(connection.isUp()).toBe(false)
})
