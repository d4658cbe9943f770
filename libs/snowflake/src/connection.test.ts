import { FakeClock } from '@squall/time'
import { expect, onTestFinished, test } from 'vitest'
import { connectSnowflake, type SnowflakeConnection, type Statement } from './index.ts'
import { refusal, rowsReply, ScriptedService, type Reply } from './test/scripted-service.ts'

const limits = { timeoutMs: 5_000, maxRows: 100 }
const read = (sql: string, more: Partial<Statement> = {}): Statement => ({ sql, ...limits, ...more })

async function connected(
  script: Partial<ScriptedService> = {},
): Promise<{ service: ScriptedService; connection: SnowflakeConnection }> {
  const service = Object.assign(new ScriptedService(), script)
  const connection = await connectSnowflake(await service.listen())
  onTestFinished(() => connection.close())
  return { service, connection }
}

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

const fails = (reply: Reply): Partial<ScriptedService> => ({
  onQuery: (sql) => (sql.startsWith('ALTER SESSION') ? rowsReply([]) : reply),
})

test('a refused statement says what Snowflake said, and where', async () => {
  const data = { sqlState: '42000', line: 2, pos: 7 }
  const { connection } = await connected(fails(refusal('000904', "invalid identifier 'X'", data)))
  const error = await failure(connection.run(read('SELECT x')))
  const said = {
    snowflakeCode: '000904',
    sqlState: '42000',
    line: 2,
    position: 7,
    queryId: 'q-1',
    message: "invalid identifier 'X'",
  }
  expect(error).toMatchObject({ code: 'SNOWFLAKE_QUERY_FAILED', ...said })
  expect(await connection.reset()).toBe(true)
})

test('no secret of the request hangs on an error', async () => {
  const { connection, service } = await connected(fails(refusal('390111', 'session gone')))
  const error = await failure(connection.run(read('SELECT 1')))
  await service.close()
  const { inspect } = await import('node:util')
  expect(inspect(error, { depth: 20 })).not.toMatch(/secret-word|Snowflake Token|masterToken/)
})

test.each([
  ['390111', 'SNOWFLAKE_SESSION_LOST'],
  ['390114', 'SNOWFLAKE_SESSION_LOST'],
  ['390104', 'SNOWFLAKE_SESSION_LOST'],
  ['000604', 'SNOWFLAKE_QUERY_CANCELLED'],
  ['000630', 'SNOWFLAKE_QUERY_TIMEOUT'],
  ['002003', 'SNOWFLAKE_QUERY_FAILED'],
])("Snowflake's %s is %s", async (snowflakeCode, code) => {
  const { connection } = await connected(fails(refusal(snowflakeCode, 'no')))
  expect(await failure(connection.run(read('SELECT 1')))).toMatchObject({ code })
  expect(await connection.reset()).toBe(code.startsWith('SNOWFLAKE_QUERY'))
})

test('a refused password is a failed sign-in, and says so without the password', async () => {
  const service = Object.assign(new ScriptedService(), {
    onLogin: () => refusal('390100', 'Incorrect username or password was specified.'),
  })
  const error = await failure(connectSnowflake(await service.listen()))
  expect(error).toMatchObject({ code: 'SNOWFLAKE_SIGN_IN_FAILED', exitCode: 6 })
  expect((error as Error).message).toBe('Incorrect username or password was specified. (390100)')
})

test('nobody at the address is unreachable, not a failed sign-in', async () => {
  const service = new ScriptedService()
  const options = await service.listen()
  await service.close()
  expect(await failure(connectSnowflake(options))).toMatchObject({ code: 'SNOWFLAKE_UNREACHABLE' })
}, 20_000)

test.each([
  ['account', { account: 'no spaces, please' }],
  ['accessUrl', { accessUrl: 'not a url' }],
])('settings the driver does not take are bad options: %s', async (_what, wrong) => {
  const options = { account: 'LOCAL', user: 'U', authenticator: 'SNOWFLAKE', password: 'p', ...wrong } as const
  expect(await failure(connectSnowflake(options))).toMatchObject({ code: 'SNOWFLAKE_BAD_OPTIONS', exitCode: 2 })
})

test('a private key that cannot be read is told before anything is sent', async () => {
  const service = new ScriptedService()
  const { accessUrl = '' } = await service.listen()
  const options = { account: 'LOCAL', user: 'U', authenticator: 'SNOWFLAKE_JWT', privateKeyPem: 'no key', accessUrl } as const
  const error = await failure(connectSnowflake(options))
  expect(error).toMatchObject({ code: 'SNOWFLAKE_BAD_OPTIONS', problems: [{ where: 'privateKeyPem' }] })
  expect(service.asked).toEqual([])
})

test('signing in that takes for ever ends, when its caller gives up or after half a minute', async () => {
  const service = Object.assign(new ScriptedService(), { onLogin: (): Reply => 'never' })
  const options = await service.listen()
  const abort = new AbortController()
  const given = failure(connectSnowflake(options, abort.signal))
  abort.abort(new Error('pool closed'))
  expect(await given).toMatchObject({ message: 'pool closed' })
  expect(await failure(connectSnowflake(options, abort.signal))).toMatchObject({ message: 'pool closed' })
  const clock = new FakeClock()
  const late = failure(connectSnowflake(options, undefined, clock))
  await clock.advance(30_000)
  expect(await late).toMatchObject({ code: 'SNOWFLAKE_UNREACHABLE', message: 'signing in took longer than 30 s' })
})

test('each statement runs alone, under its own time limit and tag', async () => {
  const { connection, service } = await connected()
  await connection.run(read('SELECT 1', { queryTag: 'req-7' }))
  const parameters = { MULTI_STATEMENT_COUNT: 1, QUERY_TAG: 'req-7', STATEMENT_TIMEOUT_IN_SECONDS: 10 }
  expect(service.asked.at(-1)?.body).toMatchObject({ sqlText: 'SELECT 1', parameters })
})

test('a value that is not of its type fails the statement, not the process', async () => {
  const columns = [{ name: 'D', type: 'date' }]
  const { connection } = await connected(fails(rowsReply([['tomorrow']], { columns })))
  const error = await failure(connection.run(read('SELECT d')))
  expect(error).toMatchObject({ code: 'SNOWFLAKE_BAD_VALUE', message: 'column D: "tomorrow" is no DATE' })
  expect(await connection.reset()).toBe(false)
})

test('values that end other programs of this driver are read', async () => {
  // BINARY without its output format, LTZ without a time zone, malformed VARIANT, a structured object twice.
  const columns = [
    { name: 'B', type: 'binary' },
    { name: 'L', type: 'timestamp_ltz', scale: 9 },
    { name: 'V', type: 'variant' },
    { name: 'O', type: 'object', fields: [{ name: 'a', type: 'fixed' }] },
  ]
  const row = ['CAFE', '0.5', '{oops', '{"a":1}']
  const { connection } = await connected(fails(rowsReply([row, row], { columns })))
  const cells = ['CAFE', '1970-01-01T00:00:00.5Z', '{oops', { a: 1 }]
  expect((await connection.run(read('SELECT 1'))).rows).toEqual([cells, cells])
})

test('NULL is null in every type, never a word', async () => {
  const types = [
    'fixed',
    'real',
    'text',
    'boolean',
    'date',
    'time',
    'timestamp_ntz',
    'timestamp_ltz',
    'timestamp_tz',
    'binary',
    'variant',
    'array',
  ]
  const columns = types.map((type) => ({ name: type, type, precision: 38, scale: 0 }))
  const { connection } = await connected(fails(rowsReply([types.map(() => null)], { columns })))
  expect((await connection.run(read('SELECT 1'))).rows).toEqual([types.map(() => null)])
})

test('text that would run as a program is text', async () => {
  const columns = [{ name: 'V', type: 'variant' }]
  const trap = '(globalThis.squallWasHere = true, {a: 1})'
  const { connection } = await connected(fails(rowsReply([[trap], ['undefined'], ['{"a": undefined}'], ['NaN']], { columns })))
  expect((await connection.run(read('SELECT 1'))).rows).toEqual([[trap], ['undefined'], ['{"a": undefined}'], ['NaN']])
  expect('squallWasHere' in globalThis).toBe(false)
})

test('what one session sets in the parameters the driver keeps for the whole process reaches no other', async () => {
  const set = [
    { name: 'JS_TREAT_INTEGER_AS_BIGINT', value: true },
    { name: 'DATE_OUTPUT_FORMAT', value: 'DD.MM.YY' },
    { name: 'TIMEZONE', value: 'Asia/Tokyo' },
    { name: 'MULTI_STATEMENT_COUNT', value: 0 },
  ]
  const columns = [
    { name: 'N', type: 'fixed', precision: 38, scale: 0 },
    { name: 'D', type: 'date' },
    { name: 'L', type: 'timestamp_ltz', scale: 0 },
  ]
  const other = await connected({
    onQuery: () => ({ success: true, data: { ...(rowsReply([]) as { data: object }).data, parameters: set } }),
  })
  await other.connection.run(read("ALTER SESSION SET TIMEZONE = 'Asia/Tokyo'"))
  const { connection, service } = await connected(fails(rowsReply([['7', '0', '0']], { columns })))
  expect((await connection.run(read('SELECT 1'))).rows).toEqual([[7, '1970-01-01', '1970-01-01T00:00:00Z']])
  expect(service.asked.at(-1)?.body).toMatchObject({ parameters: { MULTI_STATEMENT_COUNT: 1 } })
})

test('columns of the same name keep their own values', async () => {
  const columns = [
    { name: 'A', type: 'fixed', precision: 38, scale: 0 },
    { name: 'A', type: 'text' },
  ]
  const { connection } = await connected(fails(rowsReply([['1', 'x']], { columns })))
  const result = await connection.run(read('SELECT 1 a, 2 a'))
  expect(result.rows).toEqual([[1, 'x']])
  expect(result.columns).toEqual([
    { name: 'A', type: 'NUMBER(38,0)', nullable: true },
    { name: 'A', type: 'TEXT', nullable: true },
  ])
})

test.each([
  [0, 3, true],
  [2, 3, true],
  [3, 3, false],
  [4, 3, false],
  [0, 0, false],
])('at most %d of %d rows: truncated is %s', async (maxRows, count, truncated) => {
  const rows = Array.from({ length: count }, (_, index) => [String(index)])
  const { connection } = await connected(fails(rowsReply(rows)))
  const result = await connection.run(read('SELECT 1', { maxRows }))
  expect(result).toMatchObject({ rows: rows.slice(0, maxRows), truncated })
})

test('rows end before they pass the size allowed', async () => {
  const { connection } = await connected(fails(rowsReply([['aaaa'], ['bbbb'], ['cccc']])))
  // Each row is ["aaaa"] and a comma: nine bytes.
  expect(await connection.run(read('SELECT 1', { maxBytes: 27 }))).toMatchObject({ truncated: false })
  expect(await connection.run(read('SELECT 1', { maxBytes: 26 }))).toMatchObject({ rows: [['aaaa'], ['bbbb']], truncated: true })
  expect(await connection.run(read('SELECT 1', { maxBytes: 8 }))).toMatchObject({ rows: [], truncated: true })
})

test.each(['PUT file:///etc/passwd @s', ' get @s file:///tmp', '\uFEFFput x', 'Getaway'])(
  '%j never reaches the driver',
  async (sql) => {
    const { connection, service } = await connected()
    expect(await failure(connection.run(read(sql)))).toMatchObject({ code: 'SNOWFLAKE_FILES_REFUSED' })
    expect(service.statements).not.toContain(sql)
  },
)

test('a reply that never comes ends with the time limit, and the session is given up', async () => {
  const { connection, service } = await connected(fails('never'))
  const error = await failure(connection.run(read('SELECT 1', { timeoutMs: 50 })))
  expect(error).toMatchObject({ code: 'SNOWFLAKE_QUERY_TIMEOUT' })
  expect((error as Error).message).toBe('the statement took longer than its limit of 50 ms and was cancelled')
  expect(service.asked.filter(({ path }) => path.includes('abort-request')).length).toBeGreaterThan(1)
  expect(await connection.reset()).toBe(false)
})

test('a reply without its number of rows is refused', async () => {
  const { returned: _, ...data } = (rowsReply([['1']]) as { data: Record<string, unknown> }).data
  const { connection } = await connected(fails({ success: true, data }))
  const error = await failure(connection.run(read('SELECT 1')))
  expect(error).toMatchObject({ code: 'SNOWFLAKE_BAD_VALUE', message: 'the reply does not say how many rows there are' })
  expect(await connection.reset()).toBe(false)
})

test('a caller that has gone before the start sends nothing', async () => {
  const { connection, service } = await connected()
  const before = service.statements.length
  const error = await failure(connection.run(read('SELECT 1', { signal: AbortSignal.abort(new Error('left')) })))
  expect(error).toMatchObject({ code: 'SNOWFLAKE_QUERY_CANCELLED', cause: { message: 'left' } })
  expect(service.statements).toHaveLength(before)
  expect(await connection.reset()).toBe(true)
})

test('the last result of a session is readable by its only user, and by nobody after it', async () => {
  const { connection, service } = await connected()
  await connection.run(read('SELECT * FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))'))
  expect(await connection.reset()).toBe(true)
  const before = service.statements.length
  for (const sql of ['SELECT LAST_QUERY_ID()', 'select "LAST_QUERY_ID"(-2)', 'SELECT LAST_TRANSACTION()'])
    expect(await failure(connection.run(read(sql)))).toMatchObject({ code: 'SNOWFLAKE_LAST_RESULT_REFUSED' })
  expect(service.statements).toHaveLength(before)
  expect(await connection.reset()).toBe(true)
})

test('two statements at once are a mistake of the caller', async () => {
  const { connection } = await connected()
  const first = connection.run(read('SELECT 1'))
  await expect(connection.run(read('SELECT 2'))).rejects.toThrow('one statement at a time')
  expect(await connection.reset()).toBe(false)
  await first
  expect(await connection.reset()).toBe(true)
})

test('a heartbeat that fails or never answers means no', async () => {
  const { connection, service } = await connected()
  expect(await connection.heartbeat()).toBe(true)
  service.onHeartbeat = () => refusal('390111', 'gone')
  expect(await connection.heartbeat()).toBe(false)
  expect(connection.isUp()).toBe(false)
  expect(await connection.reset()).toBe(false)
})

test('a heartbeat without an answer is given up after five seconds', async () => {
  const service = Object.assign(new ScriptedService(), { onHeartbeat: (): Reply => 'never' })
  const clock = new FakeClock()
  const connection = await connectSnowflake(await service.listen(), undefined, clock)
  const alive = connection.heartbeat()
  await clock.advance(5_000)
  expect(await alive).toBe(false)
})

test('a transaction left open is rolled back before anybody else comes', async () => {
  const { connection, service } = await connected()
  await connection.run(read('BEGIN'))
  expect(await connection.reset()).toBe(true)
  expect(service.statements.slice(-2)).toEqual(['BEGIN', 'ROLLBACK'])
  expect(await connection.reset()).toBe(true)
  expect(service.statements.filter((sql) => sql === 'ROLLBACK')).toHaveLength(1)
})

test('a transaction that cannot be rolled back makes the session useless', async () => {
  const { connection, service } = await connected()
  await connection.run(read('BEGIN'))
  service.onQuery = () => refusal('000001', 'no')
  expect(await connection.reset()).toBe(false)
})

test('rows that never come end with the time limit, though the statement itself was quick', async () => {
  const sound = (rowsReply([['1']]) as { data: Record<string, unknown> }).data
  const { connection, service } = await connected()
  const url = `${service.url}/chunk`
  service.onChunk = () => 'never'
  const data = { ...sound, total: 2, returned: 2, chunks: [{ url, rowCount: 1, uncompressedSize: 5, compressedSize: 5 }] }
  service.onQuery = () => ({ success: true, data })
  const error = await failure(connection.run(read('SELECT 1', { timeoutMs: 200 })))
  expect(error).toMatchObject({ code: 'SNOWFLAKE_QUERY_TIMEOUT' })
  expect(await connection.reset()).toBe(true)
})

test('a session that cannot be made ready is closed again', async () => {
  const service = Object.assign(new ScriptedService(), { onQuery: () => refusal('000001', 'not today') })
  expect(await failure(connectSnowflake(await service.listen()))).toMatchObject({
    code: 'SNOWFLAKE_QUERY_FAILED',
    message: 'not today',
  })
  await expect.poll(() => service.asked.filter(({ path }) => path.includes('delete=true'))).toHaveLength(1)
})

test.each(['OAUTH', 'PROGRAMMATIC_ACCESS_TOKEN'] as const)('%s sends the token', async (authenticator) => {
  const service = new ScriptedService()
  const { accessUrl = '' } = await service.listen()
  const connection = await connectSnowflake({ account: 'LOCAL', user: 'U', authenticator, token: 'the-token', accessUrl })
  expect(service.asked[0]?.body).toMatchObject({ data: { AUTHENTICATOR: authenticator, TOKEN: 'the-token' } })
  await connection.close()
})

test('a move that was given up, but took place, is not where the next user works', async () => {
  const moving = Promise.withResolvers<Reply>()
  const { connection, service } = await connected({
    onQuery: (sql) => (sql.startsWith('USE DATABASE') ? moving.promise : rowsReply([['1']])),
    onAbort: () => {
      moving.resolve(rowsReply([], { database: 'A' }))
      return { success: true, data: {} }
    },
  })
  const error = await failure(connection.run(read('SELECT 1', { context: { database: 'A' }, timeoutMs: 50 })))
  expect(error).toMatchObject({ code: 'SNOWFLAKE_QUERY_TIMEOUT' })
  expect(await connection.reset()).toBe(true)
  await connection.run(read('SELECT 2'))
  expect(service.statements.slice(-3)).toEqual(['USE DATABASE "A"', 'USE SCHEMA "HOME"."PUBLIC"', 'SELECT 2'])
})

test('what the embedded Snowflake may have no type for arrives exactly too: offsets, objects, arrays, vectors, places', async () => {
  const columns = [
    { name: 'AT', type: 'timestamp_tz', scale: 9 },
    { name: 'O', type: 'object' },
    { name: 'A', type: 'array' },
    { name: 'V', type: 'vector' },
    { name: 'G', type: 'geography' },
    { name: 'X', type: 'binary' },
  ]
  const row = ['1709208000.000000000 1560', '{"k":9007199254740993}', '[1,null]', '[0.5]', '{"type":"Point"}', 'CAFE']
  const { connection } = await connected(fails(rowsReply([row], { columns })))
  const result = await connection.run(read('SELECT *'))
  expect(result.rows).toEqual([
    ['2024-02-29T14:00:00+02:00', { k: '9007199254740993' }, [1, null], [0.5], { type: 'Point' }, 'CAFE'],
  ])
  expect(result.columns.map(({ type }) => type)).toEqual(['TIMESTAMP_TZ(9)', 'OBJECT', 'ARRAY', 'VECTOR', 'GEOGRAPHY', 'BINARY'])
})
