import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import type { SnowflakeOptions } from '@squall/snowflake'
import { FakeClock } from '@squall/time'
import { expect, test } from 'vitest'
import { readConfiguration } from './configuration.ts'
import { cortexToken } from './cortex-token.ts'
import { moreTools } from './more-tools.ts'
import { noUserSignIns } from './open-connections.ts'

const clock = new FakeClock()
const account = { account: 'myorg-acc.eu', user: 'reader' }

test('a key pair signs a short-lived token that names account, user and key as Snowflake wants them', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'p' },
  })
  const signIn = { authenticator: 'SNOWFLAKE_JWT', privateKeyPem: privateKey, passphrase: 'p' } as const
  const { type, token } = cortexToken({ ...account, ...signIn }, account.account, clock)
  const [head = '', claims = '', signature = ''] = token.split('.')
  expect(type).toBe('KEYPAIR_JWT')
  expect(verify('sha256', Buffer.from(`${head}.${claims}`), publicKey, Buffer.from(signature, 'base64url'))).toBe(true)
  const der = createPublicKey(publicKey).export({ type: 'spki', format: 'der' })
  const fingerprint = createHash('sha256').update(der).digest('base64')
  const { iss, sub, iat, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, string & number>
  expect([iss, sub]).toEqual([`MYORG-ACC.READER.SHA256:${fingerprint}`, 'MYORG-ACC.READER'])
  expect(Number(exp) - Number(iat)).toBeLessThanOrEqual(3600)
})

test('tokens go as they are, and a password never', () => {
  for (const authenticator of ['OAUTH', 'PROGRAMMATIC_ACCESS_TOKEN'] as const)
    expect(cortexToken({ ...account, authenticator, token: 't' }, account.account, clock)).toEqual({
      type: authenticator,
      token: 't',
    })
  const password: SnowflakeOptions = { ...account, authenticator: 'SNOWFLAKE', password: 'p' }
  expect(() => cortexToken(password, account.account, clock)).toThrow('Cortex takes no sign-in by SNOWFLAKE')
  expect(() => cortexToken({ ...account, authenticator: 'OAUTH', token: 't' }, 'other-acc', clock)).toThrow('asked at other-acc')
})

const environment = { SNOWFLAKE_ACCOUNT: 'myorg-acc', SNOWFLAKE_USER: 'READER', SQUALL_MCP_CORTEX_ANALYST: '@a.b.c/model.yaml' }
const configure = (more: Record<string, string>) =>
  readConfiguration({ options: new Map(), environment: { ...environment, ...more } })

test('Cortex tools are there where they are configured, at the address of the account or their own', () => {
  const { tools } = configure({ SNOWFLAKE_TOKEN: 't', SQUALL_MCP_CORTEX_SEARCH: 'a.b.c,a.b.d' })
  expect(tools.cortex).toMatchObject({
    services: ['a.b.c', 'a.b.d'],
    model: { file: '@a.b.c/model.yaml' },
    baseUrl: 'https://myorg-acc.snowflakecomputing.com',
  })
  expect(moreTools(tools, noUserSignIns, { timeoutMs: 1000, clock }).map(({ descriptor }) => descriptor.name)).toEqual([
    'cortex_search',
    'cortex_analyst',
  ])
  const view = configure({
    SNOWFLAKE_TOKEN: 't',
    SQUALL_MCP_CORTEX_ANALYST: 'a.b.v',
    SQUALL_MCP_CORTEX_URL: 'https://cortex.example.com',
  })
  expect(view.tools.cortex).toMatchObject({ services: [], model: { view: 'a.b.v' }, baseUrl: 'https://cortex.example.com' })
  expect(moreTools(view.tools, noUserSignIns, { timeoutMs: 1000, clock })).toHaveLength(1)
  expect(() => configure({ SNOWFLAKE_PASSWORD: 'p' })).toThrow(
    expect.objectContaining({ problems: [expect.objectContaining({ where: 'SQUALL_MCP_CORTEX_ANALYST' }) as unknown] }) as Error,
  )
  expect(() => configure({ SNOWFLAKE_TOKEN: 't', SQUALL_MCP_CORTEX_ANALYST: 'not a name' })).toThrow('cannot start')
})
