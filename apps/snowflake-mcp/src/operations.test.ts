// What whoever runs the server relies on: settings that are checked, probes that tell the truth, an end that loses nothing.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from '@squall/testing'
import { afterAll, expect, test } from 'vitest'
import { runToEnd, startServer, type RunningServer } from './test/run-server.ts'

const patience = { timeout: 50_000, interval: 20 }
const directory = temporaryDirectory(afterAll)

const faults = JSON.stringify({ latency: { rules: [{ pattern: 'slow_mark', delay: { ms: 1500 } }] } })

function call(url: string, query: string): Promise<Response> {
  const params = { name: 'execute_query', arguments: { query } }
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
  })
}

async function probe(server: RunningServer): Promise<readonly [live: number, ready: number, status: unknown]> {
  const live = await fetch(new URL('/health/live', server.url))
  const ready = await fetch(new URL('/health/ready', server.url))
  const { status } = (await ready.json()) as { readonly status: unknown }
  return [live.status, ready.status, status]
}

async function wrongSettingsAreAllTold(): Promise<void> {
  const path = join(directory, 'wrong.json')
  writeFileSync(path, JSON.stringify({ pool: { maxx: 3, min: 'two' } }))
  const { code, stdout, stderr } = await runToEnd(['--config', path, '--prot', '1'], { SQUALL_MCP_MAX_ROWS: 'many' })
  expect([code, stdout]).toEqual([2, ''])
  for (const told of [
    '--prot: expected an option that exists, such as --port',
    `pool.maxx in ${path}: expected a key that exists (did you mean pool.max?)`,
    'pool.min in the configuration file: found "two", expected a whole number from 0 to 1000 (for example 2)',
    'SQUALL_MCP_MAX_ROWS: found "many", expected a whole number from 1 to 10000 (for example 10000)',
  ])
    expect(stderr).toContain(`  ${told}\n`)
}

async function probesTellTheTruth(server: RunningServer): Promise<void> {
  expect(await probe(server)).toEqual([200, 200, 'healthy'])
  // Without its Snowflake it lives, and is not ready.
  process.kill(await server.embeddedPid(), 'SIGKILL')
  await expect.poll(() => probe(server), patience).toEqual([200, 503, 'unhealthy'])
  await expect.poll(() => probe(server), patience).toEqual([200, 200, 'healthy'])
}

/** Told to stop, it answers what runs and refuses what comes, and says so to probes, until nothing runs any more. */
async function stoppingDrains(server: RunningServer): Promise<void> {
  // Sessions that died with their Snowflake are replaced by the first calls.
  await expect
    .poll(async () => (await call(server.url, 'SELECT 1')).json(), patience)
    .toMatchObject({ result: { structuredContent: {} } })
  const running = call(server.url, "SELECT 'done' AS slow_mark")
  await expect
    .poll(async () => (await fetch(new URL('/status', server.url))).json(), patience)
    .toMatchObject({ calls: { inFlight: 1 } })
  server.child.kill('SIGTERM')
  await expect.poll(() => probe(server), patience).toEqual([200, 503, 'draining'])
  const refused = await call(server.url, 'SELECT 1')
  expect([refused.status, await refused.json()]).toMatchObject([503, { error: { data: { code: 'MCP_SHUTTING_DOWN' } } }])
  expect(await (await running).json()).toMatchObject({ result: { structuredContent: { rows: [['done']] } } })
  expect((await server.ended).code).toBe(0)
}

test('settings from file, environment and options are checked together; probes tell life from readiness; an end drains [S15]', async () => {
  await wrongSettingsAreAllTold()
  const path = join(directory, 'right.json')
  writeFileSync(path, JSON.stringify({ server: { drainTimeoutMs: 1 }, pool: { max: 3 }, limits: { maxRows: 2 } }))
  const env = { SQUALL_MCP_DRAIN_TIMEOUT_MS: '2', SNOWFLAKE_POOL_MIN_SIZE: '1', SNOWFLAKE_LOCAL_FAULTS: faults }
  const server = await startServer(['--config', path, '--drain-timeout-ms', '20000'], env)
  expect(await (await fetch(new URL('/status', server.url))).json()).toMatchObject({ pool: { min: 1, max: 3 } })
  await probesTellTheTruth(server)
  await stoppingDrains(server)
})
