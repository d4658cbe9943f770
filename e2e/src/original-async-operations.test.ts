// Counterparts of the original's integration tests of asynchronous operations, with its numbers; docs/original-tests.md lists both.
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  callBare,
  slow,
  slowMs,
  startOriginalServer,
  times,
  type Answer,
  type OneClient,
  type OriginalServer,
} from './support/original-server.ts'

let server: OriginalServer
let clients: readonly OneClient[]
beforeAll(async () => {
  server = await startOriginalServer()
})
afterAll(() => server.stop())

/** Handlers without set-up: nobody has called yet, there is no session, and nothing was initialized. */
async function handlersWithoutSetUp(): Promise<void> {
  const { url } = server
  const databases = await callBare(url, 'list_databases')
  expect(databases.content).toHaveLength(1)
  expect(databases.content[0]?.text).toContain('Available Snowflake databases:')
  const views = await callBare(url, 'list_views', { database: 'TEST_DB' })
  expect(views.content).toHaveLength(1)
  expect(views.content[0]?.text).toContain('TEST_DB')
  const rows = await callBare(url, 'execute_query', { query: 'SELECT 1 as test_column', database: 'TEST_DB' })
  expect(rows.content).toHaveLength(1)
  expect(rows.structuredContent).toMatchObject({ rows: [[1]], database: 'TEST_DB' })
}

/** Ten operations of ten clients at once, over three sessions in Snowflake: all succeed, each with its own answer. */
async function concurrentOperations(): Promise<void> {
  const answers = await Promise.all(clients.map((client, index) => client.query(`SELECT ${index} AS mine`)))
  expect(answers.map(({ structuredContent }) => structuredContent?.rows)).toEqual(times(10, (index) => [[index]]))
  expect(new Set(answers.map(({ structuredContent }) => structuredContent?.requestId)).size).toBe(10)
}

/** Concurrent work pays: the same operations one after another take more than twice as long. */
async function concurrencyPays(): Promise<void> {
  const client = firstClient()
  const together = await timed(() => Promise.all(times(6, (index) => client.query(slow(index)))))
  const oneByOne = await timed(async () => {
    for (let index = 0; index < 6; index += 1) await client.query(slow(`alone ${index}`))
  })
  expect(oneByOne / together).toBeGreaterThan(2)
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await work()
  return performance.now() - startedMs
}

function firstClient(): OneClient {
  const [client] = clients
  if (client === undefined) throw new Error('there are no clients')
  return client
}

const databases = ['TEST_DB', 'ANALYTICS_DB', 'STAGING_DB'] as const

/** Each of three clients works in a database of its own, again and again at once, and never finds itself in another's. */
async function isolationIntegrity(): Promise<void> {
  const work = clients.slice(0, 3).flatMap((client, index) =>
    times(20, async (round) => {
      const database = databases[index] ?? 'TEST_DB'
      const { structuredContent } = await client.query(`SELECT CURRENT_DATABASE() AS d, ${round} AS round`, { database })
      return [structuredContent?.rows[0], structuredContent?.database, database, round] as const
    }),
  )
  for (const [row, stands, database, round] of await Promise.all(work))
    expect([row, stands]).toEqual([[database, round], database])
  // Nor does a context outlive its call.
  const client = firstClient()
  expect((await client.query('SELECT CURRENT_DATABASE() AS d')).structuredContent?.rows).toEqual([['TEST_DB']])
}

/** Isolating a call costs less than a fifth of it. */
async function isolationOverhead(): Promise<void> {
  const client = firstClient()
  const timesMs: Record<'elsewhere' | 'home', number[]> = { elsewhere: [], home: [] }
  for (let round = 0; round < 5; round += 1)
    for (const place of ['elsewhere', 'home'] as const) {
      const startedMs = performance.now()
      await client.query(slow(`${place} ${round}`), place === 'home' ? {} : { database: databases[1 + (round % 2)] ?? 'TEST_DB' })
      timesMs[place].push(performance.now() - startedMs)
    }
  // A busy machine only ever adds to a time: the least is nearest to what the call itself takes.
  expect(Math.min(...timesMs.elsewhere) / Math.min(...timesMs.home)).toBeLessThan(1.2)
}

/** All sessions of the pool are in use at once, never more than allowed, and all are back afterwards. */
async function poolBehavior(): Promise<void> {
  const before = await server.status()
  const work = Promise.all(clients.map((client, index) => client.query(slow(`pool ${index}`))))
  await expect
    .poll(() => server.status(), { timeout: 10 * slowMs, interval: 10 })
    .toMatchObject({ pool: { leased: 3, size: 3, max: 3 } })
  await work
  await expect.poll(async () => (await server.status()).pool, { timeout: 5000 }).toMatchObject({ leased: 0, waiting: 0 })
  const after = await server.status()
  expect(after.pool.size).toBeGreaterThanOrEqual(before.pool.size)
  expect(after.pool.size).toBeLessThanOrEqual(3)
  expect(after.calls).toEqual({ inFlight: 0, queued: 0 })
}

/** Every third of ten operations fails, in different ways; the others do not notice, and the counts add up. */
async function errorsAndRecovery(): Promise<void> {
  const failing = ['SELECT nope FROM TEST_DB.PUBLIC.CUSTOMERS', 'DROP TABLE x', 'SELECT 1/0', "SELECT TO_NUMBER('x')"]
  const answers: readonly Answer[] = await Promise.all(
    clients.map((client, index) => client.query(index % 3 === 0 ? (failing[index / 3] ?? '') : `SELECT ${index}`)),
  )
  const failed = answers.filter(({ isError }) => isError === true)
  expect(failed).toHaveLength(4)
  for (const { content } of failed) expect(content[0]?.text).toMatch(/^Error[^]*Hint: [^]*Request ID: /)
  expect(answers.flatMap(({ structuredContent }) => structuredContent?.rows[0] ?? [])).toEqual([1, 2, 4, 5, 7, 8])
  const recovered = await Promise.all(clients.map((client) => client.query('SELECT 1')))
  expect(recovered.every(({ isError }) => isError !== true)).toBe(true)
}

/** A thousand operations leak no session, no wait and no call, fail less than once in a thousand, and add less than 100 ms each. */
async function nothingLeaks(): Promise<void> {
  const before = await server.counts.samples()
  for (let round = 0; round < 100; round += 1)
    await Promise.all(
      clients.map((client, index) => client.query(`SELECT ${round} AS r`, { database: databases[index % 3] ?? 'TEST_DB' })),
    )
  await server.counts.settled()
  const after = await server.counts.samples()
  const grown = (name: string): number => total(after, name) - total(before, name)
  expect(grown('mcp_requests_total')).toBe(1000)
  expect(grown('mcp_errors_total') + grown('mcp_refusals_total')).toBe(0)
  // All that is not Snowflake's time and not the wait for one of three sessions.
  const own =
    grown('mcp_request_duration_seconds_sum') -
    grown('mcp_query_duration_seconds_sum') -
    grown('mcp_connection_acquisition_seconds_sum')
  expect(own / 1000).toBeLessThan(0.1)
}

function total(samples: Awaited<ReturnType<OriginalServer['counts']['samples']>>, wanted: string): number {
  return samples.filter(({ name }) => name === wanted).reduce((sum, { value }) => sum + value, 0)
}

test('asynchronous operations: without set-up, at once, in isolation, within the pool, failing and recovering, leaking nothing [T1]', async () => {
  await handlersWithoutSetUp()
  clients = await Promise.all(times(10, (index) => server.connect(`client_${index}`)))
  await concurrentOperations()
  await concurrencyPays()
  await isolationIntegrity()
  await isolationOverhead()
  await poolBehavior()
  await errorsAndRecovery()
  await nothingLeaks()
  await Promise.all(clients.map((client) => client.close()))
  expect(await server.status()).toMatchObject({
    pool: { leased: 0, waiting: 0, size: 3, max: 3 },
    calls: { inFlight: 0, queued: 0 },
    sessions: { open: 0 },
  })
})
