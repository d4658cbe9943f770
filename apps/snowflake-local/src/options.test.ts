import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { CodedError } from '@squall/errors'
import { temporaryDirectory } from '@squall/testing'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { parseOptions, type ServeOptions } from './options.ts'

const variables = ['PORT', 'HOST', 'DATA', 'USER', 'PASSWORD', 'PUBLIC_KEY', 'SLOTS', 'LATENCY', 'FAULTS', 'CONFIG'].map(
  (name) => `SNOWFLAKE_LOCAL_${name}`,
)
beforeEach(() => {
  for (const name of [...variables, 'XDG_CACHE_HOME']) vi.stubEnv(name, undefined)
})
afterEach(() => {
  vi.unstubAllEnvs()
})

function read(...argv: string[]): ServeOptions {
  const invocation = parseOptions(argv)
  if (invocation.kind !== 'serve') throw new Error('help was not asked for')
  return invocation.options
}

function readError(...argv: string[]): CodedError {
  try {
    read(...argv)
  } catch (error) {
    return error as CodedError
  }
  throw new Error('the options were taken')
}

/** A file of that content, gone when the test ends. */
function fileWith(content: string): string {
  const directory = temporaryDirectory(onTestFinished)
  const file = join(directory, 'file')
  writeFileSync(file, content)
  return file
}

function keyFile(): { readonly file: string; readonly pem: string } {
  const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }).toString()
  return { file: fileWith(pem), pem }
}

test('without options it serves this machine, with a user and a cache directory of its own', () => {
  expect(read()).toEqual({
    host: '127.0.0.1',
    port: 3010,
    dataDirectory: join(homedir(), '.cache/squall/snowflake-local'),
    user: { name: 'SQUALL', password: 'squall-local' },
    behaviour: { warehouses: {}, faults: {}, chunkRows: undefined },
  })
})

test('a warehouse can be small and slow from the start', () => {
  const { behaviour } = read('--slots', '2', '--resume-delay', '2s', '--latency', '100ms', '--chunk-rows', '500')
  expect(behaviour).toEqual({
    warehouses: { slots: 2, resumeDelayMs: 2_000 },
    faults: { latency: { rules: [{ delay: { ms: 100 } }] } },
    chunkRows: 500,
  })
})

test.each([
  ['50ms..200ms', { minMs: 50, maxMs: 200 }],
  ['1s~0.5', { medianMs: 1_000, sigma: 0.5 }],
])('latency of %s', (text, delay) => {
  expect(read('--latency', text).behaviour.faults).toEqual({ latency: { rules: [{ delay }] } })
})

test('faults are at work from the start, from an option, the environment or a file', () => {
  const faults = { throttle: { ratio: 0.1 }, 'login-limit': { perSecond: 5 } }
  expect(read('--faults', JSON.stringify(faults)).behaviour.faults).toEqual(faults)
  vi.stubEnv('SNOWFLAKE_LOCAL_FAULTS', JSON.stringify(faults))
  expect(read().behaviour.faults).toEqual(faults)
  vi.stubEnv('SNOWFLAKE_LOCAL_FAULTS', undefined)
  expect(read('--config', fileWith(JSON.stringify({ faults, slots: 3 }))).behaviour).toMatchObject({
    faults,
    warehouses: { slots: 3 },
  })
})

test('every wrong word about the behaviour is named', () => {
  const { problems } = readError(
    ...'--slots 0 --resume-delay soon --chunk-rows all --latency 2s..1s --faults {"flood":{}}'.split(' '),
  )
  expect(problems.map(({ where, expected }) => `${where}: ${expected}`)).toEqual([
    '--slots: a whole number from 1 to 999999',
    '--resume-delay: a duration such as 60, "60s", "1m" or "500ms"',
    expect.stringContaining('--latency: a duration such as 100ms') as string,
    expect.stringContaining("--faults: flood: there is no fault 'flood'") as string,
    '--chunk-rows: a whole number from 1 to 999999',
  ])
  for (const wrong of ['x', '1s~', '1s~9', '1s..x']) expect(readError('--latency', wrong).problems[0]?.where).toBe('--latency')
  for (const wrong of ['no', '[]', 'null']) expect(readError('--faults', wrong).problems[0]?.where).toBe('--faults')
})

test('the cache directory follows the desktop standard', () => {
  vi.stubEnv('XDG_CACHE_HOME', '/var/cache/me')
  expect(read().dataDirectory).toBe('/var/cache/me/squall/snowflake-local')
})

test('options beat the environment, which beats the defaults', () => {
  vi.stubEnv('SNOWFLAKE_LOCAL_PORT', '1')
  vi.stubEnv('SNOWFLAKE_LOCAL_DATA', '/data')
  vi.stubEnv('SNOWFLAKE_LOCAL_PASSWORD', 'from-environment')
  expect(read('--port', '0', '--user=ana')).toMatchObject({
    port: 0,
    dataDirectory: '/data',
    user: { name: 'ana', password: 'from-environment', publicKeys: [] },
  })
})

test('with a public key alone no password opens', () => {
  const { file, pem } = keyFile()
  expect(read('--public-key', file).user).toEqual({ name: 'SQUALL', publicKeys: [pem] })
  expect(read('--public-key', file, '--password', 'x').user).toEqual({ name: 'SQUALL', password: 'x', publicKeys: [pem] })
})

test('the open network is refused with the default password, allowed with credentials of one’s own', () => {
  const { file } = keyFile()
  expect(readError('--host', '0.0.0.0')).toMatchObject({
    code: 'SNOWFLAKE_LOCAL_BAD_OPTION',
    exitCode: 2,
    problems: [{ where: '--host', value: '0.0.0.0', hint: expect.stringContaining('--password') as string }],
  })
  expect(read('--host', '0.0.0.0', '--password', 'mine').host).toBe('0.0.0.0')
  expect(read('--host', '0.0.0.0', '--public-key', file).host).toBe('0.0.0.0')
  expect(read('--host', 'localhost').host).toBe('localhost')
})

test('all problems are told at once, each by the option or variable that holds it, and no secret', () => {
  vi.stubEnv('SNOWFLAKE_LOCAL_PORT', '70000')
  const error = readError('--user', 'two words', '--password', '', '--public-key', '/nowhere', '--prot', '1')
  expect(error.problems.map(({ where, value }) => [where, value])).toEqual([
    ['--prot', undefined],
    ['1', undefined],
    ['SNOWFLAKE_LOCAL_PORT', '70000'],
    ['--user', 'two words'],
    ['--password', undefined],
    ['--public-key', '/nowhere'],
  ])
})

test.each(['-3', '1.5', '65536', 'http', ''])('--port %s is not a port', (port) => {
  expect(readError('--port', port).problems).toEqual([
    { where: '--port', value: port, expected: 'a whole number from 0 to 65535' },
  ])
})

test('tokens open too, and with one no password does unless it is given', () => {
  expect(read('--access-token', 'pat', '--oauth-token', 'oauth').user).toEqual({
    name: 'SQUALL',
    publicKeys: [],
    tokens: [
      { kind: 'programmatic', value: 'pat' },
      { kind: 'oauth', value: 'oauth' },
    ],
  })
  expect(readError('--access-token', '', '--oauth-token', '').problems.map(({ where }) => where)).toEqual([
    '--access-token',
    '--oauth-token',
  ])
})

test('a file that is not a public key says why', () => {
  const file = fileWith('no key')
  expect(readError('--public-key', file).problems).toMatchObject([{ where: '--public-key', value: file }])
})

test('a configuration file gives what neither option nor environment gave', () => {
  vi.stubEnv('SNOWFLAKE_LOCAL_CONFIG', fileWith('{ "port": 1, "user": "file", "host": "file", "password": "file" }'))
  vi.stubEnv('SNOWFLAKE_LOCAL_USER', 'environment')
  expect(read('--host', 'option')).toMatchObject({ port: 1, host: 'option', user: { name: 'environment', password: 'file' } })
})

test('problems in a configuration file are told with its name, and join the others', () => {
  const file = fileWith('{ "prot": 1, "host": 7 }')
  expect(readError('--config', file, '--user', '').problems.map(({ where }) => where)).toEqual([
    `${file} host`,
    `${file} prot`,
    '--user',
  ])
  const wrongPort = fileWith('{ "port": "http" }')
  expect(readError('--config', wrongPort).problems).toMatchObject([{ where: `${wrongPort} port`, value: 'http' }])
})

test.each(['{', '[]', 'null'])('a configuration file holding %s is refused', (content) => {
  const file = fileWith(content)
  expect(readError('--config', file).problems).toMatchObject([{ where: file }])
})

test('a configuration file that is not there is named', () => {
  expect(readError('--config', '/nowhere').problems).toMatchObject([{ where: '/nowhere' }])
})

test('an option without its value is told by name', () => {
  expect(readError('--port')).toMatchObject({
    code: 'SNOWFLAKE_LOCAL_BAD_OPTION',
    message: expect.stringContaining('--port') as string,
  })
})

test('help names every option with its variable and default, and shows an example', () => {
  const invocation = parseOptions(['--help'])
  const text = invocation.kind === 'help' ? invocation.text : ''
  for (const name of variables) expect(text).toContain(name)
  for (const option of ['--port', '--host', '--data', '--user', '--password', '--public-key', '--config'])
    expect(text).toContain(option)
  expect(text).toMatch(/3010.*\n[^]*127\.0\.0\.1[^]*SQUALL[^]*squall-local[^]*Example:\n {2}snowflake-local --port 3010/)
})
