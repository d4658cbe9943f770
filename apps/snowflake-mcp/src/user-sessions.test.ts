// Callers of the real server sign in to Snowflake as themselves, and nobody runs in a session of another.
import { createHash } from 'node:crypto'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from '@squall/testing'
import { afterAll, afterEach, expect, test } from 'vitest'
import { startAccount, type AccountStandIn } from './test/account-stand-in.ts'
import { startServer, type RunningServer } from './test/run-server.ts'

const directory = temporaryDirectory(afterAll)

function file(name: string, content: string): string {
  const path = join(directory, name)
  writeFileSync(path, content)
  chmodSync(path, 0o600)
  return path
}

const sha256 = (key: string): string => createHash('sha256').update(key).digest('hex')
const keysFile = file(
  'keys.json',
  JSON.stringify({
    keys: [
      { name: 'reports', sha256: sha256('key-of-reports'), scopes: ['query'] },
      { name: 'analyst', sha256: sha256('key-of-analyst'), scopes: ['query'], role: 'ANALYST' },
      { name: 'plain', sha256: sha256('key-of-plain'), scopes: ['query'] },
    ],
  }),
)
const connectionsFile = file(
  'connections.toml',
  '[reports]\naccount = "org-acc"\nuser = "REPORTS_USER"\npassword = "p2"\nrole = "REPORTER"\n',
)
const principals = { 'key:reports': { connection: 'reports' } }

let account: AccountStandIn | undefined
let server: RunningServer | undefined
afterEach(async () => {
  await server?.stop()
  await account?.[Symbol.asyncDispose]()
})

const byPassword = { SNOWFLAKE_PASSWORD: 'p1' }

async function start(
  others: 'server' | 'refuse',
  signIn: Readonly<Record<string, string>> = byPassword,
): Promise<{ server: RunningServer; account: AccountStandIn }> {
  account = await startAccount()
  server = await startServer([], {
    SNOWFLAKE_ACCOUNT: 'org-acc',
    SNOWFLAKE_USER: 'SERVER_USER',
    ...signIn,
    SNOWFLAKE_ROLE: 'SERVER_ROLE',
    SNOWFLAKE_ACCESS_URL: account.url,
    SNOWFLAKE_CONNECTIONS_FILE: connectionsFile,
    SNOWFLAKE_PRINCIPALS_FILE: file(`principals-${others}.json`, JSON.stringify({ principals, others })),
    SNOWFLAKE_TOKEN_PASSTHROUGH: 'OAUTH',
    SNOWFLAKE_POOL_MIN_SIZE: '0',
    SNOWFLAKE_POOL_MAX_SIZE: '3',
    SQUALL_MCP_KEYS_FILE: keysFile,
  })
  return { server, account }
}

interface Answer {
  readonly who: string
  readonly text: string
}

/** One stateless call, as who the headers say. */
async function ask(
  { url }: RunningServer,
  headers: Readonly<Record<string, string>>,
  call: object = { method: 'execute_query', params: { query: 'SELECT CURRENT_USER(), CURRENT_ROLE()' } },
): Promise<Answer> {
  const reply = await fetch(new URL('/mcp/tools/call', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...call }),
  })
  const text = await reply.text()
  const { result } = JSON.parse(text) as {
    readonly result?: { readonly structuredContent?: { readonly rows?: readonly string[][] } }
  }
  return { who: result?.structuredContent?.rows?.[0]?.join(' | ') ?? '', text }
}

const as = (key: string, token?: string): Record<string, string> => ({
  authorization: `Bearer key-of-${key}`,
  ...(token !== undefined && { 'x-snowflake-token': token }),
})

test('each caller runs as whom it is, with its own role, however many call at once', async () => {
  const { server, account } = await start('server')
  const callers: readonly (readonly [Record<string, string>, string])[] = [
    [as('reports'), 'REPORTS_USER | REPORTER'],
    [as('analyst'), 'SERVER_USER | ANALYST'],
    [as('plain'), 'SERVER_USER | SERVER_ROLE'],
    [as('plain', 'token-of-alice'), 'token-of-alice | '],
    [as('plain', 'token-of-bob'), 'token-of-bob | '],
    [as('analyst', 'token-of-carol'), 'token-of-carol | ANALYST'],
  ]
  const calls = Array.from({ length: 20 }, () => callers).flat()
  const answers = await Promise.all(calls.map(([headers]) => ask(server, headers)))
  expect(answers.map(({ who }) => who)).toEqual(calls.map(([, expected]) => expected))
  // More callers than sessions: all had their turn.
  expect(new Set(account.signIns.map(({ who }) => who)).size).toBe(5)
})

test('a token that Snowflake refuses is that caller’s trouble alone', async () => {
  const { server } = await start('server')
  const refused = await ask(server, as('plain', 'refused'))
  expect(refused.text).toContain('Invalid OAuth access token')
  expect(refused.text).not.toContain('x-snowflake-token')
  expect((await ask(server, as('plain'))).who).toBe('SERVER_USER | SERVER_ROLE')
})

test('who has no sign-in of its own is turned away where that is wanted', async () => {
  const { server } = await start('refuse')
  expect((await ask(server, as('plain'))).text).toContain('no sign-in to Snowflake of its own')
  expect((await ask(server, as('reports'))).who).toBe('REPORTS_USER | REPORTER')
  expect((await ask(server, as('plain', 'token-of-alice'))).who).toBe('token-of-alice | ')
})

test('Cortex is asked as whom the caller is, and by nobody who has no sign-in of its own where that is wanted', async () => {
  const byToken = {
    SNOWFLAKE_TOKEN: 'token-of-server',
    SNOWFLAKE_AUTHENTICATOR: 'OAUTH',
    SQUALL_MCP_CORTEX_ANALYST: 'A.B.C',
  }
  const { server } = await start('refuse', byToken)
  const question = { method: 'cortex_analyst', params: { question: 'How much?' } }
  expect((await ask(server, as('plain'), question)).text).toContain('no sign-in to Snowflake of its own')
  expect((await ask(server, as('reports'), question)).text).toContain('Cortex takes no sign-in by SNOWFLAKE')
  expect((await ask(server, as('plain', 'token-of-alice'), question)).text).toContain('asked by Bearer token-of-alice, role "')
  expect((await ask(server, as('analyst', 'token-of-bob'), question)).text).toContain('Bearer token-of-bob, role ANALYST')
  await server.stop()
  await account?.[Symbol.asyncDispose]()
  const open = await start('server', byToken)
  expect((await ask(open.server, as('analyst'), question)).text).toContain('Bearer token-of-server, role ANALYST')
})

test('sessions that expired are opened anew, and nobody sees it', async () => {
  const { server, account } = await start('server')
  expect((await ask(server, as('reports'))).who).toBe('REPORTS_USER | REPORTER')
  const before = account.signIns.length
  account.expireAll()
  expect((await ask(server, as('reports'))).who).toBe('REPORTS_USER | REPORTER')
  expect(account.signIns.length).toBeGreaterThan(before)
})
