// How to sign in, as settings and connections.toml say it.
import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError, renderError } from '@squall/errors'
import { temporaryDirectory } from '@squall/testing'
import { afterAll, describe, expect, test } from 'vitest'
import type { SnowflakeChoice } from './choose-snowflake.ts'
import { parseCommandLine } from './command-line.ts'
import { readConfiguration } from './configuration.ts'

const directory = temporaryDirectory(afterAll)

function file(name: string, content: string, mode = 0o600): string {
  const path = join(directory, name)
  writeFileSync(path, content)
  chmodSync(path, mode)
  return path
}

const pem = (passphrase?: string): string =>
  generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem', ...(passphrase !== undefined && { cipher: 'aes-256-cbc', passphrase }) })
    .toString()
const plainKey = file('plain.p8', pem())
const lockedKey = file('locked.p8', pem('open sesame'))
const curveKey = file(
  'curve.p8',
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
)
const token = file('token', 'tok-from-file\n')
const emptyToken = file('empty', '\n')

function choose(env: Readonly<Record<string, string>>): SnowflakeChoice {
  const invocation = parseCommandLine([])
  if (invocation.kind === 'help') throw new Error('asked for help')
  return readConfiguration({ ...invocation, environment: { SNOWFLAKE_HOME: directory, ...env } }).snowflake
}

function failureOf(env: Readonly<Record<string, string>>): CodedError {
  try {
    choose(env)
  } catch (error) {
    if (error instanceof CodedError) return error
    throw error
  }
  throw new Error('it was accepted')
}

const account = { SNOWFLAKE_ACCOUNT: 'myorg-acc' }
const user = { ...account, SNOWFLAKE_USER: 'U' }
const client = { SNOWFLAKE_OAUTH_CLIENT_ID: 'mcp', SNOWFLAKE_OAUTH_CLIENT_SECRET: 's3cret' }

describe('settings', () => {
  test.each([
    [
      'an encrypted key',
      { ...user, SNOWFLAKE_PRIVATE_KEY_PATH: lockedKey, SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: 'open sesame' },
      { authenticator: 'SNOWFLAKE_JWT', passphrase: 'open sesame' },
    ],
    [
      'a token in a file',
      { ...account, SNOWFLAKE_TOKEN_FILE_PATH: token },
      { authenticator: 'PROGRAMMATIC_ACCESS_TOKEN', token: { path: token }, user: '' },
    ],
    [
      'an OAuth token in a file',
      { ...account, SNOWFLAKE_TOKEN_FILE_PATH: token, SNOWFLAKE_AUTHENTICATOR: 'oauth' },
      { authenticator: 'OAUTH', token: { path: token } },
    ],
    [
      'client credentials',
      { ...account, ...client, SNOWFLAKE_OAUTH_TOKEN_URL: 'https://login.example.com/token', SNOWFLAKE_OAUTH_SCOPE: 'x' },
      {
        authenticator: 'OAUTH_CLIENT_CREDENTIALS',
        clientId: 'mcp',
        clientSecret: 's3cret',
        tokenUrl: 'https://login.example.com/token',
        scope: 'x',
      },
    ],
    ['a browser', { ...user, SNOWFLAKE_AUTHENTICATOR: 'externalbrowser' }, { authenticator: 'EXTERNALBROWSER' }],
    [
      'the identity of a cloud',
      { ...account, SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER: 'aws' },
      { authenticator: 'WORKLOAD_IDENTITY', provider: 'AWS' },
    ],
    [
      'the identity of a cluster',
      { ...account, SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER: 'OIDC', SNOWFLAKE_TOKEN_FILE_PATH: token },
      { authenticator: 'WORKLOAD_IDENTITY', provider: 'OIDC', token: { path: token } },
    ],
  ])('%s', (_name, env, options) => {
    expect(choose(env)).toMatchObject({ kind: 'account', options: { account: 'myorg-acc', ...options } })
  })

  test.each([
    [
      'a passphrase that opens nothing',
      { ...user, SNOWFLAKE_PRIVATE_KEY_PATH: lockedKey, SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: 'open barley' },
      ['SNOWFLAKE_PRIVATE_KEY_PATH'],
    ],
    ['an encrypted key without passphrase', { ...user, SNOWFLAKE_PRIVATE_KEY_PATH: lockedKey }, ['SNOWFLAKE_PRIVATE_KEY_PATH']],
    ['a key of another kind', { ...user, SNOWFLAKE_PRIVATE_KEY_PATH: curveKey }, ['SNOWFLAKE_PRIVATE_KEY_PATH']],
    ['an empty token file', { ...user, SNOWFLAKE_TOKEN_FILE_PATH: emptyToken }, ['SNOWFLAKE_TOKEN_FILE_PATH']],
    [
      'a token and a file of one',
      { ...user, SNOWFLAKE_TOKEN: 't', SNOWFLAKE_TOKEN_FILE_PATH: token },
      ['SNOWFLAKE_TOKEN_FILE_PATH'],
    ],
    [
      'client credentials without secret and address',
      { ...account, SNOWFLAKE_OAUTH_CLIENT_ID: 'mcp' },
      ['SNOWFLAKE_OAUTH_CLIENT_SECRET', 'SNOWFLAKE_OAUTH_TOKEN_URL'],
    ],
    [
      'client credentials over plain HTTP',
      { ...account, ...client, SNOWFLAKE_OAUTH_TOKEN_URL: 'http://login.example.com/token' },
      ['SNOWFLAKE_OAUTH_TOKEN_URL'],
    ],
    ['a cluster without its token', { ...account, SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER: 'OIDC' }, ['SNOWFLAKE_TOKEN_FILE_PATH']],
    ['a browser for nobody', { ...account, SNOWFLAKE_AUTHENTICATOR: 'EXTERNALBROWSER' }, ['SNOWFLAKE_USER']],
    [
      'credentials without an account',
      { SNOWFLAKE_OAUTH_CLIENT_ID: 'mcp', SNOWFLAKE_TOKEN_FILE_PATH: token },
      ['SNOWFLAKE_ACCOUNT'],
    ],
  ])('%s is told by name', (_name, env, where) => {
    expect(failureOf(env).problems.map((problem) => problem.where)).toEqual(where)
  })
})

file(
  'connections.toml',
  `[default]
account = "from-file"
user = "READER"
password = "hunter2"
role = "FILE_ROLE"
warehouse = "FILE_WH"
client_session_keep_alive = true

[pair]
account = "from-file"
user = "PAIR"
authenticator = "snowflake_jwt"
private_key_file = "${plainKey}"

[wrong]
account = 7
authenticator = "MAGIC"
token = "tok-secret"
`,
)

describe('connections.toml', () => {
  test('a connection gives all that is not set beside it', () => {
    expect(choose({ SNOWFLAKE_DEFAULT_CONNECTION_NAME: 'default', SNOWFLAKE_ROLE: 'SET_ROLE' })).toMatchObject({
      kind: 'account',
      options: { account: 'from-file', user: 'READER', password: 'hunter2', role: 'SET_ROLE', warehouse: 'FILE_WH' },
    })
  })

  test('a way to sign in that is set beside it is the only one', () => {
    const env = { SNOWFLAKE_DEFAULT_CONNECTION_NAME: 'default', SNOWFLAKE_PRIVATE_KEY_PATH: plainKey }
    expect(choose(env)).toMatchObject({ options: { account: 'from-file', authenticator: 'SNOWFLAKE_JWT' } })
  })

  test('config.toml with its sections below `connections` is read too', () => {
    const path = file('config.toml', `[connections.pair]\naccount = "a"\nuser = "u"\nprivate_key_path = "${plainKey}"\n`)
    const env = { SNOWFLAKE_CONNECTIONS_FILE: path, SNOWFLAKE_DEFAULT_CONNECTION_NAME: 'pair' }
    expect(choose(env)).toMatchObject({ options: { account: 'a', authenticator: 'SNOWFLAKE_JWT' } })
  })

  test('all that is wrong in it is told by key, section and file, and no secret', () => {
    const error = failureOf({ SNOWFLAKE_DEFAULT_CONNECTION_NAME: 'wrong' })
    const path = join(directory, 'connections.toml')
    expect(error.problems.map(({ where }) => where)).toEqual([
      `account of [wrong] in ${path}`,
      `account of [wrong] in ${path}`,
      `authenticator of [wrong] in ${path}`,
    ])
    expect(renderError(error)).not.toContain('tok-secret')
  })

  test.each([
    [
      'a name that is not there',
      { SNOWFLAKE_DEFAULT_CONNECTION_NAME: 'defualt' },
      'SNOWFLAKE_DEFAULT_CONNECTION_NAME',
      'did you mean default?',
    ],
    [
      'a file that is not there',
      { SNOWFLAKE_DEFAULT_CONNECTION_NAME: 'x', SNOWFLAKE_CONNECTIONS_FILE: '/no/such' },
      'SNOWFLAKE_CONNECTIONS_FILE',
      'ENOENT',
    ],
    [
      'a file that everybody can read',
      {
        SNOWFLAKE_DEFAULT_CONNECTION_NAME: 'x',
        SNOWFLAKE_CONNECTIONS_FILE: file('open.toml', '[x]\naccount = "a"\nuser = "u"\npassword = "p"\n', 0o644),
      },
      'SNOWFLAKE_CONNECTIONS_FILE',
      'chmod 600',
    ],
    [
      'a file that is no TOML',
      { SNOWFLAKE_DEFAULT_CONNECTION_NAME: 'x', SNOWFLAKE_CONNECTIONS_FILE: file('broken.toml', '[x]\npassword = "hunter2\n') },
      'SNOWFLAKE_CONNECTIONS_FILE',
      'Invalid TOML',
    ],
  ])('%s', (_name, env, where, hint) => {
    const error = failureOf(env)
    expect(error.problems).toEqual([expect.objectContaining({ where, hint: expect.stringContaining(hint) as string })])
    expect(renderError(error)).not.toContain('hunter2')
  })
})

describe('callers that sign in as themselves', () => {
  const base = { ...user, SNOWFLAKE_PASSWORD: 'p' }

  test('each principal has the connection it is given', () => {
    const path = file(
      'principals.json',
      JSON.stringify({ principals: { 'key:reports': { connection: 'pair' } }, others: 'refuse' }),
    )
    const choice = choose({ ...base, SNOWFLAKE_PRINCIPALS_FILE: path, SNOWFLAKE_ACCESS_URL: 'http://127.0.0.1:9' })
    const users = choice.kind === 'account' ? choice.users : undefined
    expect(users).toMatchObject({ others: 'refuse' })
    expect(users?.byPrincipal.get('key:reports')).toMatchObject({
      user: 'PAIR',
      authenticator: 'SNOWFLAKE_JWT',
      accessUrl: 'http://127.0.0.1:9',
    })
  })

  test('without a file all sign in as the server, and no token is taken', () => {
    expect(choose(base)).toMatchObject({ users: { byPrincipal: new Map(), others: 'server' } })
    expect(choose({ ...base, SNOWFLAKE_TOKEN_PASSTHROUGH: 'oauth' })).toMatchObject({ users: { passthrough: 'OAUTH' } })
  })

  test.each([
    [
      'a connection that is not there',
      { principals: { a: { connection: 'nope' } } },
      (path: string) => `connection of a in ${path}`,
    ],
    ['another key', { principals: {}, other: 1 }, (path: string) => path],
    ['no word for others', { principals: {}, others: 'maybe' }, (path: string) => `others in ${path}`],
    ['an entry that is none', { principals: { a: 'pair' } }, (path: string) => `principals.a in ${path}`],
  ])('%s is told', (name, content, where) => {
    const path = file(`${name}.json`, JSON.stringify(content))
    expect(failureOf({ ...base, SNOWFLAKE_PRINCIPALS_FILE: path }).problems.map((problem) => problem.where)).toEqual([
      where(path),
    ])
  })

  test('a file that is no JSON is told', () => {
    const env = { ...base, SNOWFLAKE_PRINCIPALS_FILE: file('broken.json', '{') }
    expect(failureOf(env).problems).toMatchObject([{ where: 'SNOWFLAKE_PRINCIPALS_FILE' }])
  })
})
