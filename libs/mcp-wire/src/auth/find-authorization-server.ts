import * as oauth from 'oauth4webapi'
import { isObject } from '../rpc/message.ts'
import type { ClientCredentialsOptions } from './client-credentials.ts'
import type { AuthHttp } from './auth-http.ts'
import { TokenRefusal } from './token-refusal.ts'

/**
 * The server that gives tokens for the target: its token endpoint as written, or found by the target's own metadata.
 * Source: MCP 2025-11-25, "Authorization"; RFC 9728, section 3; RFC 8414, section 3.
 * @throws TokenRefusal where the metadata leads nowhere.
 */
export async function findAuthorizationServer(
  { target, tokenUrl }: ClientCredentialsOptions,
  http: AuthHttp,
): Promise<oauth.AuthorizationServer> {
  if (tokenUrl !== undefined) return { issuer: new URL(tokenUrl).origin, token_endpoint: tokenUrl }
  const url = new URL(target.replace(/^ws/, 'http'))
  const issuer = await findIssuer(url, http)
  return (await findMetadata(issuer, http)) ?? fallback(url)
}

/** First where the metadata of this very endpoint lies, then that of the whole host; servers before both are their own issuer. */
async function findIssuer(url: URL, http: AuthHttp): Promise<URL> {
  for (const resource of [url, new URL(url.origin)]) {
    const response = await oauth.resourceDiscoveryRequest(resource, http)
    if (response.ok) return readIssuer(await response.json(), url)
    await response.body?.cancel()
  }
  return new URL(url.origin)
}

function readIssuer(metadata: unknown, url: URL): URL {
  const { resource, authorization_servers: servers } = isObject(metadata) ? metadata : {}
  const [first] = Array.isArray(servers) ? (servers as readonly unknown[]) : []
  if (typeof first !== 'string' || !URL.canParse(first)) throw astray('the metadata of the server names no authorization server')
  // A token for another resource would be a gift to it.
  if (typeof resource !== 'string' || !covers(resource, url))
    throw astray('the metadata of the server is that of another resource')
  return new URL(first)
}

function covers(resource: string, url: URL): boolean {
  if (!URL.canParse(resource)) return false
  const { origin, pathname } = new URL(resource)
  const folder = pathname.endsWith('/') ? pathname : `${pathname}/`
  return origin === url.origin && `${url.pathname}/`.startsWith(folder)
}

async function findMetadata(issuer: URL, http: AuthHttp): Promise<oauth.AuthorizationServer | undefined> {
  for (const algorithm of ['oauth2', 'oidc'] as const) {
    const response = await oauth.discoveryRequest(issuer, { algorithm, ...http })
    if (response.ok) return await oauth.processDiscoveryResponse(issuer, response)
    await response.body?.cancel()
  }
  return undefined
}

/** Source: MCP 2025-03-26, "Authorization", fallbacks for servers without metadata discovery. */
const fallback = ({ origin }: URL): oauth.AuthorizationServer => ({ issuer: origin, token_endpoint: `${origin}/token` })

const astray = (message: string): TokenRefusal => new TokenRefusal('auth.unavailable', message)
