// What `snowflake-mcp --stdio` writes to its standard output belongs to the protocol, come what may.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startSnowflakeLocal, type LocalSnowflake } from './support/local-snowflake.ts'
import { start, type Ended, type Started } from './support/programs.ts'

vi.setConfig({ testTimeout: 90_000 })

/** Tells snowflake-sdk to log all it does, and to standard output, in each of the ways it can be told. */
function chattyDriver(): Readonly<Record<string, string>> {
  const home = temporaryDirectory(onTestFinished)
  const file = join(home, 'sf_client_config.json')
  writeFileSync(file, JSON.stringify({ common: { log_level: 'TRACE', log_path: 'STDOUT' } }))
  mkdirSync(join(home, '.snowflake'))
  return { SF_CLIENT_CONFIG_FILE: file, HOME: home }
}

interface Message {
  readonly jsonrpc: string
  readonly id?: number | string | null
  readonly result?: object
  readonly error?: object
}

/** A client that reads and writes the lines itself. */
class LineClient {
  readonly #program: Started
  #lastId = 0

  constructor(program: Started) {
    this.#program = program
  }

  raw(line: string): void {
    this.#program.write(`${line}\n`)
  }

  send(method: string, params: object): number {
    const id = ++this.#lastId
    this.raw(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    return id
  }

  /** Sends a call, and resolves when a line answers it. */
  async call(name: string, args: object): Promise<void> {
    const id = this.send('tools/call', { name, arguments: args })
    await this.#program.printed(new RegExp(`(?:^|\\n)\\{[^\\n]*"id":${id}\\b[^\\n]*\\n`))
  }
}

/** Every line of the output is one whole message; throws where one is not. */
function messagesOf({ stdout }: Ended): readonly Message[] {
  expect(stdout === '' || stdout.endsWith('\n')).toBe(true)
  const messages = stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Message)
  for (const message of messages) expect(message).toMatchObject({ jsonrpc: '2.0' })
  return messages
}

async function startStdio(args: readonly string[]): Promise<{ program: Started; client: LineClient; snowflake: LocalSnowflake }> {
  const snowflake = await startSnowflakeLocal()
  onTestFinished(() => snowflake.stop())
  const env = { ...snowflake.env, ...chattyDriver() }
  const program = start('snowflake-mcp', ['--stdio', '--log-level', 'debug', ...args], { env })
  onTestFinished(async () => {
    program.kill('SIGKILL')
    await program.ended
  })
  const client = new LineClient(program)
  client.send('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'lines', version: '1' } })
  client.raw(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }))
  return { program, client, snowflake }
}

const query = (sql: string): object => ({ query: sql, database: 'TEST_DB' })

async function makeTrouble(client: LineClient, snowflake: LocalSnowflake): Promise<void> {
  await client.call('execute_query', query('SELECT \'line\nfeed\u2028\' AS A, PARSE_JSON(\'{"a":[1,"x"]}\') AS B'))
  for (const line of ['no JSON', '{"jsonrpc":"1.0","id":1}', '[]', '{"jsonrpc":"2.0","id":"s","method":"nope"}', '\u0000', ''])
    client.raw(line)
  await client.call('no_such_tool', {})
  await client.call('execute_query', query('SELECT nope FROM CUSTOMERS'))
  await snowflake.beginFault('fail-statements', { count: 1, message: 'a message\nof two lines' })
  await client.call('execute_query', query('SELECT 1'))
  for (const kind of ['session', 'master']) {
    await snowflake.beginFault('expire-tokens', { kind })
    await client.call('execute_query', query('SELECT 2'))
  }
  await snowflake.beginFault('outage', { kind: 'reset', durationMs: 1000 })
  await client.call('execute_query', query('SELECT 3'))
}

test.each(['the end of its input', 'SIGTERM'])(
  'nothing but protocol is on standard output: under errors, faults, a driver told to log there, and shutdown by %s [T4]',
  async (end) => {
    const { program, client, snowflake } = await startStdio([])
    await makeTrouble(client, snowflake)
    // One call is under way when the end comes.
    await snowflake.beginFault('latency', { rules: [{ pattern: 'last_mark', delay: { ms: 600_000 } }] })
    client.send('tools/call', { name: 'execute_query', arguments: query('SELECT 1 AS last_mark') })
    await expect.poll(async () => (await snowflake.state()).statements.running, { timeout: 20_000 }).toBe(1)
    if (end === 'SIGTERM') program.kill(end)
    else program.endInput()
    const ended = await program.ended
    expect(ended.code, ended.stderr).toBe(0)
    const messages = messagesOf(ended)
    expect(messages.filter(({ result }) => result !== undefined).length).toBeGreaterThan(5)
    expect(messages.filter(({ error }) => error !== undefined).length).toBeGreaterThanOrEqual(5)
    expect(ended.stderr).toContain('"level"')
    await expect.poll(async () => (await snowflake.state()).statements.running, { timeout: 20_000 }).toBe(0)
  },
)
