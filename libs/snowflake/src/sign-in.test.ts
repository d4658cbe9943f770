// Every way to sign in, as it goes over the wire from the unmodified driver.
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test, vi } from 'vitest'
import { connectSnowflake, type SignIn } from './index.ts'
import { ScriptedService } from './test/scripted-service.ts'

/** Signs in, and gives what the login request said. */
async function loginOf(signIn: SignIn, user = ''): Promise<Readonly<Record<string, unknown>>> {
  const service = new ScriptedService()
  const { accessUrl = '' } = await service.listen()
  const connection = await connectSnowflake({ account: 'LOCAL', user, accessUrl, ...signIn })
  await connection.close()
  const login = service.asked.find(({ path }) => path.includes('login-request'))
  return login?.body['data'] as Readonly<Record<string, unknown>>
}

/** An authorization server that gives out numbered tokens for client credentials. */
async function authorizationServer(): Promise<{ tokenUrl: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    void (async () => {
      let body = ''
      for await (const chunk of request) body += String(chunk)
      asked.push(body)
      const token = { access_token: `token-${asked.length}`, token_type: 'Bearer', expires_in: 60 }
      response.setHeader('content-type', 'application/json').end(JSON.stringify(token))
    })()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { tokenUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`, asked }
}

test.each(['OAUTH', 'PROGRAMMATIC_ACCESS_TOKEN'] as const)(
  '%s: the file of the token is read anew for each sign-in',
  async (authenticator) => {
    const path = join(temporaryDirectory(onTestFinished), 'token')
    writeFileSync(path, 'first\n')
    expect(await loginOf({ authenticator, token: { path } }, 'U')).toMatchObject({ AUTHENTICATOR: authenticator, TOKEN: 'first' })
    writeFileSync(path, 'second\n')
    expect(await loginOf({ authenticator, token: { path } }, 'U')).toMatchObject({ TOKEN: 'second' })
  },
)

test('a token file that is gone or empty is a failed sign-in that names the file', async () => {
  const path = join(temporaryDirectory(onTestFinished), 'token')
  const signIn = { authenticator: 'OAUTH', token: { path } } as const
  await expect(loginOf(signIn)).rejects.toMatchObject({
    code: 'SNOWFLAKE_SIGN_IN_FAILED',
    message: expect.stringContaining(path) as string,
  })
  writeFileSync(path, '\n')
  await expect(loginOf(signIn)).rejects.toMatchObject({ message: expect.stringContaining('empty') as string })
})

test('a token alone says who signs in', async () => {
  expect(await loginOf({ authenticator: 'OAUTH', token: 't' })).toMatchObject({ TOKEN: 't' })
})

test('client credentials: a new token from the authorization server for each sign-in', async () => {
  const { tokenUrl, asked } = await authorizationServer()
  const signIn = {
    authenticator: 'OAUTH_CLIENT_CREDENTIALS',
    clientId: 'mcp',
    clientSecret: 'sesame',
    tokenUrl,
    scope: 'session:role:R',
  } as const
  expect(await loginOf(signIn)).toMatchObject({ AUTHENTICATOR: 'OAUTH', TOKEN: 'token-1' })
  expect(await loginOf(signIn)).toMatchObject({ TOKEN: 'token-2' })
  const form = new URLSearchParams(asked[0])
  expect(Object.fromEntries(form)).toMatchObject({
    grant_type: 'client_credentials',
    client_id: 'mcp',
    client_secret: 'sesame',
    scope: 'session:role:R',
  })
})

test('workload identity with OIDC: the token that the cluster puts into a file', async () => {
  // The driver gives such tokens to hosts of Snowflake alone.
  vi.stubEnv('SNOWFLAKE_WIF_ALLOWED_HOST_SUFFIXES', '127.0.0.1')
  onTestFinished(() => void vi.unstubAllEnvs())
  const path = join(temporaryDirectory(onTestFinished), 'token')
  writeFileSync(path, 'ey.of.workload')
  const login = await loginOf({ authenticator: 'WORKLOAD_IDENTITY', provider: 'OIDC', token: { path } })
  expect(login).toMatchObject({ AUTHENTICATOR: 'WORKLOAD_IDENTITY', PROVIDER: 'OIDC', TOKEN: 'ey.of.workload' })
})

test('for a browser the driver asks the account itself, over TLS: nobody there is unreachable', async () => {
  const address = { accessUrl: 'https://127.0.0.1:1' }
  const signingIn = connectSnowflake({ account: 'LOCAL', user: 'U', ...address, authenticator: 'EXTERNALBROWSER' })
  await expect(signingIn).rejects.toMatchObject({ code: 'SNOWFLAKE_UNREACHABLE' })
})
