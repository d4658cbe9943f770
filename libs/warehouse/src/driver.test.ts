// The unmodified driver against the server, for what only the wire does; the engine's SQL is tested elsewhere.
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { expect, onTestFinished, test, vi } from 'vitest'
import { connect, disconnect, rowsOf, run, testUser, type Connection, type Row } from './test/driver.ts'
import { lossyProxy } from './test/lossy-proxy.ts'
import { serveScripted, type Served } from './test/serve-scripted.ts'
import { WireClient } from './test/wire-client.ts'

async function connected(
  options: Parameters<typeof serveScripted>[0] = {},
): Promise<Served & { readonly connection: Connection }> {
  const served = await serveScripted(options)
  return { ...served, connection: await connectFor(served) }
}

async function connectFor({ url }: Served, options: Parameters<typeof connect>[1] = {}): Promise<Connection> {
  const connection = await connect(url, options)
  onTestFinished(async () => {
    if (connection.isUp()) await disconnect(connection)
  })
  return connection
}

function createKeyPair(): { readonly publicKey: string; readonly privateKey: string } {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
}

async function databaseAfter(connection: Connection, sqlText: string): Promise<string | undefined> {
  const state = (await run(connection, sqlText)).statement.getSessionState()
  // The driver's types say `object`; its documentation names the methods.
  return (state as { getCurrentDatabase(): string } | undefined)?.getCurrentDatabase()
}

test('signs in with a password; wrong ones get 390100', async () => {
  const served = await connected()
  expect(await rowsOf(served.connection, 'ROWS 2')).toEqual([{ C: '0' }, { C: '1' }])
  await expect(connect(served.url, { password: 'wrong' })).rejects.toMatchObject({ code: '390100' })
  await expect(connect(served.url, { username: 'nobody' })).rejects.toMatchObject({ code: '390100' })
})

test('signs in with a key pair; a key that is not registered gets 390144', async () => {
  const [mine, other] = [createKeyPair(), createKeyPair()]
  const served = await serveScripted({ users: [{ name: testUser.name, publicKeys: [mine.publicKey] }] })
  const byKey = { authenticator: 'SNOWFLAKE_JWT', password: '' }
  const connection = await connectFor(served, { ...byKey, privateKey: mine.privateKey })
  expect(await rowsOf(connection, 'ROWS 1')).toEqual([{ C: '0' }])
  await expect(connect(served.url, { ...byKey, privateKey: other.privateKey })).rejects.toMatchObject({ code: '390144' })
  await expect(connect(served.url)).rejects.toMatchObject({ code: '390100' })
})

test('knows where its session stands after USE, alone', async () => {
  const served = await connected()
  const other = await connectFor(served, { database: 'FIRST' })
  expect(await databaseAfter(served.connection, 'USE SECOND')).toBe('SECOND')
  expect(await databaseAfter(other, 'ROWS 1')).toBe('FIRST')
})

test('gathers and streams a result of many chunks, in order', async () => {
  const { connection } = await connected()
  const rows = await rowsOf(connection, 'ROWS 50000')
  expect(rows).toHaveLength(50_000)
  const { statement } = await run(connection, 'ROWS 50000', { streamResult: true })
  const streamed = (await statement.streamRows().toArray()) as Row[]
  expect(streamed).toEqual(rows)
  expect(streamed.at(-1)).toEqual({ C: '49999' })
})

test('leaves a stream early and goes on with the next statement', async () => {
  const { connection } = await connected()
  const { statement } = await run(connection, 'ROWS 50000', { streamResult: true })
  const stream = statement.streamRows()
  await once(stream, 'readable')
  stream.destroy()
  expect(await rowsOf(connection, 'ROWS 1')).toEqual([{ C: '0' }])
})

test('cancels a statement in flight', async () => {
  const { connection, engine } = await connected()
  const failed = Promise.withResolvers<unknown>()
  const statement = connection.execute({ sqlText: 'HANG', complete: (error) => failed.resolve(error) })
  await vi.waitFor(() => expect(engine.executed).toEqual(['HANG']))
  await new Promise<void>((resolve, reject) => statement.cancel((error) => (error ? reject(error) : resolve())))
  expect(await failed.promise).toMatchObject({ code: '000604', sqlState: '57014' })
  expect(connection.isUp()).toBe(true)
})

test('waits for a statement that takes longer than one reply, and cancels one', async () => {
  const { connection, engine } = await connected({ limits: { longestReplyMs: 20 } })
  const waiting = rowsOf(connection, 'WAIT')
  const failed = Promise.withResolvers<unknown>()
  const hanging = connection.execute({ sqlText: 'HANG', complete: (error) => failed.resolve(error) })
  // Known to the driver only once it was told that the statement still runs.
  await vi.waitFor(() => expect(hanging.getQueryId()).toBeDefined())
  await new Promise<void>((resolve, reject) => hanging.cancel((error) => (error ? reject(error) : resolve())))
  expect(await failed.promise).toMatchObject({ code: '000604' })
  engine.release()
  expect(await waiting).toEqual([{ C: 'waited' }])
})

test('runs a statement asynchronously and fetches its result from another connection', async () => {
  const served = await connected()
  const { statement } = await run(served.connection, 'ROWS 3000', { asyncExec: true })
  const queryId = statement.getQueryId()
  const other = await connectFor(served)
  const rows = await new Promise<Row[]>((resolve, reject) => {
    const complete = (error: Error | undefined, _statement: unknown, found: Row[] | undefined): void =>
      error ? reject(error) : resolve(found ?? [])
    other.getResultsFromQueryId({ queryId, sqlText: '', complete }).catch(reject)
  })
  expect(rows).toHaveLength(3_000)
  expect(await other.getQueryStatus(queryId)).toBe('SUCCESS')
})

test('renews an expired session token once for eight statements at the same time', async () => {
  const { connection, url } = await connected()
  const client = new WireClient(url)
  const runEight = async (): Promise<void> => {
    const replies = await Promise.all(Array.from({ length: 8 }, (_, index) => rowsOf(connection, `ROWS ${index + 1}`)))
    expect(replies.map(({ length }) => length)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  }
  // On open sockets all eight refusals arrive before the renewal; the driver would renew again for one that comes after it.
  await runEight()
  expect(await client.post('/_local/expire-tokens', {})).toEqual({ expired: 1 })
  await runEight()
  expect(await client.get('/_local/sessions')).toMatchObject({ sessions: [{ tokensIssued: 2 }] })
})

test('is disconnected when the master token has expired too', async () => {
  const { connection, url } = await connected()
  await new WireClient(url).post('/_local/expire-tokens', { kind: 'master' })
  await expect(rowsOf(connection, 'ROWS 1')).rejects.toMatchObject({ code: 407002, sqlState: '08003' })
  expect(connection.isUp()).toBe(false)
})

test('is alive by heartbeat until its session is gone', async () => {
  const { connection, url } = await connected()
  expect(await connection.isValidAsync()).toBe(true)
  await new WireClient(url).post('/_local/expire-tokens', { kind: 'master' })
  expect(await connection.isValidAsync()).toBe(false)
})

test('frees its session when it disconnects', async () => {
  const { connection, engine } = await connected()
  expect(engine.openSessions.size).toBe(1)
  await disconnect(connection)
  expect(engine.openSessions.size).toBe(0)
  await expect(rowsOf(connection, 'ROWS 1')).rejects.toMatchObject({ code: 407002 })
})

test('survives the loss of a reply: the statement runs once', async () => {
  const { connection, engine, url } = await connected()
  const proxy = await lossyProxy(url)
  onTestFinished(() => proxy.close())
  const viaProxy = await connect(proxy.url)
  proxy.loseNextReply()
  expect(await rowsOf(viaProxy, 'ROWS 2')).toHaveLength(2)
  expect(proxy.lost()).toBe(1)
  expect(engine.executed).toEqual(['ROWS 2'])
  await disconnect(viaProxy)
  expect(connection.isUp()).toBe(true)
})

test('many connections work side by side', async () => {
  const served = await connected()
  const connections = await Promise.all(Array.from({ length: 20 }, (_, index) => connectFor(served, { database: `DB${index}` })))
  const databases = await Promise.all(connections.map((connection) => databaseAfter(connection, 'ROWS 2000')))
  expect(databases).toEqual(connections.map((_, index) => `DB${index}`))
})
