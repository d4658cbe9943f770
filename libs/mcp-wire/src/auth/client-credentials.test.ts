import { generateKeyPairSync } from 'node:crypto'
import { freePort } from '@squall/testing'
import { FakeClock, systemClock } from '@squall/time'
import { expect, test, vi } from 'vitest'
import {
  type CallOutcome,
  ClientCredentials,
  type ClientCredentialsOptions,
  type McpConnection,
  openConnection,
} from '../index.ts'
import { echo, identity, modern, never } from '../test/connect.ts'
import { OAuthServer, secret } from '../test/oauth-server.ts'

const credentialsFor = (server: { readonly url: string }, options: Partial<ClientCredentialsOptions> = {}): ClientCredentials =>
  new ClientCredentials({
    clock: systemClock,
    target: server.url,
    clientId: 'load',
    clientSecret: secret,
    timeoutMs: 5000,
    ...options,
  })

function connect(url: string, credentials: ClientCredentials, clock = systemClock): McpConnection & AsyncDisposable {
  const connection = openConnection('streamable-http', url, {
    clock,
    identity,
    dialect: modern,
    headers: {},
    requestTimeoutMs: 5000,
    firstRequestId: 0,
    keepAlive: true,
    echoesSession: true,
    sendsVersionHeader: true,
    credentials,
  })
  return Object.assign(connection, { [Symbol.asyncDispose]: () => connection.close('abandon') })
}

test('a token is found by the server’s own metadata, asked for once for all clients, and sent with every request [L4]', async () => {
  await using server = await OAuthServer.start({ lifetimeSeconds: 3600 })
  const credentials = credentialsFor(server, { scope: 'a b', audience: 'mcp' })
  await using one = connect(server.url, credentials)
  await using other = connect(server.url, credentials)
  const outcomes = await Promise.all([one, other, one].map((connection) => connection.request(echo, never)))
  expect(outcomes.every(({ ok }) => ok)).toBe(true)
  expect(await one.notify('notifications/progress', '{}', never)).toMatchObject({ ok: true })
  expect(server.presented).toEqual(Array(4).fill('Bearer token-1'))
  expect(server.tokenRequests).toHaveLength(1)
  expect(Object.fromEntries(server.tokenRequests[0]?.form ?? [])).toEqual({
    grant_type: 'client_credentials',
    resource: server.url,
    scope: 'a b',
    audience: 'mcp',
  })
  expect(server.paths.slice(0, 3)).toEqual([
    'GET /.well-known/oauth-protected-resource/mcp',
    'GET /.well-known/oauth-authorization-server',
    'POST /token',
  ])
})

test('a token endpoint that is given is asked at once', async () => {
  await using server = await OAuthServer.start()
  expect(await credentialsFor(server, { tokenUrl: `${server.origin}/token`, resource: 'urn:mine' }).obtain()).toBe('token-1')
  expect(server.paths).toEqual(['POST /token'])
  expect(server.tokenRequests[0]?.form.get('resource')).toBe('urn:mine')
})

test('a server that takes secrets in the form alone gets it there', async () => {
  await using server = await OAuthServer.start({ methods: ['client_secret_post'] })
  await credentialsFor(server).obtain()
  expect(server.tokenRequests[0]?.authorization).toBeUndefined()
  expect(server.tokenRequests[0]?.form.get('client_secret')).toBe(secret)
})

test('the metadata of the whole host serve where the endpoint has none, and the host itself where it has none either', async () => {
  await using ofHost = await OAuthServer.start({
    resourceMetadata: (origin) => ({
      '/.well-known/oauth-protected-resource': { resource: origin, authorization_servers: [origin] },
    }),
  })
  expect(await credentialsFor(ofHost).obtain()).toBe('token-1')
  await using without = await OAuthServer.start({
    resourceMetadata: () => ({ '/.well-known/oauth-authorization-server': undefined }) as unknown as Record<string, object>,
  })
  expect(await credentialsFor(without).obtain()).toBe('token-1')
  expect(without.paths.at(-1)).toBe('POST /token')
})

test.each([
  [{ resource: 'http://elsewhere.test/mcp', authorization_servers: ['http://127.0.0.1:1'] }, 'that of another resource'],
  [{ resource: 'nonsense', authorization_servers: ['http://127.0.0.1:1'] }, 'that of another resource'],
  [{ resource: 'x' }, 'names no authorization server'],
])('metadata that lead astray give no token: %j', async (document, why) => {
  await using server = await OAuthServer.start({
    resourceMetadata: () => ({ '/.well-known/oauth-protected-resource/mcp': document }),
  })
  await expect(credentialsFor(server).obtain()).rejects.toMatchObject({
    code: 'auth.unavailable',
    message: expect.stringContaining(why) as string,
  })
  expect(server.tokenRequests).toEqual([])
})

test('before a token expires the next is asked for beside the calls, which never wait for it', async () => {
  await using server = await OAuthServer.start({ lifetimeSeconds: 100 })
  const clock = new FakeClock()
  const credentials = credentialsFor(server, { clock })
  await using connection = connect(server.url, credentials, clock)
  const send = (): Promise<CallOutcome> => connection.request(echo, never)
  await send()
  await clock.advance(79_000)
  await send()
  expect(server.tokenRequests).toHaveLength(1)
  await clock.advance(2000)
  await send()
  expect(server.presented).toEqual(Array(3).fill('Bearer token-1'))
  await vi.waitFor(() => expect(credentials.usable()).toBe('token-2'))
  await send()
  expect(server.presented.at(-1)).toBe('Bearer token-2')
  expect(server.tokenRequests).toHaveLength(2)
})

test('a token that expired is not sent any more', async () => {
  await using server = await OAuthServer.start({ lifetimeSeconds: 100 })
  const clock = new FakeClock()
  const credentials = credentialsFor(server, { clock })
  await credentials.obtain()
  await clock.advance(99_000)
  expect(credentials.usable()).toBeUndefined()
  expect(await credentials.obtain()).toBe('token-2')
})

test('where the server refuses a token, all clients get one new one, and try once more', async () => {
  await using server = await OAuthServer.start({ lifetimeSeconds: 3600 })
  const clock = new FakeClock()
  const credentials = credentialsFor(server, { clock })
  await using one = connect(server.url, credentials, clock)
  await using other = connect(server.url, credentials, clock)
  await one.request(echo, never)
  await clock.advance(60_000)
  server.revokeAll()
  const outcomes = await Promise.all([one.request(echo, never), other.request(echo, never), one.request(echo, never)])
  expect(outcomes.every(({ ok }) => ok)).toBe(true)
  expect(outcomes[0].bytesSent).toBeGreaterThan(2 * JSON.stringify(echo).length)
  expect(server.tokenRequests).toHaveLength(2)
})

test('a server that refuses new tokens as well is told by its status, and the authorization server left in peace', async () => {
  await using server = await OAuthServer.start({ refuses: () => true })
  const credentials = credentialsFor(server, { clock: new FakeClock() })
  await using connection = connect(server.url, credentials)
  for (let call = 0; call < 5; call++) expect(await connection.request(echo, never)).toMatchObject({ code: 'http.401' })
  expect(server.tokenRequests).toHaveLength(1)
})

test('a client whose new token is refused keeps the outcome of its call', async () => {
  const refusal = { status: 400, body: '{"error":"unauthorized_client"}' }
  await using server = await OAuthServer.start({ fault: (request) => (request > 1 ? refusal : undefined) })
  const clock = new FakeClock()
  await using connection = connect(server.url, credentialsFor(server, { clock }), clock)
  await connection.request(echo, never)
  await clock.advance(60_000)
  server.revokeAll()
  expect(await connection.request(echo, never)).toMatchObject({ ok: false, code: 'http.401' })
  expect(await connection.request(echo, never)).toMatchObject({ ok: false, code: 'auth.refused', bytesSent: 0 })
})

test('wrong credentials are an outcome of every call, without a word of the secret, and are not tried again and again', async () => {
  await using server = await OAuthServer.start()
  const clock = new FakeClock()
  const credentials = credentialsFor(server, { clientSecret: 'hunter2', clock })
  await using connection = connect(server.url, credentials, clock)
  for (let call = 0; call < 3; call++) {
    const outcome = await connection.request(echo, never)
    expect(outcome).toMatchObject({
      ok: false,
      code: 'auth.refused',
      message: 'the authorization server refused a token: invalid_client',
      bytesSent: 0,
    })
    expect(JSON.stringify(outcome)).not.toContain('hunter2')
  }
  expect(server.tokenRequests).toHaveLength(1)
  await clock.advance(1000)
  await connection.request(echo, never)
  expect(server.tokenRequests).toHaveLength(2)
  expect(server.presented).toEqual([])
})

test.each([
  [{ status: 500, body: 'oops' }, 'auth.unavailable'],
  [{ status: 200, body: '{"token_type":"Bearer"}' }, 'auth.unavailable'],
  [{ status: 200, body: 'oops' }, 'auth.unavailable'],
  [{ status: 401, body: '' }, 'auth.unavailable'],
  [{ status: 400, body: '{"error":"invalid_scope"}' }, 'auth.refused'],
] as const)('%j instead of a token is the outcome %s', async (fault, code) => {
  await using server = await OAuthServer.start({ fault: () => fault })
  await using connection = connect(server.url, credentialsFor(server))
  expect(await connection.request(echo, never)).toMatchObject({ ok: false, code })
})

test('nobody listening, and a server that does not answer in time, give no token', async () => {
  const tokenUrl = `http://127.0.0.1:${await freePort()}/token`
  await using server = await OAuthServer.start({ fault: () => 'hang' })
  await using refused = connect(server.url, credentialsFor(server, { tokenUrl }))
  expect(await refused.request(echo, never)).toMatchObject({
    code: 'auth.unavailable',
    message: expect.stringContaining('ECONNREFUSED') as string,
  })
  const clock = new FakeClock()
  await using late = connect(server.url, credentialsFor(server, { clock }), clock)
  const call = late.request(echo, never)
  await vi.waitFor(() => expect(server.tokenRequests).toHaveLength(1))
  await clock.advance(5000)
  expect(await call).toMatchObject({ code: 'auth.unavailable', message: expect.stringContaining('within 5000 ms') as string })
  expect(clock.pendingCount).toBe(0)
})

test('a call that waits for a token ends with the run', async () => {
  await using server = await OAuthServer.start({ fault: () => 'hang' })
  const clock = new FakeClock()
  await using connection = connect(server.url, credentialsFor(server, { clock }))
  const run = new AbortController()
  const call = connection.request(echo, run.signal)
  await vi.waitFor(() => expect(server.tokenRequests).toHaveLength(1))
  run.abort()
  expect(await call).toMatchObject({ ok: false, code: 'stopped', bytesSent: 0 })
  await clock.advance(5000)
})

test.each([
  ['ec', { namedCurve: 'P-256' }, 'ES256'],
  ['rsa', { modulusLength: 2048 }, 'RS256'],
  ['ed25519', {}, 'Ed25519'],
] as const)('a client with a key of type %s signs that it is itself', async (type, options, algorithm) => {
  await using server = await OAuthServer.start()
  // The overloads of the function want one type at a time.
  const { privateKey } = generateKeyPairSync(type as 'ec', options as { namedCurve: string })
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  const credentials = new ClientCredentials({
    clock: systemClock,
    target: server.url,
    clientId: 'load',
    privateKey: pem,
    timeoutMs: 5000,
  })
  await credentials.obtain().catch(() => undefined)
  const assertion = server.tokenRequests[0]?.form.get('client_assertion') ?? ''
  const [header, payload] = assertion.split('.').map((part) => Buffer.from(part, 'base64url').toString())
  expect(header).toContain(`"alg":"${algorithm}"`)
  expect(payload).toContain('"sub":"load"')
})

test('a key that cannot sign is refused without being repeated', async () => {
  await using server = await OAuthServer.start()
  const { privateKey } = generateKeyPairSync('x25519')
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  for (const [key, why] of [
    ['no key', 'no PEM'],
    [pem, 'a key of type x25519'],
  ] as const) {
    const { clock, target, clientId, timeoutMs } = { clock: systemClock, target: server.url, clientId: 'load', timeoutMs: 5000 }
    const credentials = new ClientCredentials({ clock, target, clientId, timeoutMs, privateKey: key })
    await expect(credentials.obtain()).rejects.toMatchObject({
      code: 'auth.unavailable',
      message: expect.stringContaining(why) as string,
    })
  }
})
