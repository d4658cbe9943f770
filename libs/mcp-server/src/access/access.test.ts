import { hash } from 'node:crypto'
import type { CodedError } from '@squall/errors'
import { FakeClock } from '@squall/time'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startIssuer, type Issuer } from '../test/issuer.ts'
import { createAccess, type Access, type AccessOptions, type Authentication } from './access.ts'
import type { ApiKey } from './api-keys.ts'
import { isIpRange, IpRanges } from './ip-ranges.ts'
import { LockOut } from './lock-out.ts'

const secret = 'sk-a-key-nobody-guesses'
const key: ApiKey = { name: 'reporting', sha256: hash('sha256', secret), scopes: ['query'] }
const lockOut = { attempts: 3, windowMs: 60_000, durationMs: 900_000 }
const address = '192.0.2.7'

interface SetUp {
  readonly clock: FakeClock
  readonly access: Access
  readonly ask: (headers: Record<string, string>, from?: string) => Promise<Authentication>
}

function setUp(options: Partial<AccessOptions> = {}): SetUp {
  const clock = new FakeClock(0, Date.now())
  const access = createAccess({ clock, keys: [key], lockOut, ...options })
  return { clock, access, ask: async (headers, from = address) => access.authenticate(headers, from) }
}

const bearer = (value: string): Record<string, string> => ({ authorization: `Bearer ${value}` })

test('a key is known by its hash, in either header, and is answered without a promise', async () => {
  const { access, ask } = setUp()
  const principal = { id: 'key:reporting', kind: 'api-key', weight: 2, isShared: false }
  expect(access.authenticate(bearer(secret), address)).toMatchObject({ kind: 'principal', principal })
  expect(await ask({ 'x-api-key': secret })).toMatchObject({ principal })
  expect(await ask({ authorization: `bearer   ${secret} ` })).toMatchObject({ principal })
})

test.each([
  ['nothing', {}, 'missing', undefined],
  ['another key', bearer('sk-another'), 'invalid', 'error="invalid_token"'],
  ['an empty key', { 'x-api-key': '' }, 'invalid', 'error="invalid_token"'],
  ['its hash', bearer(key.sha256), 'invalid', 'error="invalid_token"'],
  ['another scheme', { authorization: `Basic ${secret}` }, 'invalid', 'error="invalid_token"'],
  ['a key as long as a book', bearer('k'.repeat(10_000)), 'invalid', 'error="invalid_token"'],
  ['a token where none are taken', bearer('aa.bb.cc'), 'invalid', 'error="invalid_token"'],
] as const)('a request with %s is not let in, and is told what to bring', async (_name, headers, reason, words) => {
  const { access, ask } = setUp()
  const refusal = await ask(headers)
  expect(refusal).toMatchObject({
    kind: 'refused',
    status: 401,
    error: { code: 'MCP_UNAUTHENTICATED' },
    challenge: expect.stringContaining(words ?? 'Bearer realm="mcp", scope="read query"') as string,
  })
  expect(access.stats().refused[reason]).toBe(1)
})

test('a key expires to the millisecond', async () => {
  const wallMs = Date.UTC(2026, 5, 1)
  const clock = new FakeClock(0, wallMs)
  const { access, ask } = setUp({ clock, keys: [{ ...key, expiresAtMs: wallMs + 1000 }] })
  await clock.advance(999)
  expect(await ask(bearer(secret))).toMatchObject({ kind: 'principal' })
  await clock.advance(1)
  expect(await ask(bearer(secret))).toMatchObject({ status: 401, error: { message: 'The API key has expired.' } })
  expect(access.stats().refused.expired).toBe(1)
})

test('a key used from elsewhere looks as if it did not exist', async () => {
  const { ask } = setUp({ keys: [{ ...key, allowFrom: ['10.0.0.0/8', '2001:db8::1'] }] })
  expect(await ask(bearer(secret), '10.200.3.4')).toMatchObject({ kind: 'principal' })
  expect(await ask(bearer(secret), '::ffff:10.200.3.4')).toMatchObject({ kind: 'principal' })
  expect(await ask(bearer(secret), '2001:db8::1')).toMatchObject({ kind: 'principal' })
  const stolen = (await ask(bearer(secret), '11.0.0.1')) as { error: CodedError }
  const guessed = (await ask(bearer('sk-guess'), '11.0.0.1')) as { error: CodedError }
  expect(stolen.error.message).toBe(guessed.error.message)
})

test('where nobody has to prove anything, only this machine may call', async () => {
  const { access, ask } = setUp({ keys: [] })
  expect(access.isRequired).toBe(false)
  expect(await ask({}, '127.0.0.1')).toMatchObject({ principal: { id: 'local' } })
  expect(await ask(bearer('whatever'), '::1')).toMatchObject({ principal: { id: 'local' } })
  expect(await ask({}, '192.0.2.1')).toMatchObject({ status: 401 })
})

test('an address that guesses is shut out, right key or not, and may come again when its time is over', async () => {
  const { clock, access, ask } = setUp()
  for (let guess = 0; guess < 3; guess += 1) expect(await ask(bearer(`sk-${guess}`))).toMatchObject({ status: 401 })
  expect(await ask(bearer(secret))).toMatchObject({
    status: 429,
    error: { code: 'MCP_LOCKED_OUT' },
    retryAfterMs: 900_000,
  })
  expect(await ask(bearer(secret), '192.0.2.8')).toMatchObject({ kind: 'principal' })
  await clock.advance(899_999)
  expect(await ask(bearer(secret))).toMatchObject({ status: 429, retryAfterMs: 1 })
  await clock.advance(1)
  expect(await ask(bearer(secret))).toMatchObject({ kind: 'principal' })
  expect(access.stats()).toMatchObject({ lockOuts: 1, refused: { invalid: 3, locked_out: 2 } })
})

test('forgetting the key is no guess, and slow guesses are forgotten', async () => {
  const { clock, ask } = setUp()
  for (let probe = 0; probe < 10; probe += 1) expect(await ask({})).toMatchObject({ status: 401 })
  for (let guess = 0; guess < 10; guess += 1) {
    expect(await ask(bearer('sk-guess'))).toMatchObject({ status: 401 })
    await clock.advance(30_001)
  }
})

test('neighbours in one IPv6 network are one guesser, others are not', () => {
  const guard = new LockOut(new FakeClock(), lockOut)
  for (const host of ['2001:db8:1:2::1', '2001:db8:1:2:ffff::2', '2001:db8:1:2:3:4:5:6']) guard.failed(host)
  expect(guard.remainingMs('2001:db8:1:2::99')).toBe(900_000)
  expect(guard.remainingMs('2001:db8:1:3::1')).toBe(0)
  expect(guard.remainingMs('::1')).toBe(0)
})

test('what is remembered of guessers is bounded', () => {
  const guard = new LockOut(new FakeClock(), lockOut)
  for (let n = 0; n < 12_000; n += 1) guard.failed(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`)
  expect(guard.addressCount).toBe(10_000)
  const off = new LockOut(new FakeClock(), { ...lockOut, attempts: 0 })
  off.failed(address)
  expect(off.addressCount).toBe(0)
})

test('whatever is sent as a credential is refused, never thrown, and never repeated', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ minLength: 8, maxLength: 600, unit: 'binary' }), async (value) => {
      const { ask } = setUp()
      for (const headers of [bearer(value), { 'x-api-key': value }, { authorization: value }]) {
        const refusal = await ask(headers)
        expect(refusal).toMatchObject({ kind: 'refused', status: 401 })
        expect(JSON.stringify(refusal)).not.toContain(value)
      }
    }),
    { numRuns: 50 },
  )
})

test.each([
  ['10.1.2.3', true],
  ['10.0.0.0/8', true],
  ['2001:db8::/32', true],
  ['10.0.0.0/33', false],
  ['10.0.0.0/', false],
  ['10.0.0.0/8/8', false],
  ['10.0.0', false],
  ['example.com', false],
])('range %j: %s', (text, expected) => {
  expect(isIpRange(text)).toBe(expected)
})

test('what is no address is in no range', () => {
  const ranges = new IpRanges(['0.0.0.0/0', '::/0'])
  expect([ranges.has('10.1.2.3'), ranges.has('::1'), ranges.has(''), ranges.has('host')]).toEqual([true, true, false, false])
})

const audience = 'https://mcp.example.com/mcp'
let issuer: Issuer
beforeEach(async () => void (issuer = await startIssuer()))
afterEach(() => issuer.close())

function withTokens(extra: Partial<NonNullable<AccessOptions['oauth']>> = {}): SetUp {
  const oauth = { issuer: issuer.url, audience, publicUrl: audience, clockToleranceSeconds: 30, jwksCooldownMs: 0, ...extra }
  return setUp({ keys: [], oauth })
}

const claims = (clock: FakeClock, extra: object = {}): Record<string, unknown> => {
  const nowS = Math.floor(clock.wallMs() / 1000)
  return { iss: issuer.url, aud: audience, sub: 'alice', scope: 'openid query', iat: nowS, exp: nowS + 600, ...extra }
}

test('a token of the issuer, for this server, lets its subject in, and is looked at once', async () => {
  const { clock, access, ask } = withTokens({ roleClaim: 'snowflake_role' })
  const token = await issuer.sign(claims(clock, { snowflake_role: 'ANALYST' }))
  const found = await ask(bearer(token))
  expect(found).toMatchObject({ principal: { id: `oauth:${issuer.url}#alice`, kind: 'oauth', role: 'ANALYST' } })
  expect(found.kind === 'principal' && [...found.principal.scopes]).toEqual(['query'])
  // Known tokens cost neither a promise nor a question.
  expect(access.authenticate(bearer(token), address)).toEqual(found)
  expect(issuer.asked.filter((path) => path.endsWith('/keys'))).toHaveLength(1)
})

test('scopes are read in the forms issuers write them', async () => {
  const { clock, ask } = withTokens()
  for (const given of [{ scp: 'read metrics' }, { scp: ['read', 'metrics'] }, { scope: 'read metrics other' }]) {
    const found = await ask(bearer(await issuer.sign(claims(clock, { scope: undefined, ...given }))))
    expect(found.kind === 'principal' && [...found.principal.scopes]).toEqual(['read', 'metrics'])
  }
})

test.each([
  ['for another service', { aud: 'https://other.example.com' }, 'The access token is not for this server.', 'wrong_audience'],
  ['for nobody', { aud: undefined }, 'The access token is not for this server.', 'wrong_audience'],
  ['of another issuer', { iss: 'https://evil.example' }, 'The access token is not for this server.', 'wrong_audience'],
  ['that is over', { exp: 1 }, 'The access token has expired.', 'expired'],
  ['that never ends', { exp: undefined }, 'The access token is not for this server.', 'wrong_audience'],
  ['about nobody', { sub: undefined }, 'The access token is not for this server.', 'wrong_audience'],
  ['that is not valid yet', { nbf: 4_000_000_000 }, 'The access token is not for this server.', 'wrong_audience'],
] as const)('a token %s is refused', async (_name, wrong, message, reason) => {
  const { clock, access, ask } = withTokens()
  expect(await ask(bearer(await issuer.sign(claims(clock, wrong))))).toMatchObject({
    status: 401,
    error: { message },
    challenge: expect.stringContaining(
      'resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"',
    ) as string,
  })
  expect(access.stats().refused[reason]).toBe(1)
})

test('clocks may differ by the tolerance and no more', async () => {
  const { clock, ask } = withTokens()
  const nowS = Math.floor(clock.wallMs() / 1000)
  expect(await ask(bearer(await issuer.sign(claims(clock, { exp: nowS - 25 }))))).toMatchObject({ kind: 'principal' })
  expect(await ask(bearer(await issuer.sign(claims(clock, { exp: nowS - 35 }))))).toMatchObject({ status: 401 })
  expect(await ask(bearer(await issuer.sign(claims(clock, { nbf: nowS + 25 }))))).toMatchObject({ kind: 'principal' })
  expect(await ask(bearer(await issuer.sign(claims(clock, { nbf: nowS + 35 }))))).toMatchObject({ status: 401 })
})

test('a token that was good is refused once it is over', async () => {
  const { clock, ask } = withTokens({ clockToleranceSeconds: 0 })
  const token = await issuer.sign(claims(clock, { exp: Math.floor(clock.wallMs() / 1000) + 20 }))
  expect(await ask(bearer(token))).toMatchObject({ kind: 'principal' })
  await clock.advance(20_000)
  expect(await ask(bearer(token))).toMatchObject({ status: 401, error: { message: 'The access token has expired.' } })
})

test('a new key of the issuer is found; tokens of a withdrawn one are worth nothing after a minute', async () => {
  const { clock, ask } = withTokens({ jwksUrl: `${issuer.url}/keys` })
  const old = await issuer.sign(claims(clock))
  expect(await ask(bearer(old))).toMatchObject({ kind: 'principal' })
  await issuer.rotate({ withdrawOld: true })
  expect(await ask(bearer(await issuer.sign(claims(clock))))).toMatchObject({ kind: 'principal' })
  await clock.advance(60_000)
  expect(await ask(bearer(old))).toMatchObject({ status: 401 })
})

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

test('forged tokens count as guesses', async () => {
  const { clock, ask } = withTokens()
  const good = await issuer.sign(claims(clock))
  const [head = '', , signature = ''] = good.split('.')
  const forged = [
    `${head}.${encode(claims(clock, { sub: 'root' }))}.${signature}`,
    `${encode({ alg: 'none' })}.${encode(claims(clock))}.`,
    await issuer.sign(claims(clock), { kid: 'no-such-key' }),
  ]
  for (const token of forged)
    expect(await ask(bearer(token))).toMatchObject({ status: 401, error: { message: 'The access token is not valid.' } })
  expect(await ask(bearer(good))).toMatchObject({ status: 429 })
})

test('an issuer that does not answer is not the fault of the client', async () => {
  const { clock, access, ask } = withTokens()
  const token = await issuer.sign(claims(clock))
  issuer.fail()
  expect(await ask(bearer(token))).toMatchObject({
    status: 503,
    error: { code: 'MCP_AUTHORIZATION_UNAVAILABLE' },
    retryAfterMs: 5000,
  })
  expect(access.stats()).toMatchObject({ lockOuts: 0, refused: { unavailable: 1 } })
})

test('a token as long as a book is not looked at', async () => {
  const { ask } = withTokens()
  expect(await ask(bearer(`${'a'.repeat(20_000)}.b.c`))).toMatchObject({ status: 401 })
  expect(issuer.asked).toEqual([])
})

test('metadata of another issuer is not believed', async () => {
  const { clock, ask } = withTokens({ issuer: `${issuer.url}/` })
  const token = await issuer.sign(claims(clock, { iss: `${issuer.url}/` }))
  const refusal = await ask(bearer(token))
  expect(refusal).toMatchObject({
    status: 503,
    error: { cause: { message: expect.stringContaining('another issuer') as string } },
  })
})

test('however many tokens come while the issuer is away, it is asked and told of once in a while, and found when it is back', async () => {
  const troubles: unknown[] = []
  const oauth = { issuer: issuer.url, audience, publicUrl: audience, clockToleranceSeconds: 30 }
  const { clock, ask } = setUp({ keys: [], oauth, onTrouble: (cause) => troubles.push(cause) })
  const token = await issuer.sign(claims(clock))
  issuer.fail()
  for (let call = 0; call < 5; call += 1) expect(await ask(bearer(token))).toMatchObject({ status: 503 })
  // Metadata is looked for in two places.
  expect([issuer.asked.length, troubles.length]).toEqual([2, 1])
  issuer.recover()
  await clock.advance(5000)
  expect(await ask(bearer(token))).toMatchObject({ kind: 'principal' })
})
