import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { descendants } from './support/processes.ts'
import { root, run, start, type Ended } from './support/programs.ts'
import { hasWholeReport, readSummary } from './support/reports.ts'
import { startSnowflakeMcp } from './support/servers.ts'

/** One clear message: the exit code, every expected text, no stack trace, and nothing left running below this process. */
function expectRefusal(ended: Ended, code: number, ...texts: readonly (string | RegExp)[]): void {
  expect(ended, ended.stdout + ended.stderr).toMatchObject({ code })
  for (const text of texts) expect(ended.stderr).toMatch(text)
  expect(ended.stderr).toMatch(/hint: .* \[[A-Z_]+\]$/m)
  expect(ended.stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m)
  expect(descendants(process.pid).filter((pid) => !knownBefore.has(pid))).toEqual([])
}
// The test runner's own children are not ours to judge.
const knownBefore = new Set(descendants(process.pid))

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

function packWith(text: string): string {
  const file = join(temporaryDirectory(onTestFinished), 'pack.yml')
  writeFileSync(file, text)
  return file
}

const brokenPack = `config:
  target: http://127.0.0.1:1/mcp
  engines: { mcp: {} }
  squall:
    modell: closed
    clients: none
    duration: 10 parsecs
    thresholds: [ "p95<<500ms" ]
scenarios:
  - name: typo
    engine: mcp
    flow:
      - calTool: { name: echo }
      - think: -1
`

test('a pack with unknown keys and wrong values: all problems at once, with their lines and the nearest known key', async () => {
  const ended = await run('squall', ['run', packWith(brokenPack)])
  expectRefusal(
    ended,
    2,
    /:5:\d+.*modell/,
    /"?model"?/,
    /:6:\d+.*clients/,
    /none/,
    /duration/,
    /parsecs/,
    /p95<<500ms/,
    /calTool/,
    /callTool/,
    /think/,
  )
})

test('a pack that is not there', async () => {
  expectRefusal(await run('squall', ['run', '/nowhere/pack.yml']), 2, '/nowhere/pack.yml')
})

test.each([
  ['--clients', '-3'],
  ['--duration', 'soon'],
  ['--spawn-rate', '0'],
  ['--threshold', 'p95<fast'],
])('%s %s', async (option, value) => {
  expectRefusal(await run('squall', ['run', 'heavy', `${option}=${value}`]), 2, option, value)
})

test('several wrong options are named together', async () => {
  expectRefusal(
    await run('squall', ['run', 'heavy', '--clients=-3', '--spawn-rate=0', '--workers=0', '--seed=x']),
    2,
    '--clients',
    '--spawn-rate',
    '--workers',
    '--seed',
  )
})

test('a target that cannot be reached', async () => {
  const report = temporaryDirectory(onTestFinished)
  const ended = await run('squall', ['run', 'smoke', '--target', 'http://127.0.0.1:1/mcp', '--report', report])
  expectRefusal(ended, 6, 'http://127.0.0.1:1/mcp', /refused|reach/)
})

test('a target that answers but is not an MCP server', async () => {
  const port = await listen(createServer((_request, response) => response.end('<html>hello</html>')))
  const report = temporaryDirectory(onTestFinished)
  const ended = await run('squall', ['run', 'smoke', '--target', `http://127.0.0.1:${port}/mcp`, '--report', report])
  expectRefusal(ended, 6, String(port), /not an MCP server/)
})

test('a port in use', async () => {
  const port = await listen(createServer())
  expectRefusal(await run('snowflake-mcp', ['--port', String(port)]), 9, String(port), /in use|another program/, /IN_USE\]/)
  expectRefusal(await run('snowflake-local', ['--port', String(port)]), 9, String(port), /in use|another program/, /IN_USE\]/)
})

test('wrong SNOWFLAKE_* settings: all of them at once, and no secret', async () => {
  const env = {
    SNOWFLAKE_ACCOUNT: 'my account!',
    SNOWFLAKE_USER: '',
    SNOWFLAKE_PASSWORD: 'hunter2',
    SNOWFLAKE_PRIVATE_KEY_PATH: '/nowhere/key.p8',
  }
  const ended = await run('snowflake-mcp', ['--port', '0'], { env })
  expectRefusal(ended, 2, 'SNOWFLAKE_ACCOUNT', 'SNOWFLAKE_USER', 'SNOWFLAKE_PRIVATE_KEY_PATH')
  expect(ended.stdout + ended.stderr).not.toContain('hunter2')
})

test('a directory for the report that cannot be written is found out before any load', async () => {
  const file = packWith('not a directory')
  expectRefusal(await run('squall', ['run', 'smoke', '--report', join(file, 'report')]), 9, file)
})

test('a full disk for the report is one clear message, and the numbers are still printed', async () => {
  const directory = temporaryDirectory(onTestFinished)
  // A file system of its own that holds 4 KiB, in a mount namespace of its own.
  const script = `mount -t tmpfs -o size=4k tmpfs ${directory} && exec ${root}node_modules/.bin/squall run smoke --duration 2s --report ${directory}/report`
  const ended = await run('unshare', ['-rm', 'sh', '-c', script])
  expectRefusal(ended, 9, directory, /full|no space/i)
})

test('a target that dies in mid-run: failures by kind, and the run ends by itself with a whole report', async () => {
  const { url, started } = await startSnowflakeMcp()
  const report = temporaryDirectory(onTestFinished)
  const squall = start('squall', ['run', 'smoke', '--target', url, '--report', report])
  await squall.printed(/calls\/s/)
  started.kill('SIGKILL')
  const ended = await squall.ended
  expect(ended, ended.stderr).toMatchObject({ code: 3 })
  expect(hasWholeReport(report)).toBe(true)
  const { verdict, totals, errors } = readSummary(report)
  expect(verdict).toBe('fail')
  expect(totals.ok).toBeGreaterThan(0)
  expect(Object.keys(errors).some((code) => code.startsWith('transport.'))).toBe(true)
}, 60_000)
