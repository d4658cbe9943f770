import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { afterEach, expect, test } from 'vitest'
import { serveStdio, type StdioListener } from '../index.ts'
import { scriptedSnowflake } from '../test/scripted-snowflake.ts'
import { testCore, testInfo } from '../test/test-core.ts'

const listeners: StdioListener[] = []
afterEach(async () => {
  await Promise.all(listeners.splice(0).map((listener) => listener.close()))
})

function start() {
  const input = new PassThrough()
  const output = new PassThrough()
  const core = testCore(scriptedSnowflake(() => ({ columns: ['name'], rows: [['TEST_DB']] })))
  const listener = serveStdio(core, { info: testInfo, input, output, maxMessageBytes: 10_000, onError: () => undefined })
  listeners.push(listener)
  const lines = createInterface({ input: output })[Symbol.asyncIterator]()
  const send = (message: object): void => void input.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  const next = async (): Promise<unknown> => JSON.parse((await lines.next()).value as string)
  return { core, input, listener, send, next }
}

test('a client of the initialize era is served line by line', async () => {
  const { core, send, next } = start()
  const clientInfo = { name: 'claude-ai', version: '1' }
  send({ id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo } })
  expect(await next()).toMatchObject({ id: 1, result: { serverInfo: testInfo, protocolVersion: '2025-06-18' } })
  send({ method: 'notifications/initialized' })
  send({ id: 2, method: 'tools/call', params: { name: 'list_databases' } })
  expect(await next()).toMatchObject({ id: 2, result: { structuredContent: { databases: ['TEST_DB'] } } })
  send({ id: 3, method: 'tools/call', params: { name: 'nope' } })
  expect(await next()).toMatchObject({ id: 3, error: { code: -32_602, message: 'Unknown tool: nope' } })
  expect(await core.metrics.render()).toContain('tool="list_databases",outcome="ok",client_type="claude_desktop"')
})

test('a client of the modern era is served without a handshake', async () => {
  const { core, send, next } = start()
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': { name: 'cursor-vscode', version: '1' },
  }
  send({ id: 'a', method: 'server/discover', params: { _meta } })
  expect(await next()).toMatchObject({ id: 'a', result: { supportedVersions: ['2026-07-28'] } })
  send({ id: 'b', method: 'tools/call', params: { name: 'list_databases', _meta } })
  expect(await next()).toMatchObject({
    id: 'b',
    result: { resultType: 'complete', structuredContent: { databases: ['TEST_DB'] } },
  })
  expect(await core.metrics.render()).toContain('client_type="cursor"')
})

test.each([
  ['that is no JSON', 'this is no JSON', -32_700],
  ['that is no message', '{"jsonrpc":"1.0","id":1}', -32_600],
  ['with a batch', '[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32_600],
  ['that is too long', JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping', params: { x: 'y'.repeat(20_000) } }), -32_600],
])('a line %s is answered as such, counted, and does no harm to the next', async (_, line, code) => {
  const { core, input, send, next } = start()
  input.write(`${line}\n`)
  expect(await next()).toMatchObject({ jsonrpc: '2.0', id: null, error: { code } })
  send({ id: 1, method: 'ping' })
  expect(await next()).toMatchObject({ id: 1, result: {} })
  expect(await core.metrics.render()).toMatch(/mcp_messages_refused_total\{transport="stdio",reason="\w+"\} 1/)
})

test('the end of the input is the end of the listener', async () => {
  const { input, listener } = start()
  input.end()
  expect(await listener.closed).toBeUndefined()
})
