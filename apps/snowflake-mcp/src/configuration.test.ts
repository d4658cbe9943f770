import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError, renderError } from '@squall/errors'
import { temporaryDirectory } from '@squall/testing'
import { afterAll, expect, test } from 'vitest'
import { parseCommandLine } from './command-line.ts'
import { readConfiguration, type Configuration } from './configuration.ts'
import { settings } from './settings.ts'

const directory = temporaryDirectory(afterAll)

function file(name: string, content: string): string {
  const path = join(directory, name)
  writeFileSync(path, content)
  return path
}

const keyPath = file(
  'key.p8',
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
)

interface Sources {
  readonly argv?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

function read({ argv = [], env = {} }: Sources): Configuration {
  const invocation = parseCommandLine(argv)
  if (invocation.kind === 'help') throw new Error('asked for help')
  const { problems, ...sources } = invocation
  return readConfiguration({ ...sources, environment: env }, problems)
}

function failureOf(sources: Sources): CodedError {
  try {
    read(sources)
  } catch (error) {
    if (error instanceof CodedError) return error
    throw error
  }
  throw new Error('it was accepted')
}

test('with nothing configured the embedded Snowflake is served on loopback', () => {
  expect(read({})).toMatchObject({
    serve: { kind: 'http', host: '127.0.0.1', port: 3000 },
    snowflake: { kind: 'embedded', start: { database: 'TEST_DB', schema: 'PUBLIC' } },
    pool: { min: 2, max: 8 },
  })
})

test('options beat variables, variables beat the file, the file beats defaults', () => {
  const path = file('full.json', JSON.stringify({ server: { port: 1, maxBodyBytes: 2048 }, pool: { min: 3, max: 7 } }))
  const env = { SQUALL_MCP_PORT: '2', SNOWFLAKE_POOL_MIN_SIZE: '4', SQUALL_MCP_CONFIG: path }
  const { serve, pool } = read({ argv: ['--port', '3'], env })
  expect(serve).toMatchObject({ port: 3, maxBodyBytes: 2048, host: '127.0.0.1' })
  expect(pool).toMatchObject({ min: 4, max: 7 })
  expect(read({ argv: ['--config', path] }).serve).toMatchObject({ port: 1 })
})

test('an empty variable is none', () => {
  expect(read({ env: { SNOWFLAKE_ACCOUNT: '', SQUALL_MCP_PORT: '' } })).toMatchObject({
    snowflake: { kind: 'embedded' },
    serve: { port: 3000 },
  })
})

const base = { SNOWFLAKE_ACCOUNT: 'myorg-acc', SNOWFLAKE_USER: 'U' }
test.each([
  ['a password', { SNOWFLAKE_PASSWORD: 'p' }, { authenticator: 'SNOWFLAKE', password: 'p' }],
  [
    'a key',
    { SNOWFLAKE_PRIVATE_KEY_PATH: keyPath },
    { authenticator: 'SNOWFLAKE_JWT', privateKeyPem: expect.stringContaining('PRIVATE KEY') as string },
  ],
  ['a token', { SNOWFLAKE_TOKEN: 't' }, { authenticator: 'PROGRAMMATIC_ACCESS_TOKEN', token: 't' }],
  ['an OAuth token', { SNOWFLAKE_TOKEN: 't', SNOWFLAKE_AUTHENTICATOR: 'oauth' }, { authenticator: 'OAUTH', token: 't' }],
  [
    'the way that is named, of several',
    { SNOWFLAKE_TOKEN: 't', SNOWFLAKE_PASSWORD: 'p', SNOWFLAKE_AUTHENTICATOR: 'SNOWFLAKE' },
    { authenticator: 'SNOWFLAKE' },
  ],
])('an account is signed in to with %s', (_name, env, signIn) => {
  expect(read({ env: { ...base, ...env, SNOWFLAKE_WAREHOUSE: 'W', SNOWFLAKE_ROLE: 'R' } }).snowflake).toMatchObject({
    kind: 'account',
    options: { account: 'myorg-acc', user: 'U', warehouse: 'W', role: 'R', ...signIn },
  })
})

test('objects and functions are restricted by patterns, and a wrong one is told', () => {
  const { policy } = read({ env: { SQUALL_MCP_ALLOWED_OBJECTS: 'A, B.*.C_*', SQUALL_MCP_ALLOWED_FUNCTIONS: 'X.Y.F' } })
  expect(policy.objects?.map(({ text }) => text)).toEqual(['A', 'B.*.C_*'])
  expect(policy.functions).toHaveLength(1)
  expect(read({}).policy).toEqual({ objects: undefined, functions: undefined })
  expect(failureOf({ argv: ['--allowed-objects', 'A,b c,..'] }).problems).toMatchObject([
    { where: '--allowed-objects', value: 'b c' },
    { where: '--allowed-objects', value: '..' },
  ])
})

test('the embedded Snowflake starts where it is told', () => {
  expect(read({ argv: ['--database', 'TEST_DB', '--embedded-data', directory] }).snowflake).toEqual({
    kind: 'embedded',
    start: { database: 'TEST_DB' },
    dataDirectory: directory,
  })
})

test('stdio needs no port', () => {
  expect(read({ argv: ['--stdio'] }).serve).toEqual({ kind: 'stdio' })
})

test('all problems are told at once, each by the name its user used', () => {
  const path = file('wrong.json', JSON.stringify({ pool: { max: 0, mx: 3 }, server: { allowedHosts: [] } }))
  const error = failureOf({
    argv: ['--port', 'abc', '--prot', '1', 'stray', '--config', path],
    env: { SNOWFLAKE_USER: 'U', SQUALL_MCP_MAX_ROWS: '-5', SQUALL_MCP_MAX_ROW: '1' },
  })
  expect(error).toMatchObject({ code: 'SNOWFLAKE_MCP_BAD_CONFIGURATION', exitCode: 2 })
  expect(renderError(error)).toBe(`error: snowflake-mcp cannot start with these settings:
  --prot: expected an option that exists, such as --port
  1: expected options only
  stray: expected options only
  SQUALL_MCP_MAX_ROW: expected a variable that exists (did you mean SQUALL_MCP_MAX_ROWS?)
  pool.mx in ${path}: expected a key that exists (did you mean pool.max?)
  --port: found "abc", expected a whole number from 0 to 65535 (for example 3000)
  server.allowedHosts in the configuration file: found [], expected text, with commas between several (for example localhost,mcp.example.com)
  SQUALL_MCP_MAX_ROWS: found "-5", expected a whole number from 1 to 10000 (for example 10000)
  pool.max in the configuration file: found 0, expected a whole number from 1 to 1000 (for example 16)
  SNOWFLAKE_ACCOUNT: expected an account identifier, since SNOWFLAKE_USER is set (for example myorg-myaccount; unset them all for the embedded Snowflake)
hint: \`snowflake-mcp --help\` lists every setting with its option, variable, file key and an example. [SNOWFLAKE_MCP_BAD_CONFIGURATION]`)
})

test.each([
  ['no way to sign in', base, ['SNOWFLAKE_ACCOUNT']],
  ['several ways and no word which', { ...base, SNOWFLAKE_PASSWORD: 'p', SNOWFLAKE_TOKEN: 't' }, ['SNOWFLAKE_AUTHENTICATOR']],
  [
    'a way that is named but not set',
    { ...base, SNOWFLAKE_PASSWORD: 'p', SNOWFLAKE_AUTHENTICATOR: 'OAUTH' },
    ['SNOWFLAKE_AUTHENTICATOR'],
  ],
  ['no user', { SNOWFLAKE_ACCOUNT: 'a', SNOWFLAKE_PASSWORD: 'p' }, ['SNOWFLAKE_USER']],
  ['a key that is not there', { ...base, SNOWFLAKE_PRIVATE_KEY_PATH: '/no/such/key.p8' }, ['SNOWFLAKE_PRIVATE_KEY_PATH']],
  ['a key that is none', { ...base, SNOWFLAKE_PRIVATE_KEY_PATH: file('no-key', 'x') }, ['SNOWFLAKE_PRIVATE_KEY_PATH']],
  [
    'an unknown way to sign in',
    { ...base, SNOWFLAKE_PASSWORD: 'p', SNOWFLAKE_AUTHENTICATOR: 'MAGIC' },
    ['SNOWFLAKE_AUTHENTICATOR'],
  ],
  ['a wrong address', { ...base, SNOWFLAKE_PASSWORD: 'p', SNOWFLAKE_ACCESS_URL: 'ftp://x' }, ['SNOWFLAKE_ACCESS_URL']],
  ['a pool that cannot be', { SNOWFLAKE_POOL_MIN_SIZE: '9', SNOWFLAKE_POOL_MAX_SIZE: '3' }, ['SNOWFLAKE_POOL_MIN_SIZE']],
  ['a word that is no flag', { SQUALL_MCP_STDIO: 'maybe' }, ['SQUALL_MCP_STDIO']],
  ['a file that is not there', { SQUALL_MCP_CONFIG: '/no/such.json' }, ['/no/such.json']],
  ['a file that is no object', { SQUALL_MCP_CONFIG: file('list.json', '[1]') }, [join(directory, 'list.json')]],
])('%s is told by name', (_name, env, where) => {
  expect(failureOf({ env }).problems.map((problem) => problem.where)).toEqual(where)
})

test('secrets are never told, right or wrong', () => {
  const secrets = { SNOWFLAKE_PASSWORD: 'hunter2', SNOWFLAKE_TOKEN: 'tok-123', SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: 'phrase' }
  const path = file('secret.json', JSON.stringify({ snowflake: { password: ['hunter2'] } }))
  for (const env of [
    { ...base, ...secrets },
    { SNOWFLAKE_USER: 'U', ...secrets },
    { ...base, SQUALL_MCP_CONFIG: path },
  ])
    expect(renderError(failureOf({ env }))).not.toMatch(/hunter2|tok-123|phrase\b/)
})

test.each(['0.0.0.0', '::', '192.168.1.5', 'example.com'])('%s is refused: nobody could tell who calls', (host) => {
  expect(failureOf({ argv: ['--host', host] })).toMatchObject({
    code: 'SNOWFLAKE_MCP_OPEN_TO_ALL',
    exitCode: 2,
    problems: [{ where: '--host', value: host }],
  })
})

const keysPath = file('keys.json', JSON.stringify({ keys: [{ name: 'bi', sha256: 'AB'.repeat(32), scopes: ['query'] }] }))

test.each([
  ['a file of keys', ['--keys-file', keysPath]],
  ['an authorization server', ['--oauth-issuer', 'https://login.example.com', '--public-url', 'https://mcp.example.com/mcp']],
])('with %s the server listens beyond this machine', (_name, argv) => {
  expect(read({ argv: ['--host', '0.0.0.0', ...argv] }).serve).toMatchObject({ kind: 'http', host: '0.0.0.0' })
})

test('keys, tokens and proxies are put together; the public name is allowed as Host', () => {
  const env = {
    SQUALL_MCP_KEYS_FILE: keysPath,
    SQUALL_MCP_OAUTH_ISSUER: 'https://login.example.com/',
    SQUALL_MCP_PUBLIC_URL: 'https://mcp.example.com/mcp',
    SQUALL_MCP_OAUTH_ROLE_CLAIM: 'role',
    SQUALL_MCP_TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8',
    SQUALL_MCP_LOCK_OUT_ATTEMPTS: '3',
  }
  expect(read({ env }).serve).toMatchObject({
    allowedHosts: ['localhost', '127.0.0.1', '[::1]', 'mcp.example.com'],
    trustedProxies: ['127.0.0.1', '10.0.0.0/8'],
    access: {
      keys: [{ name: 'bi', sha256: 'ab'.repeat(32), scopes: ['query'] }],
      oauth: {
        issuer: 'https://login.example.com/',
        audience: 'https://mcp.example.com/mcp',
        publicUrl: 'https://mcp.example.com/mcp',
        roleClaim: 'role',
        clockToleranceSeconds: 30,
      },
      lockOut: { attempts: 3, windowMs: 60_000, durationMs: 900_000 },
    },
  })
})

test.each([
  ['a server without a public URL', { SQUALL_MCP_OAUTH_ISSUER: 'https://a.example' }, ['SQUALL_MCP_PUBLIC_URL']],
  [
    'an audience of no server',
    { SQUALL_MCP_OAUTH_AUDIENCE: 'x', SQUALL_MCP_OAUTH_ROLE_CLAIM: 'r' },
    ['SQUALL_MCP_OAUTH_ISSUER', 'SQUALL_MCP_OAUTH_ISSUER'],
  ],
  [
    'keys that cross the network in the open',
    {
      SQUALL_MCP_OAUTH_ISSUER: 'http://a.example',
      SQUALL_MCP_OAUTH_JWKS_URL: 'http://b.example',
      SQUALL_MCP_PUBLIC_URL: 'https://m.example',
    },
    ['SQUALL_MCP_OAUTH_ISSUER', 'SQUALL_MCP_OAUTH_JWKS_URL'],
  ],
  ['a proxy that is no address', { SQUALL_MCP_TRUSTED_PROXIES: 'localhost' }, ['SQUALL_MCP_TRUSTED_PROXIES']],
  ['a file of keys that is not there', { SQUALL_MCP_KEYS_FILE: '/no/such.json' }, ['SQUALL_MCP_KEYS_FILE']],
])('access by %s is told by name', (_name, env, where) => {
  expect(failureOf({ env }).problems.map((problem) => problem.where)).toEqual(where)
})

test('an option without its value is told', () => {
  expect(failureOf({ argv: ['--port'] })).toMatchObject({ exitCode: 2, message: expect.stringContaining('--port') as string })
})

test('help names every setting with its option, variable, file key and an example', () => {
  const invocation = parseCommandLine(['--help'])
  const text = invocation.kind === 'help' ? invocation.text : ''
  for (const { option, variable, key, about } of Object.values(settings))
    for (const part of [option ?? '(no option)', variable, key, about]) expect(text).toContain(part)
})

test('rates and quotas are read as they are written', () => {
  const argv = ['--rate-per-client', '10/s+5, 300/min', '--query-rate-total', '1000/h', '--quota-per-client', '1000/h,10000/d']
  expect(read({ argv, env: { SQUALL_MCP_RATE_TOTAL: 'off' } }).limits.rates).toEqual({
    perClient: {
      rates: [
        { calls: 10, perMs: 1000, burst: 5 },
        { calls: 300, perMs: 60_000, burst: 0 },
      ],
      queryRates: [],
      quotas: [
        { calls: 1000, perMs: 3_600_000 },
        { calls: 10_000, perMs: 86_400_000 },
      ],
      queryQuotas: [],
    },
    total: { rates: [], queryRates: [{ calls: 1000, perMs: 3_600_000, burst: 0 }], quotas: [], queryQuotas: [] },
  })
})

test.each(['10', '10/year', '0/s', '-1/s', '10/s+', '10/s 5/s', '', '1/s,,2/s'])('%j is no rate', (text) => {
  const config = file(`rate-${text.replaceAll(/\W/g, '_')}.json`, JSON.stringify({ limits: { ratePerClient: text } }))
  expect(failureOf({ argv: ['--config', config] }).problems).toMatchObject([
    {
      where: 'limits.ratePerClient in the configuration file',
      value: text,
      expected: expect.stringContaining('10/s+5') as string,
    },
  ])
})

test('the limits of the original are a preset, and what is set by itself stands', () => {
  const { limits, pool } = read({ argv: ['--limits-preset', 'original', '--max-concurrent', '20', '--pool-max', '2'] })
  expect(limits).toMatchObject({
    maxConcurrent: 20,
    maxConcurrentPerClient: 5,
    maxQueued: 100,
    maxSessions: 100,
    maxSessionsPerPrincipal: 10,
    breaker: { failuresInARow: 5, openMs: 60_000, longestOpenMs: 300_000, successesToClose: 3 },
    rates: {
      perClient: { rates: [{ calls: 10, perMs: 1000, burst: 5 }, { calls: 300 }], quotas: [{ calls: 1000 }, { calls: 10_000 }] },
      total: { rates: [{ calls: 100, perMs: 1000 }] },
    },
  })
  expect(pool).toMatchObject({ min: 2, max: 2 })
  expect(read({}).limits).toMatchObject({ maxConcurrent: 256, rates: { total: { rates: [] } } })
})

test('a part that is more than the whole is told', () => {
  const argv = [
    '--max-concurrent-per-client',
    '300',
    '--max-queued-per-client',
    '3000',
    '--pool-max-per-client',
    '9',
    '--breaker-open-ms',
    '60000',
  ]
  expect(failureOf({ argv }).problems.map(({ where, expected }) => `${where}: ${expected}`)).toEqual([
    '--max-concurrent-per-client: at most SQUALL_MCP_MAX_CONCURRENT, which is 256',
    '--max-queued-per-client: at most SQUALL_MCP_MAX_QUEUED, which is 2000',
    '--pool-max-per-client: at most SNOWFLAKE_POOL_MAX_SIZE, which is 8',
    '--breaker-open-ms: at most SQUALL_MCP_BREAKER_LONGEST_OPEN_MS, which is 30000',
  ])
})

test('help shows limits as they are written', () => {
  const invocation = parseCommandLine(['--help'])
  const text = invocation.kind === 'help' ? invocation.text : ''
  expect(text).toContain('default 5000/s+5000')
  expect(text).toContain('file key limits.rateTotal, default off')
})

test('queries in the background leave a session for calls, and groups of tools are chosen by name', () => {
  const limitsOf = (max: string) => read({ argv: ['--pool-max', max, '--pool-min', '0'] }).limits.maxBackgroundQueries
  expect(['1', '2', '8'].map(limitsOf)).toEqual([0, 1, 2])
  expect(read({}).tools).toEqual({ groups: ['discovery', 'query', 'control'], own: [] })
  expect(read({ argv: ['--tools', 'Query, semantic'] }).tools.groups).toEqual(['query', 'semantic'])
})
