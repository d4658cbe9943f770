// An authorization server for tests: it publishes its metadata and keys, and signs whatever a test wants signed.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose'

export interface Issuer {
  readonly url: string
  /** Paths asked for, in order. */
  readonly asked: string[]
  /** Signs a token with the newest key. */
  sign(claims: JWTPayload, header?: { readonly kid?: string }): Promise<string>
  /** Makes a new key, and publishes it beside the old one or in its place. */
  rotate(options?: { readonly withdrawOld: boolean }): Promise<void>
  /** From now on nothing is answered but failures. */
  fail(): void
  /** All is answered again. */
  recover(): void
  close(): Promise<void>
}

interface SigningKey {
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly published: JWK
}

export async function startIssuer(): Promise<Issuer> {
  const asked: string[] = []
  let keys: SigningKey[] = [await makeKey('k1')]
  let isFailing = false
  const server = createServer((request, reply) => {
    asked.push(request.url ?? '')
    const body = isFailing ? undefined : answer(request.url)
    reply.writeHead(body === undefined ? 503 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? {}))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A server that listens on TCP has an address with a port.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tenant`

  const answer = (path: string | undefined): object | undefined => {
    if (path === '/tenant/.well-known/openid-configuration') return { issuer: url, jwks_uri: `${url}/keys` }
    return path === '/tenant/keys' ? { keys: keys.map(({ published }) => published) } : undefined
  }

  return {
    url,
    asked,
    async sign(claims, header = {}) {
      const key = keys.at(-1) ?? (await makeKey('none'))
      return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: key.kid, ...header }).sign(key.privateKey)
    },
    async rotate({ withdrawOld } = { withdrawOld: false }) {
      const next = await makeKey(`k${asked.length}-${keys.length + 1}`)
      keys = withdrawOld ? [next] : [...keys, next]
    },
    fail: () => void (isFailing = true),
    recover: () => void (isFailing = false),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function makeKey(kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256')
  return { kid, privateKey, published: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } }
}
