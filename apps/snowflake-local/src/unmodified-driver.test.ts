// The driver as it comes from npm, against the program as users start it.
import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startProgram, type RunningProgram } from '@squall/program'
import { temporaryDirectory } from '@squall/testing'
import type { Connection, ConnectionOptions, RowStatement, StatementOption } from 'snowflake-sdk'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'

// The driver looks for cloud machines when it is loaded, and logs to standard output, unless told otherwise.
process.env['SNOWFLAKE_DISABLE_PLATFORM_DETECTION'] = 'true'
const { default: snowflake } = await import('snowflake-sdk')
snowflake.configure({ logLevel: 'OFF', additionalLogToConsole: false, useEnvProxy: false })

const scratch = temporaryDirectory(afterAll)
const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})
const publicKeyFile = join(scratch, 'key.pub')
let program: RunningProgram

beforeAll(async () => {
  writeFileSync(publicKeyFile, keys.publicKey)
  program = await startProgram({
    name: 'snowflake-local',
    entry: new URL('./main.ts', import.meta.url),
    args: [
      '--port',
      '0',
      '--data',
      join(tmpdir(), 'squall-warehouse-tests'),
      '--password',
      'secret',
      '--public-key',
      publicKeyFile,
      '--access-token',
      'pat-1',
      '--oauth-token',
      'oauth-1',
    ],
    readyTimeoutMs: 60_000,
  })
}, 60_000)
afterAll(async () => {
  await program.stop()
})

function options(credentials: Partial<ConnectionOptions> = { password: 'secret' }): ConnectionOptions {
  const place = { database: 'TEST_DB', schema: 'PUBLIC' }
  return { accessUrl: program.url, account: 'LOCAL', username: 'SQUALL', sfRetryMaxLoginRetries: 1, ...place, ...credentials }
}

async function connect(credentials?: Partial<ConnectionOptions>): Promise<Connection> {
  const connection = snowflake.createConnection(options(credentials))
  await new Promise<void>((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())))
  onTestFinished(async () => {
    if (connection.isUp()) await disconnect(connection)
  })
  return connection
}

const disconnect = (connection: Connection): Promise<void> =>
  new Promise((resolve, reject) => connection.destroy((error) => (error ? reject(error) : resolve())))

type Row = Readonly<Record<string, unknown>>

interface Ran {
  readonly statement: RowStatement
  readonly rows: readonly Row[]
}

function run(connection: Connection, sqlText: string, more: Partial<StatementOption> = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    connection.execute({
      ...more,
      sqlText,
      complete: (error, statement, rows) => (error ? reject(error) : resolve({ statement, rows: (rows ?? []) as Row[] })),
    })
  })
}

const rowsOf = async (...args: Parameters<typeof run>): Promise<readonly Row[]> => (await run(...args)).rows

async function admin(method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${program.url}/_local/${path}`, { method, ...(body && { body: JSON.stringify(body) }) })
  return await response.json()
}

const signIns: readonly (readonly [string, () => Partial<ConnectionOptions>, string, Partial<ConnectionOptions>])[] = [
  ['a password', () => ({ password: 'secret' }), '390100', { password: 'wrong' }],
  [
    'a key pair',
    () => ({ authenticator: 'SNOWFLAKE_JWT', privateKey: keys.privateKey }),
    '390144',
    {
      authenticator: 'SNOWFLAKE_JWT',
      privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 })
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString(),
    },
  ],
  [
    'a programmatic access token',
    () => ({ authenticator: 'PROGRAMMATIC_ACCESS_TOKEN', token: 'pat-1' }),
    '394400',
    { authenticator: 'PROGRAMMATIC_ACCESS_TOKEN', token: 'pat-2' },
  ],
  ['an OAuth token', () => ({ authenticator: 'OAUTH', token: 'oauth-1' }), '390303', { authenticator: 'OAUTH', token: 'x' }],
]

async function signInEveryWay(): Promise<void> {
  for (const [, right, code, wrong] of signIns) {
    expect(await rowsOf(await connect(right()), 'SELECT CURRENT_USER() AS U')).toEqual([{ U: 'SQUALL' }])
    await expect(connect(wrong)).rejects.toMatchObject({ code })
  }
  expect(await rowsOf(await connect({ password: 'pat-1' }), 'SELECT 1 AS N')).toEqual([{ N: 1 }])
}

async function renew(connection: Connection): Promise<void> {
  await admin('PUT', 'faults/expire-tokens', { kind: 'session' })
  expect(await rowsOf(connection, 'SELECT 1 AS N')).toEqual([{ N: 1 }])
  const { sessions } = (await admin('GET', 'sessions')) as { sessions: { tokensIssued: number }[] }
  expect(sessions.map(({ tokensIssued }) => tokensIssued)).toContain(2)
}

async function bind(connection: Connection): Promise<void> {
  expect(await rowsOf(connection, 'SELECT ? AS A, :2 AS B', { binds: [7, "it's"] })).toEqual([{ A: 7, B: "it's" }])
  await run(connection, 'CREATE TEMPORARY TABLE BOUND (N NUMBER, T VARCHAR)')
  const binds = Array.from({ length: 500 }, (_, index) => [index, `row ${index}`])
  await run(connection, 'INSERT INTO BOUND VALUES (?, ?)', { binds })
  expect(await rowsOf(connection, 'SELECT COUNT(*) AS C, MAX(N) AS M FROM BOUND')).toEqual([{ C: 500, M: 499 }])
}

async function stream(connection: Connection): Promise<void> {
  const sqlText = 'SELECT SEQ4() AS N FROM TABLE(GENERATOR(ROWCOUNT => 25000)) ORDER BY N'
  const { statement } = await run(connection, sqlText, { streamResult: true })
  let expected = 0
  for await (const row of statement.streamRows()) expect(row).toEqual({ N: expected++ })
  expect(expected).toBe(25_000)
}

async function runAsynchronously(connection: Connection): Promise<void> {
  const { statement } = await run(connection, "SELECT SYSTEM$WAIT(200, 'MILLISECONDS') AS W", { asyncExec: true })
  const queryId = statement.getQueryId()
  expect(await connection.getQueryStatus(queryId)).toBe('RUNNING')
  const rows = await new Promise<unknown>((resolve, reject) => {
    const complete = (error: Error | undefined, _: unknown, found: unknown): void => (error ? reject(error) : resolve(found))
    connection.getResultsFromQueryId({ queryId, sqlText: '', complete }).catch(reject)
  })
  expect(rows).toEqual([{ W: 'waited 200 milliseconds' }])
}

async function cancel(connection: Connection): Promise<void> {
  const failed = Promise.withResolvers<unknown>()
  const statement = connection.execute({ sqlText: 'SELECT SYSTEM$WAIT(60)', complete: (error) => failed.resolve(error) })
  await vi.waitFor(async () => expect(await admin('GET', 'state')).toMatchObject({ statements: { running: 1 } }))
  await new Promise<void>((resolve, reject) => statement.cancel((error) => (error ? reject(error) : resolve())))
  expect(await failed.promise).toMatchObject({ code: '000604' })
}

async function runSeveralAtOnce(connection: Connection): Promise<void> {
  const results: unknown[] = []
  await new Promise<void>((resolve, reject) => {
    connection.execute({
      sqlText: "SET who = 'me'; SELECT $who AS W, ? AS B; SELECT 3 AS N",
      binds: ['bound'],
      parameters: { MULTI_STATEMENT_COUNT: 3 },
      complete: (error, statement, rows) => {
        if (error) return reject(error)
        results.push(rows)
        // The driver's types do not know these two; its documentation does.
        const many = statement as unknown as { hasNext(): boolean; NextResult(): void }
        return many.hasNext() ? many.NextResult() : resolve()
      },
    })
  })
  expect(results.slice(1)).toEqual([[{ W: 'me', B: 'bound' }], [{ N: 3 }]])
  const two = { parameters: { MULTI_STATEMENT_COUNT: 2 } }
  await expect(run(connection, 'SELECT 1; SELECT 2; SELECT 3', two)).rejects.toMatchObject({ code: '000008' })
  await expect(run(connection, 'SELECT 1; SELECT NO_SUCH', two)).rejects.toMatchObject({ code: '000904' })
  await expect(run(connection, 'SELECT 1; SELECT 2', { parameters: { MULTI_STATEMENT_COUNT: 1 } })).rejects.toMatchObject({
    code: '000008',
  })
}

async function pool(): Promise<void> {
  const before = (await admin('GET', 'state')) as { sessions: { open: number } }
  const connections = snowflake.createPool(options(), { max: 3, min: 0, testOnBorrow: true })
  const jobs = Array.from({ length: 12 }, (_, index) =>
    connections.use(async (connection) => await rowsOf(connection, `SELECT ${index} AS N`)),
  )
  expect(await Promise.all(jobs)).toEqual(Array.from({ length: 12 }, (_, index) => [{ N: index }]))
  await connections.drain()
  await connections.clear()
  await vi.waitFor(async () => expect(await admin('GET', 'state')).toMatchObject({ sessions: { open: before.sessions.open } }))
}

test('the driver signs in every way, renews, queries, binds, streams, runs asynchronously, cancels, heartbeats, pools and logs out [E1]', async () => {
  await signInEveryWay()
  const connection = await connect()
  await renew(connection)
  await bind(connection)
  await stream(connection)
  await runAsynchronously(connection)
  await cancel(connection)
  await runSeveralAtOnce(connection)
  expect(await connection.isValidAsync()).toBe(true)
  await pool()
  const { sessions: before } = (await admin('GET', 'state')) as { sessions: { ended: number } }
  await disconnect(connection)
  expect(await admin('GET', 'state')).toMatchObject({ sessions: { ended: before.ended + 1 } })
  await expect(run(connection, 'SELECT 1')).rejects.toMatchObject({ code: 407002 })
}, 60_000)
