// How many requests calls cost in Snowflake: each is a wait as long as the way there and back.
import { startProgram, type RunningProgram } from '@squall/program'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type RunningServer } from './test/run-server.ts'
import { connectTools } from './test/tool-client.ts'

let snowflake: RunningProgram
let server: RunningServer

beforeAll(async () => {
  snowflake = await startProgram({
    name: 'snowflake-local',
    entry: new URL('../../snowflake-local/src/main.ts', import.meta.url),
    args: ['--host', '127.0.0.1', '--port', '0'],
    env: { SNOWFLAKE_LOCAL_USER: 'SQUALL', SNOWFLAKE_LOCAL_PASSWORD: 'right' },
  })
  server = await startServer([], {
    SNOWFLAKE_ACCOUNT: 'LOCAL',
    SNOWFLAKE_USER: 'SQUALL',
    SNOWFLAKE_PASSWORD: 'right',
    SNOWFLAKE_DATABASE: 'TEST_DB',
    SNOWFLAKE_SCHEMA: 'PUBLIC',
    SNOWFLAKE_ACCESS_URL: snowflake.url,
    SNOWFLAKE_POOL_MIN_SIZE: '1',
    SNOWFLAKE_POOL_MAX_SIZE: '1',
  })
})
afterAll(async () => {
  await server.stop()
  await snowflake.stop(1000)
})

/** Requests of clients since the embedded Snowflake began; those of its administrator do not count. */
async function requests(): Promise<number> {
  const response = await fetch(`${snowflake.url}/_local/state`)
  // As its documentation says.
  return ((await response.json()) as { readonly requests: number }).requests
}

test('a statement proven to leave no state costs one request, whoever had the session before', async () => {
  const clients = [await connectTools(server.url), await connectTools(server.url)]
  const query = async (args: Readonly<Record<string, unknown>>): Promise<number> => {
    const before = await requests()
    for (const client of clients) expect(await client.call('execute_query', args)).toMatchObject({ isError: false })
    return (await requests()) - before
  }
  // Opens the session.
  await query({ query: 'SELECT 1' })
  expect(await query({ query: 'SELECT 1' })).toBe(2)
  expect(await query({ query: 'SHOW DATABASES' })).toBe(2)
  expect(await query({ query: 'DESCRIBE TABLE TEST_DB.PUBLIC.ORDERS' })).toBe(2)
  // The session moves once, not once for each client, and goes back when somebody needs its first place.
  expect(await query({ query: 'SELECT 1', database: 'ANALYTICS_DB' })).toBe(3)
  expect(await query({ query: 'SELECT 1' })).toBe(3)
  // BEGIN and the end of the transaction, and nothing after it.
  expect(await query({ query: 'SELECT 1', use_transaction: true })).toBe(6)
  for (const { client } of clients) await client.close()
})
