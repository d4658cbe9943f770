// The real program's life: how it starts, refuses, stops, and what it does when the embedded Snowflake dies.
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { isAlive, runToEnd, startServer, type RunningServer } from './test/run-server.ts'

const patience = { timeout: 20_000, interval: 20 }

const running: RunningServer[] = []
afterEach(async () => {
  await Promise.all(
    running.splice(0).map(({ child, ended }) => {
      child.kill('SIGKILL')
      return ended
    }),
  )
})

async function start(...parameters: Parameters<typeof startServer>): Promise<RunningServer> {
  const server = await startServer(...parameters)
  running.push(server)
  return server
}

function call(url: string, query: string): Promise<Response> {
  const params = { name: 'execute_query', arguments: { query } }
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
  })
}

// Takes DuckDB minutes: some 10^11 pairs.
const endlessQuery =
  'SELECT COUNT(*) FROM SNOWFLAKE_SAMPLE_DATA.TPCH_SF1.LINEITEM a, SNOWFLAKE_SAMPLE_DATA.TPCH_SF1.LINEITEM b, SNOWFLAKE_SAMPLE_DATA.TPCH_SF1.NATION c WHERE a.L_COMMENT > b.L_COMMENT'

async function waitForRunningCall(url: string): Promise<void> {
  await expect
    .poll(async () => (await fetch(new URL('/status', url))).json(), patience)
    .toMatchObject({ calls: { inFlight: 1 }, pool: { leased: 1 } })
}

test('SIGTERM lets no call hang, ends within four seconds, and leaves no process', async () => {
  const server = await start()
  const embeddedPid = await server.embeddedPid()
  const reply = call(server.url, endlessQuery)
  await waitForRunningCall(server.url)
  const startedMs = performance.now()
  const { code, stderr } = await server.stop()
  expect([code, stderr.split('\n').length]).toEqual([0, 2])
  expect(performance.now() - startedMs).toBeLessThan(4000)
  expect(await (await reply).json()).toMatchObject({ error: { message: 'The call was cancelled.' } })
  expect(isAlive(embeddedPid)).toBe(false)
})

test('a server starts however short a time its calls may wait for a session', async () => {
  const { url } = await start([], { SNOWFLAKE_POOL_ACQUIRE_TIMEOUT_MS: '1' })
  expect((await fetch(new URL('/health', url))).ok).toBe(true)
})

// Takes DuckDB a second or two: some 10^8 pairs.
const slowQuery =
  'SELECT COUNT(*) AS n FROM SNOWFLAKE_SAMPLE_DATA.TPCH_SF1.LINEITEM a, SNOWFLAKE_SAMPLE_DATA.TPCH_SF1.CUSTOMER b WHERE a.L_COMMENT > b.C_COMMENT'

test('a call that finishes in time gets its answer though the server is stopping', async () => {
  const server = await start(['--drain-timeout-ms', '40000'])
  const reply = call(server.url, slowQuery)
  await waitForRunningCall(server.url)
  const { code } = await server.stop()
  expect(code).toBe(0)
  expect(await (await reply).json()).toMatchObject({ result: { structuredContent: { rowCount: 1 } } })
})

test('a program killed outright takes its embedded Snowflake with it', async () => {
  const server = await start()
  const embeddedPid = await server.embeddedPid()
  server.child.kill('SIGKILL')
  await server.ended
  await expect.poll(() => isAlive(embeddedPid), patience).toBe(false)
})

test('an embedded Snowflake that dies is started again; meanwhile health says so and calls fail plainly', async () => {
  const server = await start()
  const deadPid = await server.embeddedPid()
  process.kill(deadPid, 'SIGKILL')
  await expect.poll(async () => (await fetch(new URL('/health', server.url))).status, patience).toBe(503)
  const failed = (await (await call(server.url, 'SELECT 1')).json()) as {
    readonly result: { readonly content: readonly { readonly text: string }[] }
  }
  expect(failed.result.content[0]?.text).toMatch(
    /^Error executing query: .*\n\[(?:SNOWFLAKE_MCP_EMBEDDED_DOWN|SNOWFLAKE_UNREACHABLE|SNOWFLAKE_SESSION_LOST)\]/,
  )
  await expect.poll(async () => (await fetch(new URL('/health/ready', server.url))).status, patience).toBe(200)
  await expect
    .poll(async () => (await call(server.url, 'SELECT 1')).json(), patience)
    .toMatchObject({ result: { structuredContent: { rows: [[1]] } } })
  expect(await server.embeddedPid()).not.toBe(deadPid)
  expect(server.output().stderr).toContain('the embedded Snowflake ended by itself')
})

test('a session of a client ends when it is idle for too long', async () => {
  const server = await start(['--session-idle-ttl-ms', '200'])
  const reply = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
    }),
  })
  expect(reply.headers.get('mcp-session-id')).not.toBeNull()
  await expect
    .poll(async () => (await fetch(new URL('/status', server.url))).json(), patience)
    .toMatchObject({ sessions: { open: 0, openedTotal: 1, endedTotal: { expired: 1 } } })
})

test('wrong settings end it with exit code 2, all problems, no stack and no secret', async () => {
  const env = { SNOWFLAKE_ACCOUNT: 'a', SNOWFLAKE_PASSWORD: 'hunter2', SNOWFLAKE_TOKEN: 'tok-123', SQUALL_MCP_MAX_ROWS: 'many' }
  const { code, stdout, stderr } = await runToEnd(['--port', '70000'], env)
  expect([code, stdout]).toEqual([2, ''])
  for (const name of ['--port', 'SQUALL_MCP_MAX_ROWS', 'SNOWFLAKE_USER', 'SNOWFLAKE_AUTHENTICATOR'])
    expect(stderr).toContain(`  ${name}: `)
  expect(stderr).not.toMatch(/hunter2|tok-123|\.ts:|node:/)
})

test('it refuses to listen beyond this machine', async () => {
  const { code, stderr } = await runToEnd(['--host', '0.0.0.0'])
  expect(code).toBe(2)
  expect(stderr).toMatch(/^error: snowflake-mcp does not listen on 0\.0\.0\.0[^]*\[SNOWFLAKE_MCP_OPEN_TO_ALL\]\n$/)
})

test('a port in use is told plainly, with exit code 9 and nothing left running', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  // A server that listens on TCP has an address with a port.
  const { port } = other.address() as AddressInfo
  const { code, stdout, stderr } = await runToEnd(['--port', String(port)])
  other.close()
  expect([code, stdout]).toEqual([9, ''])
  expect(stderr).toMatch(
    new RegExp(
      `^error: Cannot listen on 127\\.0\\.0\\.1:${port}: another program listens there\\.\nhint: .*\\[MCP_PORT_IN_USE\\]\n$`,
    ),
  )
})

test('an account that cannot be reached is told before any client comes', async () => {
  const env = {
    SNOWFLAKE_ACCOUNT: 'acc',
    SNOWFLAKE_USER: 'U',
    SNOWFLAKE_PASSWORD: 'hunter2',
    SNOWFLAKE_ACCESS_URL: 'http://127.0.0.1:9',
  }
  const { code, stdout, stderr } = await runToEnd(['--port', '0', '--pool-acquire-timeout-ms', '4000'], env)
  expect([code === 6 || code === 9, stdout]).toEqual([true, ''])
  expect(stderr).toMatch(/^error: [^]*\[(?:SNOWFLAKE_UNREACHABLE|POOL_WAIT_TIMEOUT)\]\n$/)
  expect(stderr).not.toContain('hunter2')
})

test('help goes to standard output', async () => {
  const { code, stdout, stderr } = await runToEnd(['--help'])
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/^Usage: snowflake-mcp/)
})
