import { fileURLToPath } from 'node:url'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, ScriptedServer, type ScriptedServerOptions } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { squall, startSquall } from '../test/run-squall.ts'

async function server(options?: ScriptedServerOptions): Promise<ScriptedServer> {
  const scripted = await ScriptedServer.start(options)
  onTestFinished(() => scripted[Symbol.asyncDispose]())
  return scripted
}

const pack = `config:
  mcp: { headers: { authorization: "Bearer s3cret" } }
  squall: { clients: 50, duration: 60s }
scenarios:
  - name: reader
    engine: mcp
    flow: [ { callTool: { name: echo, arguments: { text: hi, password: hunter2 } } } ]
  - name: pinger
    engine: mcp
    flow: [ { ping: {} } ]
`
const files = { 'pack.yml': pack }

test('one client runs its flow, and every message is printed with its time and without secrets', async () => {
  const scripted = await server()
  const running = startSquall(['run', 'pack.yml', '--target', scripted.url, '--debug', '--iterations', '2'], { files })
  const { code, stdout, stderr } = await running.ended
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^ +\d\.\d{3} s · a http_client client of scenario "reader" opens$/m)
  expect(stdout).toMatch(/→ #1 POST \/mcp\n( {13}.*\n)+/)
  expect(stdout).toMatch(/"method":"notifications\/initialized"/)
  expect(stdout).toMatch(/← #1 200 application\/json/)
  expect(stdout).toMatch(/· iteration 2 of 2/)
  expect(stdout).toMatch(/✓ tools\/call echo in [\d.]+ ms/)
  expect(stdout).toMatch(/→ #\d+ DELETE \/mcp/)
  expect(stdout).toMatch(/\n3 calls, 0 failed\n$/)
  expect(stdout).toContain('authorization: ***')
  expect(stdout).not.toMatch(/s3cret|hunter2/)
  expect(scripted.counts.toolCalls).toBe(2)
  expect(existsSync(join(running.directory, 'squall-report'))).toBe(false)
})

test('a call that fails is told with its reason, and is exit code 3', async () => {
  const scripted = await server({ fault: ({ method }) => (method === 'tools/call' ? 'is-error' : undefined), replies: 'sse' })
  const { code, stdout } = await squall(['run', 'pack.yml', '--target', scripted.url, '--debug'], { files })
  expect(code).toBe(3)
  expect(stdout).toMatch(/✗ tools\/call echo in [\d.]+ ms: tool\.is_error, /)
  expect(stdout).toMatch(/"isError":true/)
  expect(stdout).toMatch(/\n2 calls, 1 failed\n$/)
})

test('--scenario chooses another, and a name that is none is exit code 2', async () => {
  const scripted = await server()
  const args = ['run', 'pack.yml', '--target', scripted.url, '--debug', '--scenario']
  const chosen = await squall([...args, 'pinger'], { files })
  expect(chosen).toMatchObject({ code: 0, stdout: expect.stringContaining('✓ ping in') as string })
  const { code, stderr } = await squall([...args, 'pingr'], { files })
  expect(code).toBe(2)
  expect(stderr).toMatch(/--scenario: found "pingr", expected one of the scenarios reader, pinger \(did you mean pinger\?\)/)
})

test('a target that is not there is exit code 6', async () => {
  const target = `http://127.0.0.1:${await freePort()}/mcp`
  const { code, stdout } = await squall(['run', 'pack.yml', '--target', target, '--debug'], { files })
  expect(code).toBe(6)
  expect(stdout).toMatch(/← #1 broken off: .*ECONNREFUSED/)
})

test('messages over standard streams are printed too', async () => {
  const shelf = fileURLToPath(new URL('../test/stdio-shelf.ts', import.meta.url))
  const stdio = `config:
  target: node ${shelf}
  mcp: { transport: stdio }
  squall: { clients: 1, duration: 1s }
scenarios: [ { engine: mcp, flow: [ { callTool: { name: list_books } } ] } ]
`
  const { code, stdout } = await squall(['run', 'pack.yml', '--debug'], { files: { 'pack.yml': stdio } })
  expect(code).toBe(0)
  expect(stdout).toMatch(/→\n {13}\{"jsonrpc":"2\.0","id":\d+,"method":"tools\/call"/)
  expect(stdout).toMatch(/←\n {13}\{"jsonrpc":"2\.0","id":\d+,"result":\{"content"/)
})
