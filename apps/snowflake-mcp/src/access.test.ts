// Who gets into the real program, and who does not.
import { hash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { temporaryDirectory } from '@squall/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runToEnd, startServer, type RunningServer } from './test/run-server.ts'

const secrets = { analyst: 'sk-analyst-4f1e', looker: 'sk-looker-77ab', scraper: 'sk-scraper-09cd' }
const wrong = 'sk-wrong-d00d'
const directory = temporaryDirectory(afterAll)
const keysFile = join(directory, 'keys.json')
const publicUrl = 'https://mcp.example.com/mcp'

let server: RunningServer
beforeAll(async () => {
  const keys = [
    { name: 'analyst', sha256: hash('sha256', secrets.analyst), scopes: ['query'] },
    { name: 'looker', sha256: hash('sha256', secrets.looker), scopes: ['read'] },
    { name: 'scraper', sha256: hash('sha256', secrets.scraper), scopes: ['metrics'], allowFrom: ['127.0.0.0/8'] },
  ]
  writeFileSync(keysFile, JSON.stringify({ keys }))
  server = await startServer(
    ['--host', '0.0.0.0', '--keys-file', keysFile, '--public-url', publicUrl, '--trusted-proxies', '127.0.0.1'],
    {
      SQUALL_MCP_OAUTH_ISSUER: 'http://127.0.0.1:9/nobody',
      SQUALL_MCP_MAX_BODY_BYTES: '2048',
      SQUALL_MCP_LOCK_OUT_ATTEMPTS: '3',
      SQUALL_MCP_LOG_LEVEL: 'debug',
    },
  )
})
afterAll(async () => {
  await server.stop()
})

interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

interface Ask {
  readonly path?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** `fetch` would not send a Host of its own. */
function ask({ path = '/mcp', body, headers = {} }: Ask): Promise<Reply> {
  const { port } = new URL(server.url)
  const known = { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers }
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST'
    const sent = request({ host: '127.0.0.1', port, path, method, headers: known }, (reply) => {
      let text = ''
      reply.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text }))
    })
    sent.on('error', reject)
    sent.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

const call = (name = 'execute_query', args: object = { query: 'SELECT 1' }): object => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name, arguments: args },
})

const as = (name: keyof typeof secrets): { authorization: string } => ({ authorization: `Bearer ${secrets[name]}` })

test('beyond this machine nothing is served without a way to tell who calls [S12]', async () => {
  const { code, stderr } = await runToEnd(['--host', '0.0.0.0'])
  expect([code, stderr]).toEqual([2, expect.stringContaining('[SNOWFLAKE_MCP_OPEN_TO_ALL]')])
  expect(stderr).toContain('SQUALL_MCP_KEYS_FILE')
})

test('keys open what their scopes allow, and nothing else opens [S12]', async () => {
  const statuses = async (headers: Readonly<Record<string, string>>): Promise<number[]> => {
    const asks = [
      { body: call(), headers },
      { body: call('list_databases', {}), headers },
      { path: '/metrics', headers },
      { path: '/status', headers },
      { path: '/health', headers },
    ]
    return Promise.all(asks.map(async (one) => (await ask(one)).status))
  }
  expect(await statuses({})).toEqual([401, 401, 401, 401, 200])
  expect(await statuses(as('analyst'))).toEqual([200, 200, 403, 403, 200])
  expect(await statuses({ 'x-api-key': secrets.looker })).toEqual([403, 200, 403, 403, 200])
  expect(await statuses(as('scraper'))).toEqual([403, 403, 200, 200, 200])
  expect(JSON.parse((await ask({ body: call(), headers: as('analyst') })).text)).toMatchObject({
    result: { structuredContent: { rows: [[1]] } },
  })
})

test('a client without a token learns where to get one [S12]', async () => {
  const { status, headers } = await ask({ body: call() })
  const metadata = 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp'
  expect([status, headers['www-authenticate']]).toEqual([
    401,
    `Bearer realm="mcp", scope="read query", resource_metadata="${metadata}"`,
  ])
  expect(JSON.parse((await ask({ path: new URL(metadata).pathname })).text)).toMatchObject({
    resource: publicUrl,
    authorization_servers: ['http://127.0.0.1:9/nobody'],
  })
})

test('other names, other origins and large bodies are turned away, whatever key they show [S12]', async () => {
  const headers = as('analyst')
  expect((await ask({ body: call(), headers: { ...headers, host: 'evil.example' } })).status).toBe(403)
  expect((await ask({ body: call(), headers: { ...headers, origin: 'https://evil.example' } })).status).toBe(403)
  expect(
    (await ask({ body: call(), headers: { ...headers, host: 'mcp.example.com', origin: 'https://mcp.example.com' } })).status,
  ).toBe(200)
  expect((await ask({ body: call('execute_query', { query: 'x'.repeat(4000) }), headers })).status).toBe(413)
})

const from = (client: string, key: string): Promise<Reply> =>
  ask({ body: call('list_databases', {}), headers: { authorization: `Bearer ${key}`, 'x-forwarded-for': client } })

test('who guesses keys is shut out, others are not [S12]', async () => {
  for (let guess = 0; guess < 3; guess += 1) expect((await from('203.0.113.9', wrong)).status).toBe(401)
  const shutOut = await from('203.0.113.9', secrets.analyst)
  expect([shutOut.status, shutOut.headers['retry-after']]).toEqual([429, '900'])
  expect((await from('198.51.100.4', secrets.analyst)).status).toBe(200)
})

test('no key reaches a log, a status or a metric, right or wrong [S12]', async () => {
  await ask({ body: { jsonrpc: '2.0', id: 1, method: 'no/such' }, headers: as('analyst') })
  await ask({ body: call('execute_query', { query: 'SELEC' }), headers: as('analyst') })
  const seen = [await ask({ path: '/status', headers: as('scraper') }), await ask({ path: '/metrics', headers: as('scraper') })]
  const everything = [...seen.map(({ text }) => text), server.output().stderr, server.output().stdout].join('\n')
  for (const secret of [...Object.values(secrets), wrong]) expect(everything).not.toContain(secret)
})
