import { hash } from 'node:crypto'
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { FakeClock, systemClock } from '@squall/time'
import { afterEach, expect, test } from 'vitest'
import type { ApiKey } from '../../access/api-keys.ts'
import { createAccess, type AccessOptions, type HttpOptions } from '../../index.ts'
import { startIssuer } from '../../test/issuer.ts'
import {
  call,
  closeAll,
  initializeBody,
  modernHeaders,
  modernMeta,
  post,
  selectOne,
  serveHttp,
  type ServedOverHttp,
} from '../../test/http-server.ts'

afterEach(closeAll)

const secrets = { analyst: 'sk-analyst-1', looker: 'sk-looker-2', scraper: 'sk-scraper-3' }

function keyOf(name: keyof typeof secrets, scopes: ApiKey['scopes']): ApiKey {
  return { name, sha256: hash('sha256', secrets[name]), scopes }
}

const keys = [keyOf('analyst', ['query']), keyOf('looker', ['read']), keyOf('scraper', ['metrics'])]
const as = (name: keyof typeof secrets): { authorization: string } => ({ authorization: `Bearer ${secrets[name]}` })

function serveGuarded(access: Partial<AccessOptions> = {}, http: Partial<HttpOptions> = {}): Promise<ServedOverHttp> {
  const lockOut = { attempts: 3, windowMs: 60_000, durationMs: 900_000 }
  return serveHttp(selectOne, { access: createAccess({ clock: systemClock, keys, lockOut, ...access }) }, http)
}

const callBody = (name?: string, args?: object): object => call(1, name, args)

const postModern = (url: string, headers: Record<string, string> = {}): Promise<Response> =>
  post(url, call(1, 'execute_query', { query: 'SELECT 1' }, modernMeta), { ...modernHeaders(), ...headers })

test('whoever shows no key gets nothing but a challenge, in both eras and for every method', async () => {
  const { url, core } = await serveGuarded()
  const replies = [
    await post(url, callBody()),
    await postModern(url),
    await post(url, { jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    await post(url, callBody(), { 'content-type': 'application/json; charset=utf-8' }),
    await fetch(url, { headers: { accept: 'text/event-stream' } }),
    await fetch(url, { method: 'DELETE' }),
  ]
  for (const reply of replies) {
    expect([reply.status, reply.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="mcp", scope="read query"'])
    expect(await reply.json()).toMatchObject({ jsonrpc: '2.0', id: null, error: { data: { code: 'MCP_UNAUTHENTICATED' } } })
  }
  expect((await post(url, initializeBody)).status).toBe(401)
  expect(core.sessions.stats().openedTotal).toBe(0)
})

test('a key opens what its scopes allow, and is told which it lacks', async () => {
  const { url } = await serveGuarded()
  expect((await post(url, callBody(), as('analyst'))).status).toBe(200)
  expect((await post(url, callBody('list_databases', {}), as('analyst'))).status).toBe(200)
  expect((await post(url, callBody('list_databases', {}), as('looker'))).status).toBe(200)
  const charset = { 'content-type': 'application/json; charset=utf-8' }
  const asLooker = { ...as('looker'), ...charset }
  for (const reply of [
    await post(url, callBody(), as('looker')),
    await postModern(url, as('looker')),
    // Headers that leave the call to the SDK.
    await post(url, callBody(), asLooker),
    await postModern(url, asLooker),
  ]) {
    expect([reply.status, reply.headers.get('www-authenticate')]).toEqual([
      403,
      'Bearer realm="mcp", error="insufficient_scope", scope="query"',
    ])
    expect(await reply.json()).toMatchObject({ error: { data: { code: 'MCP_INSUFFICIENT_SCOPE' } } })
  }
})

test('metrics and status need their scope; health is open and says no more than that it serves', async () => {
  const { url, core } = await serveGuarded()
  const { origin } = new URL(url)
  for (const path of ['/metrics', '/status']) {
    expect((await fetch(`${origin}${path}`)).status).toBe(401)
    const refused = await fetch(`${origin}${path}`, { headers: as('analyst') })
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      403,
      'Bearer realm="mcp", error="insufficient_scope", scope="metrics"',
    ])
    expect((await fetch(`${origin}${path}`, { headers: as('scraper') })).status).toBe(200)
  }
  expect(Object.keys((await (await fetch(`${origin}/health`)).json()) as object)).toEqual([
    'status',
    'live',
    'ready',
    'timestamp',
  ])
  expect((await fetch(`${origin}/health/live`)).status).toBe(200)
  expect((await fetch(`${origin}/health/ready`)).status).toBe(200)
  expect(core.access.stats().refused.insufficient_scope).toBe(2)
})

test('who guesses is shut out, and is told for how long', async () => {
  const { url } = await serveGuarded()
  for (let guess = 0; guess < 3; guess += 1)
    expect((await post(url, callBody(), { authorization: `Bearer sk-${guess}` })).status).toBe(401)
  const reply = await post(url, callBody(), as('analyst'))
  expect([reply.status, reply.headers.get('retry-after')]).toEqual([429, '900'])
  expect(await reply.json()).toMatchObject({ error: { data: { code: 'MCP_LOCKED_OUT', retryAfterSeconds: 900 } } })
})

test('behind a proxy that is trusted, the client counts and not the proxy', async () => {
  const { url } = await serveGuarded({}, { trustedProxies: ['127.0.0.1'] })
  const through = (client: string, token: string): Promise<Response> =>
    post(url, callBody(), { 'x-forwarded-for': client, authorization: `Bearer ${token}` })
  for (let guess = 0; guess < 3; guess += 1) await through('203.0.113.9', 'sk-guess')
  expect((await through('203.0.113.9', secrets.analyst)).status).toBe(429)
  expect((await through('198.51.100.4', secrets.analyst)).status).toBe(200)
})

test('a proxy nobody trusts cannot speak for others', async () => {
  const { url } = await serveGuarded({ keys: [{ ...keyOf('analyst', ['query']), allowFrom: ['203.0.113.9'] }] })
  const reply = await post(url, callBody(), { ...as('analyst'), 'x-forwarded-for': '203.0.113.9' })
  expect(reply.status).toBe(401)
})

test('a client finds the authorization server, gets in with a token, and not with one for another server', async () => {
  const issuer = await startIssuer()
  try {
    const publicUrl = 'https://mcp.example.com/mcp'
    const oauth = { issuer: issuer.url, audience: publicUrl, publicUrl, clockToleranceSeconds: 30 }
    const { url } = await serveGuarded({ keys: [], oauth })
    const { origin } = new URL(url)
    const challenge = (await post(url, callBody())).headers.get('www-authenticate') ?? ''
    const metadataUrl = /resource_metadata="([^"]+)"/.exec(challenge)?.[1] ?? ''
    const documents = [new URL(metadataUrl).pathname, '/.well-known/oauth-protected-resource'].map(async (path) =>
      (await fetch(`${origin}${path}`)).json(),
    )
    for (const document of await Promise.all(documents))
      expect(document).toEqual({
        resource: publicUrl,
        authorization_servers: [issuer.url],
        scopes_supported: ['read', 'query', 'metrics', 'admin'],
        bearer_methods_supported: ['header'],
        resource_name: 'Test',
      })
    const exp = Math.floor(Date.now() / 1000) + 60
    const sign = (aud: string): Promise<string> => issuer.sign({ iss: issuer.url, sub: 'alice', scope: 'query', exp, aud })
    const send = async (aud: string): Promise<Response> => post(url, callBody(), { authorization: `Bearer ${await sign(aud)}` })
    expect((await send(publicUrl)).status).toBe(200)
    const foreign = await send('https://other.example.com')
    expect([foreign.status, foreign.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringContaining('error="invalid_token", error_description="The access token is not for this server."'),
    ])
  } finally {
    await issuer.close()
  }
})

test('without an authorization server there is no metadata of one', async () => {
  const { origin } = new URL((await serveGuarded()).url)
  expect((await fetch(`${origin}/.well-known/oauth-protected-resource`)).status).toBe(404)
})

test('an expired key is told so', async () => {
  const clock = new FakeClock()
  const { url } = await serveGuarded({ clock, keys: [{ ...keyOf('analyst', ['query']), expiresAtMs: clock.wallMs() }] })
  const reply = await post(url, callBody(), as('analyst'))
  expect([reply.status, await reply.json()]).toMatchObject([401, { error: { message: 'The API key has expired.' } }])
})

/** Asks as somebody who may see everything an operator may, under a name that is none of the server's. */
async function statusByAddress(url: string, path: string): Promise<number | undefined> {
  const sent = request(new URL(path, url), { headers: { host: '10.1.2.3', ...as('scraper') } }).end()
  // A request's own event says what comes with it.
  const [reply] = (await once(sent, 'response')) as [IncomingMessage]
  reply.resume()
  return reply.statusCode
}

test('probes come by whatever address the machine has; under a name that is not its own nothing else is answered', async () => {
  const { url } = await serveGuarded()
  for (const path of ['/health', '/health/live', '/health/ready']) expect(await statusByAddress(url, path)).toBe(200)
  for (const path of ['/health/detailed', '/status', '/metrics', '/mcp']) expect(await statusByAddress(url, path)).toBe(403)
  const open = await serveHttp()
  expect(await statusByAddress(open.url, '/health')).toBe(403)
})
