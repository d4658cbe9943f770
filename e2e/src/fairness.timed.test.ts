// Whether one client's load is another one's trouble: the real server, a slow Snowflake, and clients that `squall run` measures.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { hammer, openSession, statusOf } from './support/callers.ts'
import { run, start, type Started } from './support/programs.ts'
import { expectNothingWrong, readSummary } from './support/reports.ts'

const user = { SNOWFLAKE_USER: 'SQUALL', SNOWFLAKE_PASSWORD: 'squall-local', SNOWFLAKE_ACCOUNT: 'LOCAL' }

function endWithTest(started: Started): void {
  onTestFinished(async () => {
    started.kill('SIGTERM')
    await started.ended
  })
}

/** A server with eight sessions in a Snowflake whose every query takes a while without costing anything. */
async function startSlowServer(latency: string): Promise<string> {
  const snowflake = start('snowflake-local', ['--port', '0', '--latency', latency])
  endWithTest(snowflake)
  const [accessUrl] = await snowflake.printed(/http:\/\/127\.0\.0\.1:\d+/)
  // All sessions are open from the start: what is measured is waiting, not signing in.
  const pool = { SNOWFLAKE_POOL_MIN_SIZE: '8', SNOWFLAKE_POOL_MAX_SIZE: '8' }
  const server = start('snowflake-mcp', ['--port', '0', '--database', 'TEST_DB', '--schema', 'PUBLIC'], {
    env: { ...user, ...pool, SNOWFLAKE_ACCESS_URL: accessUrl },
  })
  endWithTest(server)
  const [url] = await server.printed(/http:\/\/127\.0\.0\.1:\d+\/mcp/)
  await expect.poll(async () => (await statusOf(url)).pool.available, patience).toBe(8)
  return url
}

const patience = { timeout: 20_000 }

const lightPack = `config:
  target: http://127.0.0.1:1/mcp
  engines: { mcp: {} }
  squall: { clients: 2, spawnRate: 10, duration: 4s, thresholds: ['failed<1%'] }
scenarios:
  - engine: mcp
    flow:
      - callTool: { name: execute_query, arguments: { query: SELECT 1 } }
`

interface Latency {
  readonly tools: Readonly<Record<string, { readonly response: { readonly p95: number }; readonly calls: number }>>
}

/** The 95th percentile that two light clients see, in milliseconds. */
async function measureLight(url: string): Promise<number> {
  const directory = temporaryDirectory(onTestFinished)
  const pack = join(directory, 'light.yml')
  writeFileSync(pack, lightPack)
  const report = join(directory, 'report')
  expectNothingWrong(await run('squall', ['run', pack, '--target', url, '--report', report, '--quiet']), report)
  // The schema was checked; tests elsewhere look at other parts of it.
  const { tools } = readSummary(report) as unknown as Latency
  const { calls, response } = tools['execute_query'] ?? { calls: 0, response: { p95: 0 } }
  expect(calls).toBeGreaterThan(12)
  return response.p95
}

/** What else this machine does holds up a measurement now and then, an unfair server each of them: the first that is good enough counts. */
async function leastOfThree(measure: () => Promise<number>, goodEnough: number): Promise<number> {
  let least = await measure()
  for (let more = 2; more > 0 && least > goodEnough; more -= 1) least = Math.min(least, await measure())
  return least
}

test('a client with 500 slow calls waiting leaves the p95 of others within half of what it is alone [S7]', async () => {
  const url = await startSlowServer('250ms')
  const aloneMs = await measureLight(url)
  // Two clients that took turns with eight sessions found the ones they had before.
  const { leasesTotal, affinityHitsTotal } = (await statusOf(url)).admission.multiplexer
  expect(affinityHitsTotal / leasesTotal).toBeGreaterThan(0.8)
  const stop = hammer(url, 500, await openSession(url))
  await expect.poll(async () => (await statusOf(url)).calls.inFlight, patience).toBeGreaterThan(450)
  // It has its three quarters, and no more, though nobody else wants any now.
  expect((await statusOf(url)).admission.multiplexer).toMatchObject({ clients: 1, running: 6 })
  const besideMs = await leastOfThree(() => measureLight(url), 1.5 * aloneMs)
  const { calls } = await statusOf(url)
  await stop()
  expect(calls.inFlight).toBeGreaterThan(450)
  expect(besideMs, `alone it was ${aloneMs} ms`).toBeLessThanOrEqual(1.5 * aloneMs)
  // Nothing of the heavy client stays behind.
  await expect.poll(async () => (await statusOf(url)).calls, patience).toEqual({ inFlight: 0, queued: 0 })
  await expect
    .poll(async () => (await statusOf(url)).admission.multiplexer, patience)
    .toMatchObject({ clients: 0, running: 0, waiting: 0 })
})
