// The published corpora, sent to the real server as clients send them.
import { readFileSync } from 'node:fs'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type RunningServer } from './test/run-server.ts'

interface Entry {
  readonly group: string
  readonly sql: string
}

const corpus = (name: string): readonly Entry[] =>
  // The tests of the library check what is in these files.
  JSON.parse(readFileSync(new URL(`../../../libs/sql-policy/corpus/${name}.json`, import.meta.url), 'utf8')) as Entry[]

let open: RunningServer
let restricted: RunningServer
const clients = new Map<RunningServer, Client>()

beforeAll(async () => {
  const objects = 'ANALYTICS_DB,TEST_DB.PUBLIC,SALES.*.FACT_*,TEST_DB.STAGING.ORDERS'
  ;[open, restricted] = await Promise.all([startServer(), startServer(['--allowed-objects', objects])])
  for (const server of [open, restricted]) {
    const client = new Client({ name: 'adversary', version: '1' })
    await client.connect(new StreamableHTTPClientTransport(new URL(server.url)))
    clients.set(server, client)
  }
})
afterAll(async () => {
  for (const [server, client] of clients) {
    await client.close()
    await server.stop()
  }
})

interface Answer {
  readonly isError: boolean
  readonly text: string
  readonly rows: readonly unknown[]
  readonly truncated: boolean
}

async function query(server: RunningServer, sql: string, more: Readonly<Record<string, unknown>> = {}): Promise<Answer> {
  const reply = await clients.get(server)?.callTool({ name: 'execute_query', arguments: { query: sql, limit: 3, ...more } })
  const [content] = (reply?.content ?? []) as readonly { readonly text: string }[]
  const structured = (reply?.structuredContent ?? {}) as { readonly rows?: readonly unknown[]; readonly truncated?: boolean }
  const { rows = [], truncated = false } = structured
  return { isError: reply?.isError === true, text: content?.text ?? '', rows, truncated }
}

/** Sends all statements, several at once, and gives back those whose answer does not hold. */
async function failing(
  entries: readonly Entry[],
  server: RunningServer,
  holds: (answer: Answer) => boolean,
): Promise<readonly string[]> {
  const left = [...entries]
  const failed: string[] = []
  const work = async (): Promise<void> => {
    for (let entry = left.shift(); entry; entry = left.shift()) {
      const answer = await query(server, entry.sql)
      if (!holds(answer)) failed.push(`${entry.sql}\n  → ${answer.text}`)
    }
  }
  await Promise.all(Array.from({ length: 8 }, work))
  return failed
}

const refusal = 'Only SELECT/WITH/SHOW/DESCRIBE/EXPLAIN queries are allowed.'
// No query at all is refused for that alone.
const isRefused = ({ isError, text }: Answer): boolean =>
  isError && (text.includes(refusal) || text === 'Error: query parameter is required')

test('no attempt of the published corpus reaches Snowflake, and no legitimate statement is refused for what it is [S9]', async () => {
  expect(await failing(corpus('bypasses'), open, isRefused)).toEqual([])
  // The embedded Snowflake does not know all of Snowflake's SQL: what it says of a statement is another matter.
  expect(await failing(corpus('legitimate'), open, ({ text }) => !text.includes(refusal))).toEqual([])
  expect(await failing(corpus('beyond-the-allowlist'), restricted, isRefused)).toEqual([])
  expect(await failing(corpus('within-the-allowlist'), restricted, ({ text }) => !text.includes(refusal))).toEqual([])
})

test.each(corpus('limits'))('no more rows than asked for, and the word that there are more: $sql', async ({ sql }) => {
  expect(await query(open, sql)).toMatchObject({ isError: false, rows: { length: 3 }, truncated: true })
})

test.each([
  ['TEST_DB', 'PUBLIC', false],
  ['TEST_DB', undefined, false],
  ['STAGING_DB', 'PUBLIC', true],
  ['STAGING_DB', undefined, true],
  ['TEST_DB', 'STAGING', true],
])('a bare name is judged where the call looks it up: %s.%s', async (database, schema, refused) => {
  const answer = await query(restricted, 'SELECT * FROM no_such_table', { database, ...(schema !== undefined && { schema }) })
  expect(answer.text.includes('is not among the objects')).toBe(refused)
})

const call = async (name: string, args: Record<string, unknown>): Promise<boolean | undefined> =>
  (await clients.get(restricted)?.callTool({ name, arguments: args }))?.isError

test('tools that make their own statements are held to the same list', async () => {
  expect(await call('list_databases', {})).not.toBe(true)
  expect(await call('list_views', { database: 'TEST_DB', schema: 'PUBLIC' })).not.toBe(true)
  expect(await call('list_views', { database: 'STAGING_DB', schema: 'PUBLIC' })).toBe(true)
  expect(await call('describe_view', { database: 'STAGING_DB', view_name: 'X', schema: 'PUBLIC' })).toBe(true)
})
