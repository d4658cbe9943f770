import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { gunzipSync, gzipSync } from 'node:zlib'
import { FakeClock } from '@squall/time'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { serveScripted } from './test/serve-scripted.ts'
import { WireClient } from './test/wire-client.ts'

async function signedIn(options: Parameters<typeof serveScripted>[0] = {}) {
  const served = await serveScripted(options)
  const client = new WireClient(served.url)
  await client.logIn()
  return { ...served, client }
}

test('a reply holds all the driver needs: state, parameters, columns, counts', async () => {
  const { client } = await signedIn()
  const reply = await client.query('USE SALES')
  expect(reply).toMatchObject({ success: true, code: null, message: null })
  expect(reply.data).toMatchObject({
    finalDatabaseName: 'SALES',
    finalSchemaName: null,
    finalRoleName: 'SYSADMIN',
    rowset: [['Statement executed successfully.']],
    rowtype: [{ name: 'C', type: 'text', length: 100, byteLength: 400, nullable: true, collation: null }],
    total: 1,
    returned: 1,
    version: 1,
    statementTypeId: 0x1000,
    queryResultFormat: 'json',
  })
  expect(reply.data['queryId']).toMatch(/^[\da-f-]{36}$/)
  expect(reply.data['chunks']).toBeUndefined()
  const names = (reply.data['parameters'] as { name: string }[]).map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['BINARY_OUTPUT_FORMAT', 'TIMEZONE', 'QUERY_TAG']))
})

test('a sign-in names its context, and sets the parameters the engine knows', async () => {
  const { url, engine } = await serveScripted()
  const reply = await new WireClient(url).logIn(
    { SESSION_PARAMETERS: { QUERY_TAG: "it's\\", CLIENT_SESSION_KEEP_ALIVE: true, NULLED: null } },
    '&databaseName=sales&schemaName=%22Mixed%20%22%22Case%22&warehouse=wh&roleName=analyst',
  )
  expect(reply.data['sessionInfo']).toEqual({
    databaseName: 'SALES',
    schemaName: 'Mixed "Case',
    warehouseName: 'WH',
    roleName: 'ANALYST',
  })
  expect(engine.executed).toEqual([])
  expect(reply.data['parameters']).toContainEqual({ name: 'QUERY_TAG', value: "it's\\" })
  expect(reply.data['parameters']).toContainEqual({ name: 'CLIENT_SESSION_KEEP_ALIVE', value: true })
})

test('a sign-in to a place that does not exist is refused with the engine’s code', async () => {
  const { url, engine } = await serveScripted()
  const reply = await new WireClient(url).logIn({}, '&databaseName=nowhere')
  expect(reply).toMatchObject({ success: false, code: '390201' })
  expect(engine.openSessions.size).toBe(0)
})

test('a bug while signing in is a server error and is reported', async () => {
  const { url, bugs } = await serveScripted()
  const reply = await new WireClient(url).logIn({}, '&databaseName=broken')
  expect(reply).toEqual({ success: false, code: '390000', message: 'Internal error', data: null })
  expect(bugs).toEqual([new TypeError('a bug in BROKEN')])
})

test('an error in the text says where', async () => {
  const { client } = await signedIn()
  expect(await client.query('FAIL')).toMatchObject({
    success: false,
    code: '001003',
    data: { sqlState: '42000', line: 2, pos: 7 },
  })
})

test('a retry under the same request id gets the answer of the first run', async () => {
  const { client, engine } = await signedIn()
  const requestId = randomUUID()
  const running = client.query('WAIT', { requestId })
  await vi.waitFor(() => expect(engine.executed).toEqual(['WAIT']))
  const retry = client.query('WAIT', { requestId })
  engine.release()
  const [first, second] = await Promise.all([running, retry])
  expect(second).toEqual(first)
  expect(await client.query('WAIT', { requestId })).toEqual(first)
  expect(engine.executed).toEqual(['WAIT'])
})

test('a long statement is answered "still running" in time, and its result fetched later', async () => {
  const clock = new FakeClock()
  const { client, engine } = await signedIn({ clock })
  const timersBefore = clock.pendingCount
  const running = client.query('WAIT')
  await vi.waitFor(() => expect(clock.pendingCount).toBe(timersBefore + 1))
  await clock.advance(45_000)
  const reply = await running
  expect(reply).toMatchObject({ success: true, code: '333333' })
  const fetching = client.get(String(reply.data['getResultUrl']))
  await vi.waitFor(() => expect(clock.pendingCount).toBe(timersBefore + 1))
  engine.release()
  expect((await fetching).data['rowset']).toEqual([['waited']])
  expect(clock.pendingCount).toBe(timersBefore)
})

test('an asynchronous statement is answered at once and can be watched', async () => {
  const { client, engine } = await signedIn()
  const reply = await client.query('WAIT', { asyncExec: true })
  expect(reply).toMatchObject({ success: true, code: '333334' })
  const path = `/monitoring/queries/${String(reply.data['queryId'])}`
  const running = await client.get(path)
  expect(running.data).toMatchObject({ queries: [{ status: 'RUNNING', sqlText: 'WAIT', endTime: 0, errorMessage: '' }] })
  engine.release()
  await vi.waitFor(async () => expect((await client.get(path)).data).toMatchObject({ queries: [{ status: 'SUCCESS' }] }))
})

test('a failed statement says so with its query id, also when it is watched', async () => {
  const { client, bugs } = await signedIn()
  const reply = await client.query('BUG')
  expect(reply).toMatchObject({ success: false, code: '000603', data: { errorCode: '000603', sqlState: 'XX000' } })
  expect(bugs).toEqual([new TypeError('a bug in BUG')])
  const watched = await client.get(`/monitoring/queries/${String(reply.data['queryId'])}`)
  expect(watched.data).toMatchObject({ queries: [{ status: 'FAILED_WITH_ERROR', errorCode: '000603' }] })
})

test('what nobody ran cannot be watched, fetched or cancelled', async () => {
  const { client } = await signedIn()
  const queryId = randomUUID()
  expect((await client.get(`/monitoring/queries/${queryId}`)).data).toEqual({ queries: [] })
  expect(await client.get(`/queries/${queryId}/result`)).toMatchObject({ success: false, code: '000709' })
  expect(await client.post(`/queries/${queryId}/abort-request`)).toMatchObject({ success: false, code: '000605' })
  expect(await client.post('/queries/v1/abort-request', { requestId: 'x' })).toMatchObject({ success: false, code: '000605' })
})

test('a statement is cancelled by its request id and by its query id', async () => {
  const { client, engine } = await signedIn()
  const requestId = randomUUID()
  const byRequest = client.query('HANG', { requestId })
  await vi.waitFor(() => expect(engine.executed).toEqual(['HANG']))
  expect(await client.post('/queries/v1/abort-request', { requestId })).toMatchObject({ success: true })
  expect(await byRequest).toMatchObject({ success: false, code: '000604', data: { sqlState: '57014' } })
  const async = await client.query('HANG', { asyncExec: true })
  const queryId = String(async.data['queryId'])
  expect(await client.post(`/queries/${queryId}/abort-request`)).toMatchObject({ success: true })
  expect(await client.get(`/queries/${queryId}/result`)).toMatchObject({ success: false, code: '000604' })
})

test('a statement heeds the timeout it came with', async () => {
  const { client } = await signedIn()
  const reply = await client.query('HANG', { parameters: { STATEMENT_TIMEOUT_IN_SECONDS: 0.02 } })
  expect(reply).toMatchObject({ success: false, code: '000630' })
})

test('several statements in one request run in turn, each with its own result and its share of the binds', async () => {
  const { client, engine } = await signedIn()
  const parameters = { MULTI_STATEMENT_COUNT: 0 }
  const bindings = { 1: { type: 'FIXED', value: '5' } }
  const reply = await client.query('ROWS 1; ECHO ?; ROWS 2', { parameters, bindings })
  expect(engine.executed).toEqual(['ROWS 1', 'ECHO ?', 'ROWS 2'])
  expect(reply.data).toMatchObject({ statementTypeId: 0xa000, resultTypes: '4096,4096,4096' })
  const ids = String(reply.data['resultIds']).split(',')
  const rows = await Promise.all(ids.map(async (id) => (await client.get(`/queries/${id}/result`)).data['rowset']))
  expect(rows).toEqual([[['0']], [['FIXED "5"']], [['0'], ['1']]])
})

test('several statements end with the first that fails, and can be cancelled together', async () => {
  const { client, engine } = await signedIn()
  const parameters = { MULTI_STATEMENT_COUNT: 3 }
  expect(await client.query('ROWS 1; FAIL; ROWS 2', { parameters })).toMatchObject({ success: false, code: '001003' })
  expect(engine.executed).toEqual(['ROWS 1', 'FAIL'])
  expect(await client.query('ROWS 1; ROWS 2', { parameters })).toMatchObject({ success: false, code: '000008' })
  const running = client.query('ROWS 3; HANG; ROWS 4', { parameters, requestId: 'many' })
  await vi.waitFor(() => expect(engine.executed).toContain('HANG'))
  expect(await client.post('/queries/v1/abort-request', { requestId: 'many' })).toMatchObject({ success: true })
  expect(await running).toMatchObject({ success: false, code: '000604' })
  expect(engine.executed).not.toContain('ROWS 4')
  expect(await client.query('ROWS 1', { parameters: { MULTI_STATEMENT_COUNT: 0 } })).toMatchObject({ data: { total: 1 } })
})

test('binds reach the engine in their order, arrays and nulls too', async () => {
  const { client } = await signedIn()
  const bindings = Object.fromEntries(
    Array.from({ length: 11 }, (_, index) => [index + 1, { type: 'FIXED', value: String(index) }]),
  )
  const reply = await client.query('ECHO', {
    bindings: { ...bindings, 12: { type: 'TEXT', value: ['a', null] }, 13: { type: 'ANY' } },
  })
  const texts = (reply.data['rowset'] as string[][]).map(([text]) => text)
  expect(texts.slice(8)).toEqual(['FIXED "8"', 'FIXED "9"', 'FIXED "10"', 'TEXT ["a",null]', 'ANY null'])
})

test('a large result comes in chunks that need no token, only their address', async () => {
  const { client, url } = await signedIn({ limits: { inlineRows: 10, chunkRows: 20 } })
  const { data } = await client.query('ROWS 45')
  const chunks = data['chunks'] as { url: string; rowCount: number }[]
  expect(data).toMatchObject({ total: 45, returned: 45, chunkHeaders: {} })
  expect(chunks.map(({ rowCount }) => rowCount)).toEqual([20, 15])
  const response = await fetch(chunks[1]?.url ?? '')
  expect(response.headers.get('content-type')).toBe('application/octet-stream')
  expect(JSON.parse(`[${await response.text()}]`)).toEqual(Array.from({ length: 15 }, (_, index) => [String(30 + index)]))
  const forged = await fetch(`${url}/chunks/${String(data['queryId'])}.1~AAAA`)
  expect(forged.status).toBe(410)
  await client.post('/session?delete=true')
  expect((await fetch(chunks[0]?.url ?? '')).status).toBe(410)
})

test('a chunk the engine cannot give is a server error and a reported bug', async () => {
  const { client, bugs } = await signedIn({ limits: { inlineRows: 0 } })
  const { data } = await client.query('LIAR 5')
  const response = await fetch((data['chunks'] as { url: string }[])[0]?.url ?? '')
  expect(response.status).toBe(500)
  expect(await response.text()).toBe('The result cannot be read.')
  expect(bugs).toHaveLength(1)
})

test('signing out frees the session and cancels what it runs', async () => {
  const { client, engine } = await signedIn()
  const running = client.query('HANG')
  await vi.waitFor(() => expect(engine.executed).toEqual(['HANG']))
  expect(await client.post('/session?delete=true')).toMatchObject({ success: true })
  expect(await running).toMatchObject({ success: false, code: '000604' })
  expect(engine.openSessions.size).toBe(0)
  expect(await client.query('ROWS 1')).toMatchObject({ success: false, code: '390111' })
})

test('a session nobody uses for four hours is freed; one with a running statement is not', async () => {
  const clock = new FakeClock()
  const { client, engine, url } = await signedIn({ clock })
  const busy = new WireClient(url)
  await busy.logIn()
  const reply = await busy.query('HANG', { asyncExec: true })
  await clock.advance(4 * 3_600_000 + 30_000)
  await vi.waitFor(() => expect(engine.openSessions.size).toBe(1))
  expect(await client.query('ROWS 1')).toMatchObject({ success: false, code: '390112' })
  expect(await client.renew()).toMatchObject({ success: false, code: '390114' })
  expect(reply.code).toBe('333334')
})

test('a heartbeat keeps a session, and fails where it is gone', async () => {
  const { client } = await signedIn()
  expect(await client.post('/session/heartbeat?requestId=1')).toMatchObject({ success: true })
  expect(await client.post('/session/heartbeat?requestId=1', undefined, 'x')).toMatchObject({ success: false, code: '390104' })
})

test('POST /session without delete=true ends nothing', async () => {
  const { client, engine } = await signedIn()
  expect(await client.post('/session')).toMatchObject({ success: true })
  expect(engine.openSessions.size).toBe(1)
})

test('a request that makes no sense is told so, in the protocol’s own shape', async () => {
  const { client } = await signedIn()
  for (const body of [{}, { sqlText: 1 }, { sqlText: 'x', bindings: { a: { type: 'TEXT', value: 'x' } } }])
    expect(await client.post('/queries/v1/query-request?requestId=1', body)).toMatchObject({ success: false, code: '390400' })
  expect(await client.post('/queries/v1/query-request', { sqlText: 'ROWS 1' })).toMatchObject({ success: false, code: '390400' })
})

test('no body, whatever it holds, is more than a bad request', async () => {
  const { client, bugs } = await signedIn()
  const paths = ['/session/v1/login-request', '/queries/v1/query-request?requestId=1', '/queries/v1/abort-request']
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), fc.jsonValue(), async (path, body) => {
      const reply = await client.post(path, { ...(body as object), sqlText: undefined, kind: '' })
      expect(reply.success).toBe(false)
    }),
  )
  expect(bugs).toEqual([])
})

test('bodies are read compressed, plain, and plain although announced as compressed', async () => {
  const { client, url } = await signedIn()
  const text = JSON.stringify({ sqlText: 'ROWS 1' })
  for (const body of [gzipSync(text), text]) {
    const headers = { authorization: `Snowflake Token="${client.sessionToken}"`, 'content-encoding': 'gzip' }
    const response = await fetch(`${url}/queries/v1/query-request?requestId=${randomUUID()}`, { method: 'POST', headers, body })
    expect(await response.json()).toMatchObject({ success: true })
  }
  const broken = await fetch(`${url}/telemetry/send`, { method: 'POST', body: '{' })
  expect(await broken.json()).toMatchObject({ success: false, code: '390400' })
})

test('telemetry is taken', async () => {
  const { client } = await signedIn()
  expect(await client.post('/telemetry/send', { logs: [] })).toMatchObject({ success: true })
})

test('the admin API shows sessions and health, and expires tokens', async () => {
  const { client, url } = await signedIn()
  expect(await client.get('/_local/health')).toEqual({ status: 'ok', account: 'LOCAL', sessions: 1 })
  await client.query('HANG', { asyncExec: true })
  expect(await client.get('/_local/sessions')).toMatchObject({
    sessions: [{ id: '1', user: 'TESTER', role: 'SYSADMIN', tokensIssued: 1, runningStatements: 1 }],
  })
  expect(await client.post('/_local/expire-tokens', { kind: 'session', sessionId: 1 })).toEqual({ expired: 1 })
  expect(await client.query('ROWS 1')).toMatchObject({ success: false, code: '390112' })
  expect(await client.renew()).toMatchObject({ success: true, data: { validityInSecondsST: 3600, validityInSecondsMT: 14_400 } })
  expect(await client.query('ROWS 1')).toMatchObject({ success: true })
  expect(await new WireClient(url).post('/_local/expire-tokens', { kind: 'master' })).toEqual({ expired: 1 })
  expect(await client.renew()).toMatchObject({ success: false, code: '390114' })
  expect(await client.post('/_local/expire-tokens', { kind: 'else' })).toMatchObject({
    error: expect.stringContaining('kind: ') as string,
  })
})

test('closing answers the clients that wait and ends all sessions', async () => {
  const { client, engine, server } = await signedIn()
  const running = client.query('HANG')
  await vi.waitFor(() => expect(engine.executed).toEqual(['HANG']))
  await server.close()
  expect(await running).toMatchObject({ success: false, code: '000604' })
  expect(engine.openSessions.size).toBe(0)
})

test('a chunk is gzip', async () => {
  const { client } = await signedIn({ limits: { inlineRows: 0 } })
  const { data } = await client.query('ROWS 2')
  const body = await new Promise<Buffer>((resolve, reject) => {
    request((data['chunks'] as { url: string }[])[0]?.url ?? '', (response) => {
      response.toArray().then((parts) => resolve(Buffer.concat(parts as Buffer[])), reject)
    }).end()
  })
  expect(gunzipSync(body).toString()).toBe('["0"],["1"]')
})
