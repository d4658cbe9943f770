// How the real server lets calls in: with the limits it has by default, and with those of the original.
import { hash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { openSession, select, send, statusOf } from './support/callers.ts'
import { run, start } from './support/programs.ts'
import { expectNothingWrong } from './support/reports.ts'
import { startSnowflakeMcp } from './support/servers.ts'

test('the heavy pack meets no limit of the default ones [S8]', async () => {
  const { url } = await startSnowflakeMcp()
  const report = temporaryDirectory(onTestFinished)
  const args = ['run', 'heavy', '--target', url, '--report', report, '--quiet', '--spawn-rate', '150', '--duration', '8s']
  // All its clients come; in so short a time thresholds say nothing.
  const summary = expectNothingWrong(await run('squall', [...args, '--threshold', 'calls>0']), report)
  expect(summary.totals.calls).toBeGreaterThan(100)
  expect((await statusOf(url)).admission).toMatchObject({
    limitsReached: { client_rate: 0, client_quota: 0, total_rate: 0, total_quota: 0 },
    breaker: { state: 'closed', openedTotal: 0 },
  })
})

test('the limits of the original turn a client away that sends more, and tell it when to come again [S8]', async () => {
  const { url } = await startSnowflakeMcp(['--limits-preset', 'original', '--quota-per-client', '20/h'])
  const session = await openSession(url)
  const listAll = (): Promise<Response> =>
    send(url, 'tools/call', { name: 'list_databases', arguments: {} }, { headers: session })
  // Ten a second, and five more after a pause.
  const burst = await Promise.all(Array.from({ length: 30 }, listAll))
  const turnedAway = burst.find(({ status }) => status === 429)
  expect(burst.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(20)
  expect(turnedAway?.headers.get('retry-after')).toBe('1')
  expect(await turnedAway?.json()).toMatchObject({ error: { data: { code: 'MCP_RATE_LIMITED', retryAfterSeconds: 1 } } })
  // The quota of this hour is used up sooner or later, and says when the next one begins.
  await expect
    .poll(async () => ((await (await listAll()).json()) as Refused).error?.data.code, { timeout: 30_000, interval: 110 })
    .toBe('MCP_QUOTA_EXCEEDED')
  const refused = await listAll()
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(3600)
  expect((await send(url, 'tools/call', select(), { headers: await openSession(url) })).status).toBe(200)
})

interface Refused {
  readonly error?: { readonly data: { readonly code: string } }
}

const keyOf = (name: string, more: object): object => ({ name, sha256: hash('sha256', name), scopes: ['admin'], ...more })

const as = (name: string): { authorization: string } => ({ authorization: `Bearer ${name}` })

test('calls of a key of high priority have four turns for each of one of low priority [S8]', async () => {
  const directory = temporaryDirectory(onTestFinished)
  const keysFile = join(directory, 'keys.json')
  writeFileSync(keysFile, JSON.stringify({ keys: [keyOf('high', { priority: 'high' }), keyOf('low', { priority: 'low' })] }))
  const { url } = await startSnowflakeMcp([
    '--keys-file',
    keysFile,
    '--max-concurrent',
    '1',
    '--pool-max',
    '1',
    '--pool-min',
    '1',
  ])
  // One call holds the only place until all the others wait.
  const release = new AbortController()
  const holding = send(url, 'tools/call', select(endlessQuery), { headers: as('low'), signal: release.signal })
  await expect.poll(async () => (await statusOf(url, as('low'))).calls.inFlight, { timeout: 30_000 }).toBe(1)
  const served: string[] = []
  const callAs = async (name: string): Promise<void> => {
    await (await send(url, 'tools/call', select(), { headers: as(name) })).text()
    served.push(name)
  }
  const waiting = Array.from({ length: 16 }, () => [callAs('low'), callAs('high')]).flat()
  await expect.poll(async () => (await statusOf(url, as('low'))).calls.queued, { timeout: 30_000 }).toBe(32)
  release.abort()
  await expect(holding).rejects.toThrow('abort')
  await Promise.all(waiting)
  const high = served.slice(0, 15).filter((name) => name === 'high').length
  expect(high).toBeGreaterThanOrEqual(11)
  expect(high).toBeLessThanOrEqual(13)
})

// Takes DuckDB minutes: some 10^11 pairs.
const endlessQuery =
  'SELECT COUNT(*) FROM SNOWFLAKE_SAMPLE_DATA.TPCH_SF1.LINEITEM a, SNOWFLAKE_SAMPLE_DATA.TPCH_SF1.LINEITEM b, SNOWFLAKE_SAMPLE_DATA.TPCH_SF1.NATION c WHERE a.L_COMMENT > b.L_COMMENT'

test('a Snowflake that goes away is left alone, and found again when it is back [S8]', async () => {
  const snowflake = start('snowflake-local', ['--port', '0'])
  const [local] = await snowflake.printed(/http:\/\/127\.0\.0\.1:\d+/)
  const env = {
    SNOWFLAKE_ACCOUNT: 'LOCAL',
    SNOWFLAKE_USER: 'SQUALL',
    SNOWFLAKE_PASSWORD: 'squall-local',
    SNOWFLAKE_ACCESS_URL: local,
  }
  const { url } = await startSnowflakeMcp(['--database', 'TEST_DB', '--query-timeout-ms', '2000', '--breaker-failures', '1'], {
    env,
  })
  expect((await send(url, 'tools/call', select())).status).toBe(200)
  snowflake.kill('SIGKILL')
  await snowflake.ended
  let refusal: Response | undefined
  await expect
    .poll(async () => (refusal = await send(url, 'tools/call', select())).status, { timeout: 60_000, interval: 20 })
    .toBe(503)
  expect(Number(refusal?.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await refusal?.json()).toMatchObject({ error: { data: { code: 'MCP_SNOWFLAKE_UNAVAILABLE' } } })
  const back = start('snowflake-local', ['--port', new URL(local).port])
  await back.printed(/http:/)
  await expect.poll(async () => (await send(url, 'tools/call', select())).status, { timeout: 60_000, interval: 100 }).toBe(200)
  await expect.poll(async () => (await statusOf(url)).admission.breaker.state, { timeout: 20_000 }).toBe('closed')
  back.kill('SIGTERM')
  await back.ended
})
