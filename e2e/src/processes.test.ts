import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { start } from './support/programs.ts'
import { readSummary } from './support/reports.ts'
import { ServerCounts } from './support/server-counts.ts'
import { startSnowflakeMcp } from './support/servers.ts'

interface Status {
  readonly processes: readonly { readonly number: number; readonly pid: number }[]
}

async function processesOf(url: string): Promise<Status['processes']> {
  return ((await (await fetch(new URL('/status', url))).json()) as Status).processes
}

async function untilCalled(url: string, least: number): Promise<void> {
  const counts = new ServerCounts(url)
  for (;;) {
    const samples = await counts.samples()
    const calls = samples.filter(({ name }) => name === 'mcp_requests_total').reduce((sum, { value }) => sum + value, 0)
    if (calls >= least) return
    await pause(50)
  }
}

const clients = 20

/** Each client keeps one session for as long as the server does. */
const pack = `
config:
  target: http://127.0.0.1:1/mcp
  engines: { mcp: {} }
  mcp: { protocolVersion: '2025-11-25', clientKind: http_client }
  squall: { model: closed, clients: ${clients}, spawnRate: 20, duration: 8s, thresholds: ['failed<20%'] }
scenarios:
  - engine: mcp
    flow:
      - callTool: { name: execute_query, arguments: { query: SELECT 1 } }
      - think: 0.05
`

test('load goes on while one of two processes is killed; its clients open new sessions, and it is replaced', async () => {
  const { url } = await startSnowflakeMcp(['--processes', '2'])
  const report = temporaryDirectory(onTestFinished)
  const file = join(temporaryDirectory(onTestFinished), 'pack.yml')
  writeFileSync(file, pack)
  const running = start('squall', ['run', file, '--target', url, '--report', report, '--quiet'])
  await untilCalled(url, 100)
  const [victim] = await processesOf(url)
  process.kill(victim?.pid ?? 0, 'SIGKILL')
  const { stdout, stderr } = await running.ended
  const { totals, errors, timeline } = readSummary(report)
  // What was under way in the dead process fails, and the first call of each of its sessions.
  expect(totals.failed, stdout + stderr).toBeLessThanOrEqual(4 * clients)
  expect(totals.ok).toBeGreaterThan(10 * totals.failed)
  for (const code of Object.keys(errors)) expect(code).toMatch(/^(?:transport\.|http\.404|session\.)/)
  expect(totals.sessionsOpened).toBeGreaterThan(clients)
  expect(timeline.filter(({ calls }) => calls === 0).length).toBeLessThanOrEqual(1)
  const numbers = (await processesOf(url)).map(({ number }) => number)
  expect(numbers).toHaveLength(2)
  expect(numbers).toContain(3)
}, 120_000)
