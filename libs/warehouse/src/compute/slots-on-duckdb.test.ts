// The unmodified driver against warehouses with few places.
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { createWarehouseServer, type WarehouseEngine, type WarehouseServer } from '../index.ts'
import { AdminClient } from '../test/admin-client.ts'
import { connect, disconnect, rowsOf, run, testUser, type Connection } from '../test/driver.ts'
import { openEngine } from '../test/open-engine.ts'

let engine: WarehouseEngine
let server: WarehouseServer
let url: string
let admin: AdminClient

beforeAll(async () => {
  engine = await openEngine()
  server = createWarehouseServer({ engine, users: [testUser], onBug: (error) => expect.fail(String(error)) })
  url = await server.listen({ host: '127.0.0.1', port: 0 })
  admin = new AdminClient(url)
})
afterEach(async () => void (await admin.ask('POST', 'reset')))
afterAll(async () => {
  await server.close()
  await engine.close()
})

async function connectHere(): Promise<Connection> {
  const made = await connect(url, { database: 'TEST_DB', schema: 'PUBLIC' })
  onTestFinished(() => disconnect(made))
  return made
}

const queryIdOf = async (connection: Connection, sql: string): Promise<string> =>
  (await run(connection, sql, { asyncExec: true })).statement.getQueryId()

test('statements beyond the slots queue, are seen queueing, and the history says how long; what needs no warehouse does not wait', async () => {
  const [one, two, other] = await Promise.all([connectHere(), connectHere(), connectHere()])
  await admin.set('COMPUTE_WH', { slots: 1 })
  await admin.begin('latency', { rules: [{ pattern: 'held', delay: { ms: 60_000 } }] })
  const first = await queryIdOf(one, "SELECT 'held'")
  await vi.waitFor(async () => expect(await one.getQueryStatus(first)).toBe('RUNNING'))
  const second = await queryIdOf(two, 'SELECT 2 AS N')
  await vi.waitFor(async () => expect(await two.getQueryStatus(second)).toBe('QUEUED'))
  expect(await admin.state()).toMatchObject({ statements: { running: 1, queued: 1 } })
  const rows = await rowsOf(other, "SHOW WAREHOUSES LIKE 'COMPUTE_WH'")
  expect(rows).toMatchObject([{ state: 'STARTED', running: 1, queued: 1 }])
  await admin.begin('cancel-statements', { pattern: 'held' })
  await vi.waitFor(async () => expect(await two.getQueryStatus(second)).toBe('SUCCESS'))
  expect(engine.history.get(second)).toMatchObject({ phase: 'SUCCESS', provisioningMs: 0, warehouse: 'COMPUTE_WH' })
  expect(engine.history.get(second)?.overloadMs).toBeGreaterThan(0)
  expect(engine.history.get(first)).toMatchObject({ phase: 'FAIL', errorCode: '000604', overloadMs: 0 })
  expect(await admin.state()).toMatchObject({ statements: { running: 0, queued: 0 } })
})

test('a queued statement can be cancelled, and one that queues beyond its time-out ends with 000630', async () => {
  const [one, two, three] = await Promise.all([connectHere(), connectHere(), connectHere()])
  await admin.set('COMPUTE_WH', { slots: 1 })
  await admin.begin('latency', { rules: [{ pattern: 'held', delay: { ms: 60_000 } }] })
  await queryIdOf(one, "SELECT 'held'")
  const failed = Promise.withResolvers<unknown>()
  const queued = two.execute({ sqlText: 'SELECT 2', complete: (error) => failed.resolve(error) })
  await vi.waitFor(async () => expect(await admin.state()).toMatchObject({ statements: { queued: 1 } }))
  await new Promise<void>((resolve) => queued.cancel(() => resolve()))
  expect(await failed.promise).toMatchObject({ code: '000604' })
  await run(three, 'ALTER SESSION SET STATEMENT_QUEUED_TIMEOUT_IN_SECONDS = 1')
  await expect(run(three, 'SELECT 3')).rejects.toMatchObject({ code: '000630' })
  expect(await admin.state()).toMatchObject({ statements: { running: 1, queued: 0 } })
})

test('the first statement on a suspended warehouse waits for it to start', async () => {
  const connection = await connectHere()
  await admin.set('*', { suspended: true, resumeDelayMs: 300 })
  expect(await rowsOf(connection, "SHOW WAREHOUSES LIKE 'COMPUTE_WH'")).toMatchObject([{ state: 'SUSPENDED' }])
  const queryId = await queryIdOf(connection, 'SELECT 1')
  expect(await connection.getQueryStatus(queryId)).toBe('RESUMING_WAREHOUSE')
  await vi.waitFor(async () => expect(await connection.getQueryStatus(queryId)).toBe('SUCCESS'))
  expect(engine.history.get(queryId)?.provisioningMs).toBeGreaterThanOrEqual(299)
  expect(await rowsOf(connection, "SHOW WAREHOUSES LIKE '%'")).toMatchObject([
    { name: 'ANALYTICS_WH', state: 'SUSPENDED' },
    { name: 'COMPUTE_WH', state: 'STARTED' },
    { name: 'LOAD_WH', state: 'SUSPENDED' },
  ])
})

test('slow statements cost waiting, not work', async () => {
  const connections = await Promise.all(Array.from({ length: 20 }, connectHere))
  await admin.begin('latency', { rules: [{ delay: { ms: 500 } }] })
  const cpu = process.cpuUsage()
  const startedMs = performance.now()
  await Promise.all(connections.map((connection) => rowsOf(connection, 'SELECT 1')))
  const busyMs = (process.cpuUsage(cpu).user + process.cpuUsage(cpu).system) / 1000
  const wallMs = performance.now() - startedMs
  expect(wallMs).toBeGreaterThanOrEqual(500)
  expect(wallMs).toBeLessThan(20 * 500)
  // All of it the driver's and the server's ordinary work; had they slept by spinning, it were ten seconds.
  expect(busyMs).toBeLessThan(2_000)
})
