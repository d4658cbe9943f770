// The warehouse made small, slow and faulty by the admin API, as the unmodified driver feels it.
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { createWarehouseServer, type WarehouseEngine, type WarehouseServer } from './index.ts'
import { AdminClient } from './test/admin-client.ts'
import { connect, disconnect, rowsOf, run, testUser, type Connection } from './test/driver.ts'
import { openEngine } from './test/open-engine.ts'

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
  onTestFinished(async () => {
    if (made.isUp()) await disconnect(made).catch(() => undefined)
  })
  return made
}

const elapsedOf = async (task: Promise<unknown>): Promise<number> => {
  const startedMs = performance.now()
  await task
  return performance.now() - startedMs
}

async function slotsAndQueue(connections: readonly Connection[]): Promise<void> {
  await admin.set('COMPUTE_WH', { slots: 2 })
  await admin.begin('latency', { rules: [{ pattern: 'products', delay: { ms: 400 } }] })
  // Six statements of 400 ms in two places, of which the last wait for 800, less what they came later.
  const sql = 'SELECT COUNT(*) FROM PRODUCTS'
  expect(await elapsedOf(Promise.all(connections.map((connection) => run(connection, sql))))).toBeGreaterThanOrEqual(1199)
  const history = `SELECT MAX(QUEUED_OVERLOAD_TIME) >= 400 AS LONG, COUNT_IF(QUEUED_OVERLOAD_TIME = 0) AS NONE
    FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY()) WHERE QUERY_TEXT = '${sql}'`
  expect(await rowsOf(await connectHere(), history)).toEqual([{ LONG: true, NONE: 2 }])
  await admin.end('latency')
}

async function resumeDelay(connection: Connection): Promise<void> {
  await admin.set('COMPUTE_WH', { suspended: true, resumeDelayMs: 1_000 })
  expect(await elapsedOf(run(connection, 'SELECT 1'))).toBeGreaterThanOrEqual(999)
  expect(await elapsedOf(run(connection, 'SELECT 1'))).toBeLessThan(999)
}

async function latency(connection: Connection): Promise<void> {
  await admin.begin('latency', { rules: [{ delay: { minMs: 100, maxMs: 120 } }] })
  expect(await elapsedOf(run(connection, 'SELECT 1'))).toBeGreaterThanOrEqual(99)
  await admin.end('latency')
}

/** The driver tries again by itself after a 429 or a 503. */
async function throttling(connection: Connection): Promise<void> {
  for (const status of [429, 503]) {
    await admin.begin('throttle', { status, count: 1 })
    expect(await rowsOf(connection, 'SELECT 1 AS N')).toEqual([{ N: 1 }])
  }
  expect(await admin.hits('throttle')).toBe(2)
}

async function expiry(connection: Connection): Promise<void> {
  await admin.begin('expire-tokens', { kind: 'session' })
  expect(await rowsOf(connection, 'SELECT 1 AS N')).toEqual([{ N: 1 }])
  await admin.begin('expire-tokens', { kind: 'master', afterMs: 50 })
  await vi.waitFor(async () => expect((await admin.state()).faults['expire-tokens']?.isActive).toBe(false))
  await expect(run(connection, 'SELECT 1')).rejects.toMatchObject({ code: 407002, sqlState: '08003' })
}

test('slots, queueing, resume delay, latency, throttling and expiry of both tokens come from the admin API [E5]', async () => {
  const connections = await Promise.all(Array.from({ length: 6 }, connectHere))
  await slotsAndQueue(connections)
  const [connection, other] = connections
  if (!connection || !other) throw new Error('there are six')
  await resumeDelay(connection)
  await latency(connection)
  await throttling(connection)
  await expiry(other)
  expect([connection.isUp(), other.isUp()]).toEqual([true, false])
}, 60_000)

test('the driver comes through an outage of two seconds with connections refused, and nothing is left behind', async () => {
  const connections = await Promise.all(Array.from({ length: 4 }, connectHere))
  const before = await admin.state()
  await admin.begin('outage', { kind: 'refuse', durationMs: 2_000 })
  const answers = await Promise.all(connections.map((connection) => rowsOf(connection, 'SELECT 1 AS N')))
  expect(answers).toEqual([[{ N: 1 }], [{ N: 1 }], [{ N: 1 }], [{ N: 1 }]])
  const after = await admin.state()
  expect(after.sessions).toEqual(before.sessions)
  expect(after.statements).toMatchObject({ running: 0, queued: 0, succeeded: before.statements.succeeded + 4 })
}, 60_000)

test('a lost session is told to its driver, which is disconnected', async () => {
  const connection = await connectHere()
  await admin.begin('lose-sessions')
  await expect(run(connection, 'SELECT 1')).rejects.toMatchObject({ code: 407002 })
  expect((await admin.state()).sessions.open).toBe(0)
})
