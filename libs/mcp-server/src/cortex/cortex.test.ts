// Cortex's REST interfaces as they are documented, against a server that answers as a test says.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { systemClock } from '@squall/time'
import { afterEach, expect, test } from 'vitest'
import { scriptedSnowflake } from '../test/scripted-snowflake.ts'
import { callTool, testCore, textOf } from '../test/test-core.ts'
import { cortexAnalyst, type SemanticModel } from './cortex-analyst.ts'
import { createCortexClient } from './cortex-client.ts'
import { cortexSearch } from './cortex-search.ts'

interface Reply {
  readonly status?: number
  readonly headers?: Record<string, string>
  /** As text; absent where no answer comes. */
  readonly body?: string
}

interface Request {
  readonly path: string | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: unknown
}

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

const signIn = () => ({ type: 'PROGRAMMATIC_ACCESS_TOKEN', token: 'secret-token', role: 'READER' }) as const

const services = ['DOCS.PUBLIC.HANDBOOK', 'DOCS.PUBLIC."My faq"'] as const

async function setUp(reply: Reply, model: SemanticModel = { view: 'SALES.PUBLIC.REVENUE' }) {
  const requests: Request[] = []
  const [arrived, closed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      requests.push({ path: request.url, headers: request.headers, body: JSON.parse(text) })
      arrived.resolve()
      if (reply.body !== undefined) response.writeHead(reply.status ?? 200, reply.headers).end(reply.body)
    })
    response.on('close', () => closed.resolve())
  })
  servers.push(server.listen(0, '127.0.0.1'))
  await once(server, 'listening')
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = createCortexClient({ baseUrl, signIn, timeoutMs: 500, clock: systemClock })
  const core = testCore(
    scriptedSnowflake(() => new Error('no SQL')),
    {
      clock: systemClock,
      moreTools: [cortexSearch(client, [...services]), cortexAnalyst(client, model)],
    },
  )
  return { core, requests, server, arrived: arrived.promise, closed: closed.promise }
}

const json = (body: unknown): Reply => ({ body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })

test('a search is asked as documented, and its results are told', async () => {
  const results = [{ chapter: 'Holidays', text: 'Thirty days', '@scores': { cosine: 0.9 } }]
  const { core, requests } = await setUp(json({ results, request_id: 'r' }))
  const outcome = await callTool(core, 'cortex_search', { query: 'holidays', columns: ['text'], limit: 3 })
  expect(requests).toMatchObject([
    {
      path: '/api/v2/databases/DOCS/schemas/PUBLIC/cortex-search-services/HANDBOOK:query',
      headers: {
        authorization: 'Bearer secret-token',
        'x-snowflake-authorization-token-type': 'PROGRAMMATIC_ACCESS_TOKEN',
        'x-snowflake-role': 'READER',
      },
      body: { query: 'holidays', columns: ['text'], limit: 3 },
    },
  ])
  expect(textOf(outcome)).toContain('### 1\nchapter: Holidays\ntext: Thirty days\n@scores: {"cosine":0.9}')
  expect(outcome).toMatchObject({ result: { structuredContent: { service: services[0], results } } })
  await callTool(core, 'cortex_search', { query: 'x', service: services[1] })
  expect(requests[1]?.path).toBe('/api/v2/databases/DOCS/schemas/PUBLIC/cortex-search-services/%22My%20faq%22:query')
})

test('a search that finds nothing says so', async () => {
  const { core } = await setUp(json({ results: [] }))
  expect(textOf(await callTool(core, 'cortex_search', { query: 'x' }))).toBe('Nothing found.')
})

test.each([
  [{ view: 'SALES.PUBLIC.REVENUE' }, { semantic_view: 'SALES.PUBLIC.REVENUE' }],
  [{ file: '@sales.public.models/revenue.yaml' }, { semantic_model_file: '@sales.public.models/revenue.yaml' }],
])('the analyst is asked by %j, and gives SQL, words and warnings', async (model, source) => {
  const content = [
    { type: 'text', text: 'You mean revenue by month.' },
    { type: 'sql', statement: 'SELECT 1' },
    { type: 'suggestions', suggestions: ['Revenue by year?'] },
    { type: 'something new' },
  ]
  const { core, requests } = await setUp(
    json({ message: { role: 'analyst', content }, warnings: [{ message: 'old model' }] }),
    model,
  )
  const outcome = await callTool(core, 'cortex_analyst', { question: 'How much?' })
  expect(requests).toMatchObject([
    {
      path: '/api/v2/cortex/analyst/message',
      body: { messages: [{ role: 'user', content: [{ type: 'text', text: 'How much?' }] }], stream: false, ...source },
    },
  ])
  expect(textOf(outcome)).toMatch(
    /^You mean revenue by month\.\n\n```sql\nSELECT 1\n```\n\n[^]*- Revenue by year\?[^]*Warning: old model/,
  )
  expect(outcome).toMatchObject({ result: { structuredContent: { sql: 'SELECT 1', warnings: ['old model'] } } })
})

test.each<readonly [Reply, string]>([
  [{ status: 401, body: '{"code":"390144","message":"JWT token is invalid."}' }, 'HTTP 401: JWT token is invalid. (390144)'],
  [{ status: 403, body: '{"message":"no"}' }, 'its operator must grant USAGE'],
  [{ status: 404, body: 'not found' }, 'HTTP 404'],
  [{ status: 429, body: '', headers: { 'retry-after': '7' } }, 'try again in 7 s'],
  [{ status: 429, body: '' }, 'try again later'],
  [{ status: 500, body: '{}' }, 'HTTP 500'],
  [{ status: 302, body: '', headers: { location: 'http://127.0.0.1:1/' } }, 'the service cannot be reached'],
  [{ body: 'not JSON' }, 'the answer is not JSON'],
  [{ body: '{}' }, 'the answer holds no results'],
  [{ body: `"${'x'.repeat(5_000_000)}"` }, 'larger than 4 MiB'],
  [{}, 'no answer within 500 ms'],
])('a service that answers %j is told as what it is, without the token', async (reply, text) => {
  const { core } = await setUp(reply)
  const outcome = await callTool(core, 'cortex_search', { query: 'x' })
  expect(outcome).toMatchObject({ result: { isError: true } })
  expect(textOf(outcome)).toContain(text)
  expect(textOf(outcome)).toContain('[MCP_CORTEX_FAILED]')
  expect(textOf(outcome)).not.toContain('secret-token')
})

test('an analyst without a message, and a service that is not there, are failures too', async () => {
  const { core, server } = await setUp(json({ results: [] }))
  expect(textOf(await callTool(core, 'cortex_analyst', { question: 'x' }))).toContain('the answer holds no message')
  server.close().closeAllConnections()
  expect(textOf(await callTool(core, 'cortex_search', { query: 'x' }))).toMatch(/cannot be reached: .*ECONN/)
})

test('a call that is cancelled gives the request up', async () => {
  const { core, arrived, closed } = await setUp({})
  const cancelled = new AbortController()
  const calling = callTool(core, 'cortex_search', { query: 'x' }, cancelled.signal)
  await arrived
  cancelled.abort(new Error('enough'))
  expect(await calling).toEqual({ kind: 'cancelled' })
  await closed
})

test.each([
  ['cortex_search', {}, 'Error: query parameter is required'],
  ['cortex_search', { query: 'x', service: 'OTHER' }, '- service: expected one of DOCS.PUBLIC.HANDBOOK'],
  ['cortex_search', { query: 'x', limit: 0 }, '- limit: expected a whole number from 1 to 100; got 0'],
  ['cortex_search', { query: 'x', columns: 'a' }, '- columns: expected a list of columns; got "a"'],
  ['cortex_search', { query: 'x', columns: [1] }, '- columns.0: expected names of columns as text; got 1'],
  ['cortex_analyst', { question: 'x'.repeat(10_001) }, '- question: expected text of at most 10000 characters'],
])('%s with %j is refused and asks nobody', async (tool, args, text) => {
  const { core, requests } = await setUp(json({ results: [] }))
  expect(textOf(await callTool(core, tool, args))).toContain(text)
  expect(requests).toEqual([])
})
