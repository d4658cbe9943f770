import { execFile } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startProgram, type RunningProgram } from '@squall/program'
import { temporaryDirectory } from '@squall/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'

const entry = new URL('./main.ts', import.meta.url)
// Sample data takes seconds to make: shared by all tests that need some, and by their next run.
const dataDirectory = join(tmpdir(), 'squall-warehouse-tests')
const scratch = temporaryDirectory(afterAll)
let program: RunningProgram

beforeAll(async () => {
  program = await startProgram({ name: 'snowflake-local', entry, args: ['--port', '0', '--data', dataDirectory] })
}, 60_000)
afterAll(async () => {
  await program.stop()
})

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

async function runToEnd(...args: string[]): Promise<Ended> {
  const command = ['--conditions=@squall/source', fileURLToPath(entry), ...args]
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, command)) }
  } catch (error) {
    // What `execFile` rejects with when the program ends with another code.
    return error as Ended
  }
}

test('says where it listens on its first line, and is healthy there', async () => {
  expect(program.recentOutput().split('\n')[0]).toBe(
    `snowflake-local listening on ${program.url} (account LOCAL, user SQUALL, data in ${dataDirectory})`,
  )
  const health = await fetch(`${program.url}/_local/health`)
  expect(await health.json()).toMatchObject({ status: 'ok', account: 'LOCAL' })
})

test.runIf(process.platform === 'linux')('its thread pool has room for many statements at once', async () => {
  // The pool starts at its first use; opening a session reads files and runs statements.
  const credentials = { ACCOUNT_NAME: 'LOCAL', LOGIN_NAME: 'SQUALL', PASSWORD: 'squall-local' }
  const login = await fetch(`${program.url}/session/v1/login-request`, {
    method: 'POST',
    body: JSON.stringify({ data: credentials }),
  })
  const { data } = (await login.json()) as { data: { token: string } }
  const headers = { authorization: `Snowflake Token="${data.token}"` }
  const body = JSON.stringify({ sqlText: 'SELECT 1' })
  await fetch(`${program.url}/queries/v1/query-request?requestId=1`, { method: 'POST', headers, body })
  expect(readdirSync(`/proc/${program.pid}/task`).length).toBeGreaterThan(64)
})

test('stops without waiting until a connected client has been idle for long enough', async () => {
  const other = await startProgram({ name: 'snowflake-local', entry, args: ['--port', '0', '--data', dataDirectory] })
  await fetch(`${other.url}/_local/health`)
  const askedMs = performance.now()
  await other.stop()
  // An idle connection is kept for minutes.
  expect(performance.now() - askedMs).toBeLessThan(4_500)
  expect(other.hasExited()).toBe(true)
})

test('a port in use is named, with exit code 9', async () => {
  const { port } = new URL(program.url)
  const ended = await runToEnd('--port', port, '--data', dataDirectory)
  expect(ended).toMatchObject({ code: 9, stdout: '' })
  expect(ended.stderr).toBe(
    [
      `error: port ${port} of 127.0.0.1 is in use by another program`,
      'hint: Stop that program, choose another port with --port, or take a free one with --port 0. [SNOWFLAKE_LOCAL_PORT_IN_USE]',
      '',
    ].join('\n'),
  )
})

test('an address of another machine is named, with exit code 9', async () => {
  const ended = await runToEnd('--host', '192.0.2.1', '--password', 'mine', '--data', dataDirectory)
  expect(ended).toMatchObject({ code: 9, stderr: expect.stringContaining('SNOWFLAKE_LOCAL_CANNOT_LISTEN') as string })
})

test('a data directory that cannot be made is named, with exit code 9', async () => {
  const file = join(scratch, 'file')
  writeFileSync(file, '')
  const ended = await runToEnd('--port', '0', '--data', join(file, 'below'))
  expect(ended).toMatchObject({ code: 9, stderr: expect.stringContaining('SNOWFLAKE_LOCAL_DATA_DIRECTORY') as string })
})

test('options it cannot use end it with exit code 2 before anything is made', async () => {
  const ended = await runToEnd('--port', '-3', '--host', '0.0.0.0', '--data', join(scratch, 'new'))
  expect(ended.code).toBe(2)
  expect(ended.stderr).toContain('--port: found "-3", expected a whole number from 0 to 65535')
  expect(ended.stderr).toContain('--host: found "0.0.0.0"')
  expect(readdirSync(scratch)).not.toContain('new')
})

test('help goes to standard output', async () => {
  expect(await runToEnd('--help')).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.stringContaining('Usage: snowflake-local') as string,
  })
})
