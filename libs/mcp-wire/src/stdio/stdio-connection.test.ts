import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { FakeClock, systemClock } from '@squall/time'
import { expect, test, vi } from 'vitest'
import { initializeRequest, StdioConnection, type StdioOptions } from '../index.ts'
import { identity, legacy, never } from '../test/connect.ts'

const everything = createRequire(import.meta.url).resolve('@modelcontextprotocol/server-everything/dist/index.js')
const leaver = fileURLToPath(new URL('../test/leaves-stdio-server.ts', import.meta.url))
const odd = fileURLToPath(new URL('../test/odd-stdio-server.ts', import.meta.url))

class TestConnection extends StdioConnection implements AsyncDisposable {
  constructor(commandLine: string, options: Partial<StdioOptions> = {}) {
    super(commandLine, { clock: systemClock, identity, dialect: legacy, requestTimeoutMs: 10_000, firstRequestId: 0, ...options })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

const startOdd = (options: Partial<StdioOptions> = {}): TestConnection =>
  new TestConnection(`'${process.execPath}' '${odd}'`, options)
const ask = (method: string): { method: string; paramsJson: string } => ({ method, paramsJson: '{}' })

test('the everything server answers over its standard streams [L4]', async () => {
  await using connection = new TestConnection(`"${process.execPath}" "${everything}" stdio`)
  expect(await connection.request(initializeRequest(identity, legacy), never)).toMatchObject({ ok: true })
  expect(await connection.notify('notifications/initialized', '{}', never)).toMatchObject({ ok: true })
  const paramsJson = '{"name":"echo","arguments":{"message":"hällo"}}'
  const outcome = await connection.request({ method: 'tools/call', name: 'echo', paramsJson }, never)
  expect(outcome).toMatchObject({ ok: true, result: { content: [{ text: 'Echo: hällo' }] } })
  expect(outcome.bytesReceived).toBeGreaterThan(40)
  expect(connection.traffic.bytesReceived).toBeGreaterThan(outcome.bytesReceived)
})

test('questions of the server are answered, and what nobody asked for is noted', async () => {
  await using connection = startOdd()
  expect(await connection.request(ask('test/ask'), never)).toMatchObject({ result: { heard: { roots: [] } } })
  expect(await connection.request(ask('test/astray'), never)).toMatchObject({ ok: true })
  expect(connection.traffic.strayReplies).toBe(2)
})

test('a call without answer times out, or stops with the run, and is cancelled', async () => {
  const clock = new FakeClock()
  const connection = startOdd({ clock })
  expect(await connection.request(ask('ping'), never)).toMatchObject({ ok: true })
  const late = connection.request(ask('test/hang'), never)
  await clock.advance(10_000)
  expect(await late).toMatchObject({ ok: false, code: 'transport.timeout' })
  const run = new AbortController()
  const cut = connection.request(ask('test/hang'), run.signal)
  run.abort()
  expect(await cut).toMatchObject({ ok: false, code: 'stopped' })
  expect(await connection.request(ask('ping'), run.signal)).toMatchObject({ code: 'stopped', bytesSent: 0 })
  expect(await connection.request(ask('test/cancelled'), never)).toMatchObject({ result: { cancelled: [1, 2] } })
  await connection.close()
})

test('a server that ends resets the calls under way, and refuses those after', async () => {
  await using connection = startOdd()
  expect(await connection.request(ask('ping'), never)).toMatchObject({ ok: true })
  expect(await connection.request(ask('test/exit'), never)).toMatchObject({
    code: 'transport.reset',
    message: 'the server ended with status 3',
  })
  expect(await connection.request(ask('ping'), never)).toMatchObject({ code: 'transport.refused' })
  expect(await connection.notify('notifications/progress', '{}', never)).toMatchObject({ code: 'transport.refused' })
})

test('a program that does not exist refuses', async () => {
  await using connection = new TestConnection('/no/such/program')
  expect(await connection.request(ask('ping'), never)).toMatchObject({ ok: false, code: 'transport.refused' })
})

test('a line that is no UTF-8 answers nothing, though it would with other characters in its place', async () => {
  const clock = new FakeClock()
  const connection = startOdd({ clock })
  const call = connection.request(ask('test/latin1'), never)
  await vi.waitFor(() => expect(connection.traffic.strayReplies).toBe(1))
  await clock.advance(10_000)
  expect(await call).toMatchObject({ ok: false, code: 'transport.timeout' })
  await connection.close()
})

test('a line without end is given up', async () => {
  await using connection = startOdd({ longestLineBytes: 50_000 })
  expect(await connection.request(ask('test/flood'), never)).toMatchObject({ ok: false, code: 'transport.refused' })
})

test('a server that hears neither the end of its input nor SIGTERM is killed', async () => {
  const clock = new FakeClock()
  const connection = startOdd({ clock })
  expect(await connection.request(ask('test/deaf'), never)).toMatchObject({ ok: true })
  let isClosed = false
  const closed = connection.close().then(() => (isClosed = true))
  await clock.advance(1000)
  expect(isClosed).toBe(false)
  await clock.advance(1000)
  await closed
  await connection.close()
  expect(await connection.request(ask('ping'), never)).toMatchObject({ code: 'stopped' })
  await vi.waitFor(() => expect(clock.pendingCount).toBe(0))
})

/** One that nobody has asked for its exit code yet is gone, too. */
function isGone(pid: number): boolean {
  try {
    return / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return true
  }
}

// Behind a shell, as many a server is behind npx; the last of them lets go of nothing but its output.
test.each(['', 'setsid '])('a deaf server behind another program does not keep its client from leaving: %s', async (through) => {
  const clock = new FakeClock()
  const connection = new TestConnection(`sh -c "${through}'${process.execPath}' '${odd}'; true"`, { clock })
  const outcome = await connection.request(ask('test/deaf'), never)
  const pid = outcome.ok ? Number(outcome.result['pid']) : Number.NaN
  const closed = connection.close()
  await clock.advance(2_000)
  await closed
  if (through !== '') process.kill(pid, 'SIGKILL')
  await vi.waitFor(() => expect(isGone(pid)).toBe(true))
})

test('a server does not outlive the program that started it', async () => {
  const { stdout } = spawnSync(process.execPath, [...process.execArgv, leaver, `'${process.execPath}' '${odd}'`], {
    encoding: 'utf8',
  })
  expect(Number(stdout)).toBeGreaterThan(0)
  await vi.waitFor(() => expect(isGone(Number(stdout))).toBe(true))
})

test('an empty command line is refused', () => {
  expect(() => new TestConnection(' ')).toThrow(expect.objectContaining({ code: 'WIRE_BAD_TARGET' }))
})
