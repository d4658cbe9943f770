import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { FakeClock } from '@squall/time'
import { expect, test } from 'vitest'
import { SignIn } from './sign-in.ts'
import { fingerprintOf, parsePublicKey } from './users.ts'

const clock = new FakeClock()
const mine = generateKeyPairSync('rsa', { modulusLength: 2048 })
const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
const toPem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString()
const users = [{ name: 'ana', password: 'right', publicKeys: [toPem(mine.publicKey)] }, { name: 'keyless' }]
const signIn = new SignIn('local', users, clock)

const enter = (credentials: object): string =>
  signIn.authenticate({ account: 'LOCAL', user: 'ANA', authenticator: 'SNOWFLAKE', password: '', token: '', ...credentials })

const issuer = `LOCAL.ANA.${fingerprintOf(mine.publicKey)}`
const wholeClaims = { iss: issuer, sub: 'LOCAL.ANA', iat: clock.wallMs(), exp: clock.wallMs() + 120_000 }
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

function token(claims: object = {}, key = mine.privateKey, header: object = { alg: 'RS256', typ: 'JWT' }): string {
  const text = `${encode(header)}.${encode({ ...wholeClaims, ...claims })}`
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`
}

const enterByKey = (jwt: string, user = 'ANA'): string => enter({ user, authenticator: 'SNOWFLAKE_JWT', token: jwt })

test('the right password opens, whatever the case of account and user', () => {
  expect(enter({ password: 'right' })).toBe('ANA')
  expect(enter({ account: 'local', user: 'Ana', password: 'right', authenticator: '' })).toBe('ANA')
})

test.each([
  { password: 'wrong' },
  { password: '' },
  { user: 'nobody', password: 'right' },
  { user: 'keyless', password: '' },
  { account: '127', password: 'right' },
  { password: 'right', authenticator: 'EXTERNALBROWSER' },
])('refuses %o with 390100', (credentials) => {
  expect(() => enter(credentials)).toThrow(expect.objectContaining({ code: '390100', sqlState: '08001' }) as Error)
})

test('a wrong user and a wrong password read the same', () => {
  const messages = [{ user: 'nobody' }, { password: 'wrong' }].map((credentials) => {
    try {
      return enter(credentials)
    } catch (error) {
      return (error as Error).message
    }
  })
  expect(messages[0]).toBe(messages[1])
})

test('tokens of other kinds are refused with their own codes', () => {
  expect(() => enter({ authenticator: 'OAUTH' })).toThrow(expect.objectContaining({ code: '390303' }) as Error)
  expect(() => enter({ authenticator: 'PROGRAMMATIC_ACCESS_TOKEN' })).toThrow(
    expect.objectContaining({ code: '394400' }) as Error,
  )
})

test('a key-pair token opens, with times in milliseconds or in seconds', () => {
  expect(enterByKey(token())).toBe('ANA')
  const seconds = { iat: wholeClaims.iat / 1000, exp: wholeClaims.exp / 1000 }
  expect(enterByKey(token(seconds))).toBe('ANA')
})

test.each([
  ['signed by another key', token({}, other.privateKey), 'signature'],
  ['naming another key', token({ iss: `LOCAL.ANA.${fingerprintOf(other.publicKey)}` }), 'fingerprint'],
  ['of another user', token({ sub: 'LOCAL.BOB' }), 'subject is not LOCAL.ANA'],
  ['of another issuer', token({ iss: `LOCAL.BOB.${fingerprintOf(mine.publicKey)}` }), 'issuer is not LOCAL.ANA'],
  ['expired', token({ exp: wholeClaims.iat - 61_000 }), 'expired'],
  ['from the future', token({ iat: wholeClaims.iat + 61_000 }), 'in the future'],
  ['without claims', token({ exp: undefined }), 'missing'],
  ['with no algorithm', token({}, mine.privateKey, { alg: 'none' }), 'RS256'],
  ['that is no token', 'x', 'RS256'],
  ['that is empty', '', 'RS256'],
])('a key-pair token %s is refused with 390144 and says why', (_what, jwt, why) => {
  expect(() => enterByKey(jwt)).toThrow(
    expect.objectContaining({ code: '390144', message: expect.stringContaining(why) as string }) as Error,
  )
})

test('a public key used as a shared secret does not open', () => {
  const text = `${encode({ alg: 'HS256' })}.${encode(wholeClaims)}`
  const signature = createHmac('sha256', toPem(mine.publicKey)).update(text).digest('base64url')
  expect(() => enterByKey(`${text}.${signature}`)).toThrow('RS256')
})

test('a key-pair token does not open for a user who is not known', () => {
  expect(() => enterByKey(token(), 'BOB')).toThrow(expect.objectContaining({ code: '390144' }) as Error)
})

test('only RSA keys can be registered', () => {
  const { publicKey } = generateKeyPairSync('ed25519')
  expect(() => parsePublicKey(toPem(publicKey))).toThrow('ed25519')
  expect(() => parsePublicKey('no key')).toThrow('DECODER routines')
})

test('a programmatic access token opens as a token and as a password, until it expires', () => {
  const expiring = { kind: 'programmatic', value: 'short', expiresWallMs: clock.wallMs() } as const
  const tokens = [{ kind: 'programmatic', value: 'pat' } as const, expiring]
  const door = new SignIn('LOCAL', [{ name: 'ana', tokens }], clock)
  const enterWith = (credentials: object): string =>
    door.authenticate({ account: 'LOCAL', user: 'ANA', authenticator: '', password: '', token: '', ...credentials })
  const authenticator = 'PROGRAMMATIC_ACCESS_TOKEN'
  expect(enterWith({ authenticator, token: 'pat' })).toBe('ANA')
  expect(enterWith({ password: 'pat' })).toBe('ANA')
  for (const token of ['short', 'other', ''])
    expect(() => enterWith({ authenticator, token })).toThrow(expect.objectContaining({ code: '394400' }) as Error)
  expect(() => enterWith({ authenticator, token: 'pat', user: 'BOB' })).toThrow(
    expect.objectContaining({ code: '394400' }) as Error,
  )
  expect(() => enterWith({ password: 'short' })).toThrow(expect.objectContaining({ code: '390100' }) as Error)
})

test('an OAuth token says whose it is; another’s name beside it is refused, and so is one that has expired', () => {
  const tokens = [
    { kind: 'oauth', value: 'good' } as const,
    { kind: 'oauth', value: 'old', expiresWallMs: clock.wallMs() - 1 } as const,
  ]
  const door = new SignIn('LOCAL', [{ name: 'bob' }, { name: 'ana', tokens }], clock)
  const enterWith = (token: string, user = ''): string =>
    door.authenticate({ account: 'LOCAL', user, authenticator: 'OAUTH', password: '', token })
  expect(enterWith('good')).toBe('ANA')
  expect(enterWith('good', 'ana')).toBe('ANA')
  for (const [token, user, code] of [
    ['good', 'bob', '390309'],
    ['old', '', '390318'],
    ['none', '', '390303'],
  ] as const)
    expect(() => enterWith(token, user)).toThrow(expect.objectContaining({ code }) as Error)
})
