// Several real processes behind one port: what clients notice of them, and what they do not.
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { createServer } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { isAlive, runToEnd, startServer, type RunningServer } from '../test/run-server.ts'

const patience = { timeout: 30_000, interval: 50 }

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

async function start(...args: string[]): Promise<RunningServer> {
  const server = await startServer(['--processes', '2', ...args])
  closers.push(() => {
    server.child.kill('SIGKILL')
    return server.ended
  })
  return server
}

interface Reply {
  readonly status: number
  readonly session: string | undefined
  readonly body: unknown
}

/** A client with one connection of its own, kept open. */
class Client {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })
  readonly #url: string

  constructor(url: string) {
    this.#url = url
    closers.push(async () => this.#agent.destroy())
  }

  async post(body: object, session?: string): Promise<Reply> {
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(session !== undefined && { 'mcp-session-id': session }),
    }
    const sent = httpRequest(this.#url, { method: 'POST', agent: this.#agent, headers })
    sent.end(JSON.stringify({ jsonrpc: '2.0', id: 1, ...body }))
    // A client request answers with a message.
    const [reply] = (await once(sent, 'response')) as [IncomingMessage]
    let text = ''
    for await (const chunk of reply.setEncoding('utf8')) text += String(chunk)
    return {
      status: reply.statusCode ?? 0,
      session: sessionOf(reply),
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
    }
  }

  async openSession(): Promise<string> {
    const clientInfo = { name: 'x', version: '1' }
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo }
    return (await this.post({ method: 'initialize', params })).session ?? ''
  }

  call(session?: string): Promise<Reply> {
    return this.post(
      { method: 'tools/call', params: { name: 'execute_query', arguments: { query: 'SELECT 1 AS "ünï"' } } },
      session,
    )
  }
}

function sessionOf({ headers: { 'mcp-session-id': session } }: IncomingMessage): string | undefined {
  return typeof session === 'string' ? session : undefined
}

interface Status {
  readonly processes: readonly { readonly number: number; readonly pid: number; readonly sessions: number }[]
}

async function statusOf(url: string): Promise<Status> {
  return (await (await fetch(new URL('/status', url))).json()) as Status
}

const numberOf = (session: string): number => Number(/^p(\d+)-/.exec(session)?.[1])

/** A client with a session in each worker. */
async function clientsOfEach(url: string): Promise<readonly (readonly [Client, string])[]> {
  const found = new Map<number, readonly [Client, string]>()
  while (found.size < 2) {
    const client = new Client(url)
    const session = await client.openSession()
    found.set(numberOf(session), [client, session])
  }
  return [...found.values()]
}

async function callsCounted(url: string): Promise<number> {
  const text = await (await fetch(new URL('/metrics', url))).text()
  const counts = [...text.matchAll(/^mcp_requests_total\{[^}]*\} (\d+)$/gm)].map(([, count]) => Number(count))
  return counts.reduce((sum, count) => sum + count, 0)
}

test('a session is found from any connection, and whoever is asked counts for all', async () => {
  const { url } = await start()
  const [[, one], [, two]] = (await clientsOfEach(url)) as [[Client, string], [Client, string]]
  const before = await callsCounted(url)
  const wanderer = new Client(url)
  for (let round = 0; round < 20; round += 1) {
    const reply = await wanderer.call(round % 3 === 0 ? one : two)
    expect(reply).toMatchObject({ status: 200, body: { result: { structuredContent: { rows: [[1]] } } } })
  }
  const crowd = Array.from({ length: 30 }, (_, index) => new Client(url).call(index % 2 === 0 ? one : two))
  for (const { status } of await Promise.all(crowd)) expect(status).toBe(200)
  expect((await callsCounted(url)) - before).toBe(50)
  const { processes } = await statusOf(url)
  expect(processes.map(({ sessions }) => sessions).every((sessions) => sessions > 0)).toBe(true)
  // Streams and ends of sessions find their way as well.
  const stream = await fetch(url, { headers: { accept: 'text/event-stream', 'mcp-session-id': one } })
  expect(stream.status).toBe(200)
  const ended = await fetch(url, { method: 'DELETE', headers: { 'mcp-session-id': one } })
  expect(ended.status).toBe(200)
  expect(await stream.text()).toContain('id: push_0')
  expect((await new Client(url).call(one)).status).toBe(404)
})

test('a worker that is killed is replaced; its sessions are gone, and clients of the other notice nothing', async () => {
  const server = await start()
  const { url } = server
  const [[, lost], [spared, kept]] = (await clientsOfEach(url)) as [[Client, string], [Client, string]]
  // This client's connection came to the other worker first, and was handed over for good.
  const handedOver = new Client(url)
  for (let tries = 0; tries < 4; tries += 1) await handedOver.call(kept)
  const counted = await callsCounted(url)
  const victim = (await statusOf(url)).processes.find(({ number }) => number === numberOf(lost))
  process.kill(victim?.pid ?? 0, 'SIGKILL')
  for (let round = 0; round < 20; round += 1)
    for (const client of [spared, handedOver]) expect((await client.call(kept)).status).toBe(200)
  await expect.poll(async () => (await statusOf(url)).processes.map(({ number }) => number).includes(3), patience).toBe(true)
  for (let round = 0; round < 4; round += 1)
    expect(await new Client(url).call(lost)).toMatchObject({ status: 404, body: { error: { code: -32_001 } } })
  expect((await spared.call(kept)).status).toBe(200)
  expect(await callsCounted(url)).toBe(counted + 41)
  expect(server.output().stderr).toContain('ended by itself (SIGKILL)')
  expect(isAlive(await server.embeddedPid())).toBe(true)
})

test('a rolling restart replaces every worker, and no call fails meanwhile', async () => {
  const server = await start()
  const { url } = server
  const counted = await callsCounted(url)
  let calls = 0
  const failures: unknown[] = []
  const stop = new AbortController()
  const caller = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      calls += 1
      const { status, body } = await new Client(url).call()
      if (status !== 200) failures.push(body)
    }
  }
  const callers = Promise.all([caller(), caller()])
  server.child.kill('SIGUSR2')
  const replaced = async (): Promise<number[]> =>
    (await statusOf(url)).processes.map(({ number }) => number).toSorted((a, b) => a - b)
  await expect.poll(replaced, patience).toEqual([3, 4])
  stop.abort()
  await callers
  expect(failures).toEqual([])
  expect(calls).toBeGreaterThan(10)
  // What the old ones counted has been left with the supervisor.
  expect((await callsCounted(url)) - counted).toBe(calls)
})

test('SIGTERM ends all of it within four seconds, and leaves no process', async () => {
  const server = await start()
  const { processes } = await statusOf(server.url)
  const pids = [...processes.map(({ pid }) => pid), await server.embeddedPid()]
  expect(pids.filter(isAlive)).toHaveLength(3)
  const startedMs = performance.now()
  const { code } = await server.stop()
  expect(code).toBe(0)
  expect(performance.now() - startedMs).toBeLessThan(4000)
  expect(pids.filter(isAlive)).toEqual([])
})

test('an embedded Snowflake that dies is started again for all', async () => {
  const { url, embeddedPid } = await start()
  const dead = await embeddedPid()
  process.kill(dead, 'SIGKILL')
  await expect.poll(embeddedPid, patience).not.toBe(dead)
  const answers = async (): Promise<boolean[]> => {
    const replies = await Promise.all(Array.from({ length: 6 }, () => new Client(url).call()))
    return replies.map(({ body }) => JSON.stringify(body).includes('"rows":[[1]]'))
  }
  await expect.poll(answers, patience).toEqual(Array.from({ length: 6 }, () => true))
})

test('what is wrong is told once, with its exit code', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  closers.push(() => new Promise((resolve) => other.close(resolve)))
  // A server that listens on TCP has an address with a port.
  const { port } = other.address() as AddressInfo
  const taken = await runToEnd(['--processes', '2', '--port', String(port)])
  expect([taken.code, taken.stderr.match(/MCP_PORT_IN_USE/g)?.length]).toEqual([9, 1])
  const many = await runToEnd(['--processes', '9', '--stdio', '--port', '0'])
  expect(many.code).toBe(2)
  expect(many.stderr).toContain('--processes: found 9, expected at most SNOWFLAKE_POOL_MAX_SIZE, which is 8')
  expect(many.stderr).toContain('--processes: found 9, expected 1, as --stdio serves one client')
  const unreachable = await runToEnd(['--processes', '2', '--port', '0'], {
    SNOWFLAKE_ACCOUNT: 'a',
    SNOWFLAKE_USER: 'u',
    SNOWFLAKE_PASSWORD: 'p',
    SNOWFLAKE_ACCESS_URL: 'http://127.0.0.1:9',
  })
  expect(unreachable.code).not.toBe(0)
  expect(unreachable.stderr.match(/SNOWFLAKE_UNREACHABLE/g)?.length).toBe(1)
})
